"""Items in battle: what was brought is cast like a skill, so often and no more; others do not know of it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine.ai import choose
from apps.combat.engine.inputs import Cast, Disconnect, EndTurn, Join, TurnTimeout
from apps.combat.engine.outline import header_problems
from apps.combat.engine.refusals import (
    NoLineOfSight,
    NoneLeft,
    NotEnoughAp,
    OutOfRange,
    Silenced,
    UnknownSkill,
)

from .cast import Fight, hero, monster, of_type, pack, rules, supplied
from .lab import ALLY, BEYOND, MINE, THEIRS

BURN = {"type": "dot", "filter": "enemy", "element": "ember", "amount": [1, 1], "duration": 9}
FADE = {"type": "state", "filter": "self", "state": "invisible", "duration": 20}
WATCHERS = (engine.Audience("team:1"), engine.SPECTATOR)


def duel(mine: int = 99, theirs: int = 99, **options: Any) -> Fight:
    """Two against two; the first brings what it may, and has the turn."""
    fight = Fight(
        supplied(hero("anchorite", character_id=1), mine),
        hero("kitewright", character_id=2),
        supplied(hero("anchorite", character_id=11, team=1), theirs),
        hero("kitewright", character_id=12, team=1),
        **options,
    ).start()
    fight.skip_to(0)
    for slot, cell in enumerate((MINE, ALLY, THEIRS, BEYOND)):
        fight.set(slot, cell=cell, began_at=cell)
    return fight


def next_turn(fight: Fight) -> None:
    fight.do(EndTurn())
    fight.skip_to(0)


def used(fight: Fight, slot: int = 0) -> dict[str, int]:
    return engine.used_up(fight.battle, fight.who(slot))


def test_of_what_is_held_so_many_come_along_as_one_may_carry() -> None:
    plain = hero("anchorite", character_id=1)
    build = engine.carrying(plain, {"chalk_bomb": 7, "ember_salve": 1, "reed_fibre": 9}, rules())
    assert engine.brought(build) == {"chalk_bomb": 3, "ember_salve": 1}
    assert build.skills[: len(plain.skills)] == plain.skills
    assert engine.carrying(plain, {"chalk_bomb": 0}, rules()) == plain


def test_a_chalk_bomb_costs_its_points_and_shows_who_hides() -> None:
    fight = duel()
    fight.teach(2, FADE)
    fight.skip_to(2)
    fight.do(Cast("trick", THEIRS))
    fight.skip_to(0)
    hidden, ap = fight.who(2).is_hidden, fight.who(0).ap
    events = fight.do(Cast("chalk_bomb", (6, 5)))
    assert (hidden, fight.who(2).is_hidden) == (True, False)
    assert fight.who(0).ap == ap - 2
    assert used(fight) == {"chalk_bomb": 1}
    assert of_type(events, e.SkillCast)


def test_a_salve_ends_what_burns() -> None:
    fight = duel()
    fight.teach(2, BURN)
    fight.skip_to(2)
    fight.do(Cast("trick", MINE))
    fight.skip_to(0)
    fight.do(Cast("ember_salve", MINE))
    assert [each.kind for each in fight.who(0).effects] == []


def test_what_is_used_up_is_refused_and_changes_nothing() -> None:
    fight = duel(mine=2)
    for _ in range(2):
        fight.do(Cast("chalk_bomb", MINE))
    before, hashed = fight.battle, engine.state_hash(fight.battle)
    with pytest.raises(NoneLeft) as refused:
        fight.do(Cast("chalk_bomb", MINE))
    assert refused.value.code == "combat.none_left"
    assert fight.battle is before
    assert engine.state_hash(fight.battle) == hashed
    next_turn(fight)
    with pytest.raises(NoneLeft):
        fight.do(Cast("chalk_bomb", MINE))


def test_what_was_used_is_in_the_hash_of_the_state() -> None:
    fight = duel()
    fight.do(Cast("chalk_bomb", MINE))
    uses = fight.who(0).uses
    once = engine.state_hash(fight.battle)
    fight.set(0, uses=tuple(replace(use, fight_uses=use.fight_uses + 1) for use in uses))
    assert engine.state_hash(fight.battle) != once


def test_who_brought_none_does_not_know_how() -> None:
    fight = duel(mine=0)
    with pytest.raises(UnknownSkill):
        fight.do(Cast("chalk_bomb", MINE))


@pytest.mark.parametrize(
    ("cell", "changes", "refusal"),
    [
        ((11, 9), {}, OutOfRange),
        (MINE, {"ap": 1}, NotEnoughAp),
        ((6, 2), {"cell": (6, 4)}, NoLineOfSight),
    ],
)
def test_an_item_is_bound_by_what_binds_a_skill(
    cell: tuple[int, int], changes: dict[str, Any], refusal: type[engine.Refusal]
) -> None:
    fight = duel()
    fight.set(2, cell=(9, 9))
    fight.set(0, **changes)
    with pytest.raises(refusal):
        fight.do(Cast("chalk_bomb", cell))
    assert used(fight) == {}


def test_who_is_silenced_uses_no_items() -> None:
    fight = duel()
    fight.teach(2, {"type": "state", "filter": "enemy", "state": "silence", "duration": 2})
    fight.skip_to(2)
    fight.do(Cast("trick", MINE))
    fight.skip_to(0)
    with pytest.raises(Silenced):
        fight.do(Cast("chalk_bomb", MINE))


def test_the_house_uses_no_items_for_who_is_away() -> None:
    fight = duel(mine=0)
    fight.set(0, controller="afk", mp=0)
    fight.teach(0, {"type": "damage", "element": "ember", "min": 99, "max": 99, "filter": "enemy"})
    as_skill = choose(fight.battle, fight.who(0).id, fight.rulebook, fight.dice).intent
    *known, taught = fight.battle.builds[0].skills
    fight.rebuild(0, skills=(*known, replace(taught, item="grenade", uses=1)))
    as_item = choose(fight.battle, fight.who(0).id, fight.rulebook, fight.dice).intent
    assert isinstance(as_skill, Cast)
    assert as_skill.skill == "trick"
    assert not (isinstance(as_item, Cast) and as_item.skill == "trick")


def test_absent_players_keep_their_items_to_the_end() -> None:
    fight = duel()
    for slot in range(4):
        fight.give(engine.SYSTEM, Disconnect(fight.who(slot).id))
    while fight.battle.phase != "ended":
        automatic = engine.House(fight.rulebook, fight.dice).next_input(fight.battle)
        fight.give(*(automatic or (engine.SYSTEM, TurnTimeout())))
    assert (used(fight, 0), used(fight, 2)) == ({}, {})


def test_monsters_and_summons_bring_nothing() -> None:
    assert engine.brought(monster("mud_skitter")) == {}
    fight = Fight(supplied(hero("hollowpiper", character_id=1)), monster("mud_skitter"), mode="pve").start()
    fight.skip_to(0)
    x, y = fight.who(0).cell
    fight.do(Cast("call_driftling", (x + 1, y)))
    assert engine.brought(fight.battle.builds[-1]) == {}


def test_a_broken_off_battle_takes_nothing() -> None:
    fight = duel()
    fight.do(Cast("chalk_bomb", MINE))
    for reason in ("engine_fault", "staff"):
        ended = replace(fight.battle, phase="ended", end_reason=reason)
        assert engine.used_up(ended, fight.who(0)) == {}
    assert used(fight) == {"chalk_bomb": 1}


def test_who_joins_brings_its_items_and_shows_them_to_its_own_side_alone() -> None:
    fight = Fight(hero("anchorite", character_id=1), monster("mud_skitter"), mode="pve")
    events = fight.give(engine.SYSTEM, Join(supplied(hero("kitewright", character_id=2))))
    assert engine.brought(fight.battle.builds[-1]) == {"chalk_bomb": 3, "ember_salve": 2}
    (seen,) = engine.view_events(events, fight.battle, engine.Audience("team:0"))
    (unseen,) = engine.view_events(events, fight.battle, engine.SPECTATOR)
    assert any(slot.item for slot in seen.combatant.skills)  # type: ignore[union-attr]
    assert unseen.combatant.skills == ()  # type: ignore[union-attr]


def told(fight: Fight, events: Any) -> list[bytes]:
    return [
        msgspec.json.encode([engine.view_events(events, fight.battle, each), engine.view(fight.battle, each)])
        for each in WATCHERS
    ]


@settings(max_examples=20, deadline=None)
@given(mine=st.integers(0, 4), other=st.integers(0, 4))
def test_what_others_bring_changes_no_byte_before_it_is_used(mine: int, other: int) -> None:
    fights = [duel(mine=number) for number in (mine, other)]
    assert told(fights[0], fights[0].events) == told(fights[1], fights[1].events)
    for _ in range(24):
        owner = fights[0].battle.of(fights[0].battle.turn_owner)
        intents = [choose(each.battle, owner.id, each.rulebook, each.dice).intent for each in fights]
        assert intents[0] == intents[1]
        events = [each.do(intent) for each, intent in zip(fights, intents, strict=True)]
        assert told(fights[0], events[0]) == told(fights[1], events[1])
        if fights[0].battle.phase == "ended":
            return


def test_what_is_left_after_a_use_stays_unknown_to_the_others() -> None:
    fights = [duel(mine=number) for number in (1, 3)]
    events = [each.do(Cast("chalk_bomb", MINE)) for each in fights]
    assert told(fights[0], events[0]) == told(fights[1], events[1])


def test_a_battle_with_items_is_replayed_to_the_same_hash() -> None:
    fight = Fight(
        supplied(hero("anchorite", character_id=1)),
        supplied(hero("kitewright", character_id=11, team=1)),
    ).start()
    while fight.battle.phase != "ended":
        owner = fight.battle.of(fight.battle.turn_owner)
        if not used(fight, owner.slot):
            fight.do(Cast("chalk_bomb", owner.cell))
        fight.do(EndTurn())
    again = engine.replay(fight.header, fight.log, rules(), fight.seed)
    assert engine.state_hash(again.battle) == engine.state_hash(fight.battle)
    assert used(fight, 0) == used(fight, 1) == {"chalk_bomb": 1}


@pytest.mark.parametrize("change", [{"uses": 0}, {"uses": 21}, {"uses": -1}, {"item": ""}, {"item": "gone"}])
def test_a_file_cannot_say_that_somebody_brought_what_cannot_be(change: dict[str, Any]) -> None:
    header = duel().header
    assert list(header_problems(header, rules())) == []
    build = header.builds[0]
    *known, last = build.skills
    changed = replace(build, skills=(*known, replace(last, **change)))
    assert list(header_problems(replace(header, builds=(changed, *header.builds[1:])), rules()))


@pytest.mark.parametrize(
    ("skill", "message"),
    [
        ("gone", "there is no skill 'gone'"),
        ("brand", "skill 'brand' is of the class 'cindersmith'"),
        ("nip", "the monster 'mud_skitter' knows the skill 'nip'"),
        ("chalk_bomb", "the item 'chalk_bomb' has the skill 'chalk_bomb' already"),
    ],
)
def test_the_skill_of_an_item_is_its_own(skill: str, message: str) -> None:
    items = {**pack().items, "tonic": engine.CarriedDef(skill=skill, carried_max=1)}
    found = engine.validate(replace(pack(), items=items))
    assert engine.Problem("items", "tonic", ("battle", "skill"), message) in found
