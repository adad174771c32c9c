"""How wounds wear and how states harden is content: other numbers play otherwise, wild ones are refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from apps.combat.engine import KINDS
from apps.combat.engine.definitions import BattleDef
from apps.combat.engine.hurting import hurt, pure
from apps.combat.engine.inputs import EndTurn
from apps.combat.engine.resolution import Resolution

from .cast import Fight, hero, rules
from .test_lasting_effects import inflict


def ruled(**said: Any) -> Fight:
    """Begin a duel of a game that goes by other rules."""
    fight = Fight(hero("anchorite", character_id=1), hero("cindersmith", character_id=2, team=1))
    document = msgspec.convert({"id": "rules", **said}, BattleDef, strict=True)
    fight.rulebook = replace(rules(), battle={"rules": document})
    fight.start()
    fight.skip_to(0)
    return fight


def maximum_after(fight: Fight, *wounds: int) -> int:
    r = Resolution(fight.battle, fight.rulebook, fight.dice)
    for wound in wounds:
        hurt(r, fight.who(0).id, pure(0, "surge", wound))
    return r.battle.combatants[0].hp_max


def test_what_is_not_said_is_as_it_always_was() -> None:
    plain = ruled()
    start = plain.who(0).hp_max
    assert maximum_after(plain, 20) == start - 2
    assert rules().rules == msgspec.convert({"id": "rules"}, BattleDef)


@pytest.mark.parametrize(("wear", "worn"), [({"pct": 50}, 10), ({"pct": 0}, 0), ({"pct": 100}, 20)])
def test_wounds_wear_as_much_as_the_content_says(wear: dict[str, int], worn: int) -> None:
    fight = ruled(wear=wear)
    assert maximum_after(fight, 20) == fight.who(0).hp_max - worn


def test_wear_ends_at_the_floor_of_the_content() -> None:
    fight = ruled(wear={"pct": 100, "floor_pct": 90})
    assert maximum_after(fight, 20) == fight.who(0).hp_max * 90 // 100


def test_tenacity_lasts_as_long_as_the_content_says() -> None:
    fight = ruled(tenacity={"turns": 2})
    inflict(fight, "stun")
    fight.do(EndTurn())
    (left,) = fight.who(1).effects
    assert (left.kind, left.until) == ("tenacity", fight.who(1).turns + 2)


def test_states_that_the_content_does_not_name_do_not_harden() -> None:
    fight = ruled(tenacity={"states": ["silence"]})
    inflict(fight, "stun")
    fight.do(EndTurn())
    assert fight.who(1).effects == ()


@pytest.mark.parametrize(
    "said",
    [
        {"wear": {"pct": 101}},
        {"wear": {"pct": -1}},
        {"wear": {"floor_pct": 0}},
        {"wear": {"floor": 3}},
        {"tenacity": {"turns": 0}},
        {"tenacity": {"turns": 6}},
        {"tenacity": {"states": ["invisible"]}},
        {"tenacity": {"states": ["stun", "stun"]}},
    ],
)
def test_wild_rules_are_refused(said: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"id": "rules", **said}, KINDS["battle"], strict=True)
