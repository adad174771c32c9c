"""An item that is used in battle is content alone: two documents make one; a mistake is found in its line."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from aether.kernel import content
from apps.combat import engine, rulebooks

PACK = Path(__file__).parents[2] / "content" / "aether"

FLASK = """\
- id: ash_flask
  kind: consumable
  icon: round-bottom-flask
  name: {en: "Ash flask", fr: "Flacon de cendre"}
  description: {en: "Throw it.", fr: "À lancer."}
  battle: {skill: ash_flask, carried_max: 4}
"""
THROW = """\
id: ash_flask
name: {en: "Ash Flask", fr: "Flacon de cendre"}
description: {en: "It burns.", fr: "Il brûle."}
icon: round-bottom-flask
ap: 3
range: {min: 1, max: 4, los: true}
target: [enemy]
ranks:
  - level: 1
    effects:
      - {type: damage, filter: enemy, element: ember, min: 6, max: 9}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample pack, with one more item."""
    pack = copytree(PACK, tmp_path / "pack")
    (pack / "items" / "flasks.yaml").write_text(FLASK)
    (pack / "skills" / "ash_flask.yaml").write_text(THROW)
    return pack


def refused(folder: Path, item: str = FLASK) -> str:
    (folder / "items" / "flasks.yaml").write_text(item)
    with pytest.raises(content.InvalidContentError) as caught:
        content.load(folder)
    return str(caught.value)


def test_another_item_needs_two_documents_and_nothing_else(folder: Path) -> None:
    rules = rulebooks.rulebook_in(content.load(folder))
    hero = engine.build_character(
        "anchorite", character_id=1, name="Ana", level=1, bonuses={}, rulebook=rules
    )
    assert engine.brought(engine.carrying(hero, {"ash_flask": 9}, rules)) == {"ash_flask": 4}


@pytest.mark.parametrize(
    ("was", "instead", "problem"),
    [
        ("skill: ash_flask", "skill: gone", "battle.skill: there is no skill 'gone'"),
        ("skill: ash_flask", "skill: brand", "battle.skill: skill 'brand' is of the class 'cindersmith'"),
        ("skill: ash_flask", "skill: nip", "battle.skill: the monster 'mud_skitter' knows the skill 'nip'"),
        ("carried_max: 4", "carried_max: 0", "Expected `int` >= 1"),
        ("carried_max: 4", "carried_max: 21", "Expected `int` <= 20"),
        ("carried_max: 4", "carried_max: 4, free: true", "unknown field `free`"),
        ("kind: consumable", "kind: resource", "only a consumable has a `battle`"),
    ],
)
def test_a_mistake_is_named_with_its_line(folder: Path, was: str, instead: str, problem: str) -> None:
    text = FLASK.replace(was, instead)
    line = 1 if "consumable" in was else 6
    assert any(
        each.startswith(f"items/flasks.yaml:{line}:") and problem in each
        for each in refused(folder, text).splitlines()
    ), refused(folder, text)


def test_two_items_cannot_share_a_skill(folder: Path) -> None:
    other = FLASK.replace("ash_flask\n  kind", "ash_vial\n  kind")
    assert "the item 'ash_flask' has the skill 'ash_flask' already" in refused(folder, FLASK + other)


def test_an_item_is_for_every_level(folder: Path) -> None:
    (folder / "skills" / "ash_flask.yaml").write_text(THROW + "unlock: 3\n")
    assert "has an `unlock`" in refused(folder)
