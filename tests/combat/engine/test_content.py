"""The sample pack is sound, and unsound content is refused with the place and the reason."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from aether.kernel.content.reading import read_document
from apps.combat import engine
from apps.combat.engine.definitions import KINDS, SkillDef

from .cast import PACK, pack


def document(skill_id: str = "crosswind") -> dict[str, Any]:
    path = PACK / "skills" / f"{skill_id}.yaml"
    found: dict[str, Any] = read_document(path, path.name).value
    return found


def problems_of(changed: dict[str, Any]) -> list[engine.Problem]:
    skill = msgspec.convert(changed, SkillDef, strict=True)
    return engine.validate(replace(pack(), skills={**pack().skills, skill.id: skill}))


def test_the_sample_pack_is_sound() -> None:
    assert engine.validate(pack()) == []


def test_the_sample_pack_has_five_classes_of_eight_skills_and_fifteen_monsters() -> None:
    skills = {class_id: len(each.skills) for class_id, each in pack().classes.items()}
    assert skills == dict.fromkeys(("anchorite", "cindersmith", "hollowpiper", "kitewright", "lampwarden"), 8)
    paying = [each for each in pack().monsters.values() if each.loot is not None]
    assert len(paying) == 15
    assert len(pack().monsters) == 17


def test_an_unknown_effect_is_an_error_of_the_content() -> None:
    changed = document()
    changed["ranks"][0]["effects"][0]["type"] = "charm"
    with pytest.raises(msgspec.ValidationError, match=r"Invalid value 'charm' - at `\$\.ranks\[0\]"):
        msgspec.convert(changed, SkillDef, strict=True)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_unknown_field_is_an_error_of_the_content(kind: str) -> None:
    file = sorted((PACK / kind).glob("*.yaml"))[0]
    with pytest.raises(msgspec.ValidationError, match="unknown field `surprise`"):
        msgspec.convert({**read_document(file, file.name).value, "surprise": 1}, KINDS[kind], strict=True)


@pytest.mark.parametrize(
    ("path", "value", "keys"),
    [
        (("range", "axis"), False, ("range", "axis")),
        (("range", "min"), 0, ("range", "min")),
        (("range", "max"), 1, ("range",)),
        (("class",), "nobody", ("class",)),
        (("ap",), 0, ("limits",)),
        (("ranks", 0, "level"), 2, ("ranks", 0, "level")),
        (("ranks", 1, "level"), 1, ("ranks", 1, "level")),
        (("ranks", 0, "effects", 0, "min"), 99, ("ranks", 0, "effects", 0)),
        (("ranks", 0, "effects", 0, "crit"), [1, 2], ("ranks", 0, "effects", 0, "crit")),
        (("ranks", 0, "effects", 0, "crit"), [20, 14], ("ranks", 0, "effects", 0, "crit")),
        (
            ("ranks", 0, "effects", 0),
            {"type": "mod", "stat": "charm", "delta": 1, "duration": 1},
            ("ranks", 0, "effects", 0, "stat"),
        ),
        (("ranks", 0, "effects", 0), {"type": "teleport"}, ("ranks", 0, "effects", 0)),
    ],
)
def test_what_makes_no_sense_is_named_and_located(
    path: tuple[Any, ...], value: Any, keys: tuple[Any, ...]
) -> None:
    changed = document()
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    found = problems_of(changed)
    assert all(each.path and each.message for each in found)
    assert ("skills", "crosswind", keys) in [(each.kind, each.id, each.keys) for each in found]


def test_broken_references_of_classes_and_monsters_are_found() -> None:
    hulk = pack().monsters["peat_hulk"]
    anchorite = pack().classes["anchorite"]
    broken = replace(
        pack(),
        monsters={
            "peat_hulk": replace(hulk, skills=("gone",), ai=replace(hulk.ai, profile="gone"), level=(5, 4))
        },
        classes={**pack().classes, "anchorite": replace(anchorite, skills=("brand", "gone"))},
    )
    found = {(each.kind, each.keys) for each in engine.validate(broken)}
    assert found >= {
        ("monsters", ("skills", 0)),
        ("monsters", ("ai", "profile")),
        ("monsters", ("level",)),
        ("classes", ("skills", 0)),
        ("classes", ("skills", 1)),
    }
