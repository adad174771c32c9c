"""Invariant 55: two battles that differ only in what an audience may not see look the same to it.

Every byte that the audience is sent counts: events, snapshots, refusals, and how many there are.
"""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine.ai import choose
from apps.combat.engine.board import neighbours
from apps.combat.engine.inputs import Cast, EndTurn, Input, Move
from apps.combat.engine.refusals import Taunted

from .cast import Fight, hero, of_type
from .lab import ALLY, BEYOND, DAMAGE, MINE, THEIRS, lab

WATCHERS = (engine.Audience("team:1"), engine.SPECTATOR)
REVEALING = (e.Glimpsed, e.Appeared, e.FieldFired, e.FieldRevealed)
HARM = {**DAMAGE, "filter": "enemy"}
FADE = {"type": "state", "filter": "self", "state": "invisible", "duration": 20}
SNARE = {"type": "trap", "effects": [{"type": "drain", "filter": "enemy", "pool": "mp", "n": 2}], "max": 3}


class Told:
    """A battle as its watchers are told of it, byte by byte."""

    def __init__(self) -> None:
        self.fight = Fight(
            hero("kitewright", character_id=1, level=9),
            hero("anchorite", character_id=2, level=9),
            hero("cindersmith", character_id=11, team=1, level=9),
            hero("lampwarden", character_id=12, team=1, level=9),
        ).start()
        self.fight.skip_to(0)
        for slot, cell in enumerate((MINE, ALLY, THEIRS, BEYOND)):
            self.fight.set(slot, cell=cell)
        self.fight.teach(0, FADE, id="fade", breaks_invisibility=False)
        self.fight.teach(0, SNARE, id="snare", covert=True, breaks_invisibility=False, target=["free_cell"])
        self.is_revealed = False
        self.give(Cast("fade", MINE))

    def give(self, intent: Input) -> tuple[bytes, ...]:
        """Return what each watcher receives: the refusal, or the events and the snapshot after them."""
        try:
            events = self.fight.do(intent)
        except engine.Refusal as refusal:
            is_own = self.fight.battle.of(self.fight.battle.turn_owner).team == 0
            return () if is_own else (refusal.code.encode(),)
        self.is_revealed = self.is_revealed or any(map(is_revealing, events))
        battle = self.fight.battle
        return tuple(
            msgspec.json.encode([engine.view_events(events, battle, each), engine.view(battle, each)])
            for each in WATCHERS
        )


def is_revealing(event: Any) -> bool:
    is_felt = isinstance(event, e.Moved) and event.stopped == "obstructed"
    is_felt = is_felt or (isinstance(event, e.EffectResisted) and event.what in ("teleport", "summon"))
    return is_felt or isinstance(event, REVEALING)


def a_walk(fight: Fight, chance: Random) -> Move:
    """Return some walk of at most two steps, on free ground or not."""
    path, here = [], fight.battle.of(fight.battle.turn_owner).cell
    for _ in range(chance.randint(1, 2)):
        here = chance.choice(list(neighbours(here)))
        path.append(here)
    return Move(tuple(path))


def secretly(told: Told, chance: Random) -> None:
    """Let who is unseen do what others must not learn of: walk somewhere, lay a snare somewhere."""
    if not told.fight.battle.combatants[0].is_hidden:
        return
    for _ in range(2):
        assert all(
            b'"moved"' not in sent.split(b'"battle_id"')[0] for sent in told.give(a_walk(told.fight, chance))
        )


def openly(told: Told) -> Input:
    """Return what a player of the other side does; it may depend on what that side knows only."""
    fight = told.fight
    return choose(fight.battle, fight.battle.turn_owner, fight.rulebook, fight.dice).intent


@settings(max_examples=25, deadline=None)
@given(secrets=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)))
def test_where_somebody_unseen_walks_changes_no_byte_for_the_others(secrets: tuple[int, int]) -> None:
    one, other = Told(), Told()
    chances = [Random(secret) for secret in secrets]
    for _ in range(40):
        if one.fight.battle.phase == "ended" or one.is_revealed or other.is_revealed:
            return
        assert one.fight.battle.turn_owner == other.fight.battle.turn_owner
        owner = one.fight.battle.of(one.fight.battle.turn_owner)
        if owner.slot == 0:
            for told, chance in zip((one, other), chances, strict=True):
                secretly(told, chance)
            intents: list[Input] = [EndTurn(), EndTurn()]
        elif owner.team == 0:
            intents = [EndTurn(), EndTurn()]
        else:
            intents = [openly(one), openly(other)]
            assert intents[0] == intents[1]
        sent = [told.give(intent) for told, intent in zip((one, other), intents, strict=True)]
        if not (one.is_revealed or other.is_revealed):
            assert sent[0] == sent[1]


