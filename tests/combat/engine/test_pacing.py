"""How hard fights are: a newcomer, dressed as the story dresses one, beats what roams near the gate."""

from __future__ import annotations

import pytest
import yaml
from msgspec.structs import replace

from apps.combat.engine.ai import choose
from apps.combat.engine.inputs import Input

from .cast import PACK, Fight, hero, monster, rules

CLASSES = ("anchorite", "cindersmith", "kitewright")
REED_HOOK = {"power_all": 10, "initiative": 10}
PLACEMENT = (((1, 4), (1, 5), (1, 6)), ((6, 3), (7, 4), (6, 6)))
FIGHTS = 25


def near_the_gate() -> list[list[tuple[str, int]]]:
    """Return the worst that each group of the shallows may be made of."""
    zone = yaml.safe_load((PACK / "zones" / "reedmoor_flats.yaml").read_text())
    shallows = next(rule for rule in zone["spawns"] if rule["id"] == "shallows")
    return [
        [(kin["monster"], kin["level"][1]) for kin in group["monsters"] for _ in range(kin["count"][1])]
        for group in shallows["groups"]
    ]


def health_left(class_id: str, monsters: list[tuple[str, int]], number: int) -> int:
    """Let a newcomer, who plays as the AI would, fight to the end; return the share of health left, in %."""
    mine = hero(class_id, character_id=1, level=1, **REED_HOOK)
    theirs = [monster(name, level) for name, level in monsters]
    fight = Fight(mine, *theirs, mode="pve", seed=bytes([number]) * 32, placement=PLACEMENT).start()
    while fight.battle.phase == "fighting":
        fight.do(_intent(fight))
    return fight.who(0).hp * 100 // fight.who(0).hp_max


def _intent(fight: Fight) -> Input:
    owner = fight.battle.of(fight.battle.turn_owner)
    automatic = replace(owner, controller="ai" if owner.slot else "afk")
    others = fight.battle.combatants
    known = replace(fight.battle, combatants=(*others[: owner.slot], automatic, *others[owner.slot + 1 :]))
    return choose(known, owner.id, rules(), fight.dice).intent


@pytest.mark.parametrize("class_id", CLASSES)
def test_one_against_one_of_its_own_level_leaves_most_of_a_newcomers_health(class_id: str) -> None:
    left = [health_left(class_id, [("mud_skitter", 1)], number) for number in range(FIGHTS)]
    assert min(left) >= 56, left


@pytest.mark.parametrize("class_id", CLASSES)
@pytest.mark.parametrize("monsters", near_the_gate(), ids=lambda group: "+".join(f"{m}{n}" for m, n in group))
def test_a_newcomer_beats_the_worst_that_roams_near_the_gate(
    class_id: str, monsters: list[tuple[str, int]]
) -> None:
    left = [health_left(class_id, monsters, number) for number in range(FIGHTS)]
    assert sum(health > 0 for health in left) >= FIGHTS - 1, left


def test_what_is_far_too_strong_beats_a_newcomer() -> None:
    """The measure measures."""
    assert health_left("anchorite", [("peat_hulk", 6), ("peat_hulk", 6)], 1) == 0