@settings(max_examples=25, deadline=None)
@given(cells=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 9)), min_size=2, max_size=2))
def test_where_a_trap_lies_changes_no_byte_for_the_others(cells: list[tuple[int, int]]) -> None:
    tolds = [Told(), Told()]
    laid = [told.give(Cast("snare", cell)) for told, cell in zip(tolds, cells, strict=True)]
    if not all(laid):
        return
    assert laid[0] == laid[1]
    for _ in range(20):
        if any(told.is_revealed or told.fight.battle.phase == "ended" for told in tolds):
            return
        owner = tolds[0].fight.battle.of(tolds[0].fight.battle.turn_owner)
        intents = [EndTurn() if owner.team == 0 else openly(told) for told in tolds]
        assert intents[0] == intents[1]
        sent = [told.give(intent) for told, intent in zip(tolds, intents, strict=True)]
        if not any(told.is_revealed for told in tolds):
            assert sent[0] == sent[1]


def test_nothing_hidden_is_in_any_message_to_others() -> None:
    """Invariant 56: no field that is not for them, whatever the event."""
    told = Told()
    battle = told.fight.battle
    for audience in WATCHERS:
        shown = engine.view(battle, audience)
        for each in shown.combatants:
            if each.team == 0 or audience == engine.SPECTATOR:
                assert each.skills == ()
                assert each.uses == ()
                assert each.began_at is None
        events = engine.view_events(told.fight.events, battle, audience)
        assert not [event for event in events if isinstance(event, e.Rolled)]
        assert all(event.state_hash == "" for event in events if isinstance(event, e.TurnEnded))
        assert all(event.seed == "" for event in events if isinstance(event, e.Readied))


def taunted(unseen_at: tuple[int, int], skill: dict[str, Any]) -> bool:
    """Tell whether a taunted caster may cast at (9, 8) while somebody unseen stands somewhere."""
    fight = lab(FADE, id="fade")
    fight.do(Cast("fade", MINE))
    fight.set(0, cell=unseen_at)
    fight.skip_to(1)
    fight.teach(1, {"type": "state", "filter": "enemy", "state": "taunt", "duration": 2})
    fight.do(Cast("trick", THEIRS))
    fight.skip_to(2)
    fight.teach(2, skill, shape={"type": "circle", "n": 1})
    try:
        fight.do(Cast("trick", (9, 8)))
    except Taunted:
        return False
    return True


def test_whom_a_taunt_lets_one_aim_at_does_not_tell_where_the_unseen_are() -> None:
    assert taunted((9, 8), HARM)
    assert taunted((1, 1), HARM)


def test_a_taunt_does_not_refuse_what_is_not_for_enemies() -> None:
    mend = {"type": "heal", "filter": "ally", "min": 5, "max": 5}
    fight = lab({"type": "state", "filter": "enemy", "state": "taunt", "duration": 2})
    fight.do(Cast("trick", THEIRS))
    fight.skip_to(2)
    fight.set(1, cell=(9, 4))
    wide = {"shape": {"type": "circle", "n": 1}}
    fight.teach(2, HARM, **wide)
    with pytest.raises(Taunted):
        fight.do(Cast("trick", BEYOND))
    fight.teach(2, {"type": "random_of", "options": [{"w": 1, "effects": [mend]}] * 2}, **wide)
    assert of_type(fight.do(Cast("trick", BEYOND)), e.Healed)


def swapped(unseen_at: tuple[int, int], other: int = 2) -> tuple[Fight, list[list[e.Event]]]:
    """Let somebody unseen change places with another; return what each watcher is told of it."""
    fight = lab(FADE, id="fade", breaks_invisibility=False)
    fight.do(Cast("fade", MINE))
    fight.set(0, cell=unseen_at)
    swap = {"type": "swap", "filter": "any"}
    wide = {"range": {"min": 1, "max": 20, "los": False}, "target": ["any"]}
    fight.teach(0, swap, id="change", covert=True, breaks_invisibility=False, **wide)
    if other == 1:
        fight.set(1, is_hidden=True, seen_at=ALLY)
    events = fight.do(Cast("change", fight.battle.combatants[other].cell))
    return fight, [engine.view_events(events, fight.battle, each) for each in WATCHERS]


@pytest.mark.parametrize("unseen_at", [(1, 1), (3, 9)])
def test_who_swaps_with_somebody_seen_is_shown_there_and_only_there(unseen_at: tuple[int, int]) -> None:
    fight, told = swapped(unseen_at)
    unseen = fight.battle.combatants[0]
    for events, audience in zip(told, WATCHERS, strict=True):
        assert [each.cell for each in events if isinstance(each, e.Glimpsed)] == [THEIRS]
        assert [each.who for each in events if isinstance(each, e.Displaced)] != [unseen.id]
        shown = engine.view(fight.battle, audience).combatants[0]
        assert (shown.is_hidden, shown.cell) == (True, THEIRS)


def test_a_swap_of_two_who_are_unseen_changes_no_byte_for_the_others() -> None:
    tolds = [swapped(unseen_at, other=1)[1] for unseen_at in ((1, 1), (3, 9))]
    assert msgspec.json.encode(tolds[0]) == msgspec.json.encode(tolds[1])
