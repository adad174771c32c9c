"""Whatever anybody sends, the laws of battle hold: played by random players, many battles over."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import msgspec
import pytest

from apps.combat import engine
from apps.combat.engine import events as e

from .cast import Fight, of_type, rules
from .laws import check_costs, check_events, check_limits, check_losses, check_state, check_turns
from .projection import project
from .random_play import random_fight, some_intent

BATTLES = range(24)
_played: dict[int, Fight] = {}


def played(number: int) -> Fight:
    """Play a battle to its end, checking the state after every input; remember it for other tests."""
    if number in _played:
        return _played[number]
    fight, chance = random_fight(number), Random(number)
    while fight.battle.phase != "ended":
        before = fight.battle
        try:
            events = fight.give(*some_intent(fight, chance))
        except engine.Refusal:
            assert fight.battle is before
            continue
        check_events(before, fight.battle, events)
        check_state(fight.battle)
    _played[number] = fight
    return fight


@pytest.mark.parametrize("number", BATTLES)
def test_every_battle_ends_by_round_40_with_one_result_each(number: int) -> None:
    battle = played(number).battle
    assert battle.round <= 40
    assert [result.who for result in battle.results] == [build.id for build in battle.header.builds]
    assert battle.end_reason != "engine_fault"


@pytest.mark.parametrize("number", BATTLES)
def test_a_replay_gives_the_same_events_and_hashes(number: int) -> None:
    fight = played(number)
    log = msgspec.json.decode(msgspec.json.encode(fight.log), type=list[engine.LoggedInput])
    header = msgspec.json.decode(msgspec.json.encode(fight.header), type=engine.Header)
    again = engine.replay(header, log, rules(), fight.seed)
    assert again.events == tuple(fight.events)
    assert engine.turn_hashes(again.events) == engine.turn_hashes(fight.events)
    assert engine.state_hash(again.battle) == engine.state_hash(fight.battle)


@pytest.mark.parametrize("number", [0, 1])
def test_a_battle_goes_on_the_same_after_being_stored_at_any_point(number: int) -> None:
    fight = played(number)
    battle, dice = engine.reopen(fight.header, rules()), engine.Dice(fight.seed)
    for logged in fight.log:
        battle = msgspec.json.decode(msgspec.json.encode(battle), type=engine.Battle)
        battle = engine.step(battle, logged.actor, logged.input, rules(), dice).battle
    assert battle == fight.battle


@pytest.mark.parametrize("number", BATTLES)
def test_receipts_prove_themselves_and_follow_one_another(number: int) -> None:
    from aether.kernel import rng
    from apps.combat.engine.dice import key_of

    fight = played(number)
    key = key_of(fight.battle, fight.seed)
    expected: dict[str, int] = {}
    for roll in of_type(fight.events, e.Rolled):
        assert roll.index == expected.get(roll.stream, 0)
        expected[roll.stream] = roll.next_index
        receipt = rng.Roll(roll.stream, roll.index, roll.n, roll.value, roll.next_index)
        assert rng.is_true_to(receipt, key)
    assert {known.stream: known.index for known in fight.battle.streams} == expected


@pytest.mark.parametrize("number", BATTLES)
@pytest.mark.parametrize("law", [check_losses, check_turns, check_limits, check_costs])
def test_the_log_of_a_battle_keeps_the_law(number: int, law: Callable[[Fight], None]) -> None:
    fight = played(number)
    law(fight)
    assert fight.battle.phase == "ended"


@pytest.mark.parametrize("number", BATTLES)
@pytest.mark.parametrize("audience", ["team:0", "team:1", "spectator", "omniscient"])
def test_a_snapshot_and_the_events_after_it_give_the_next_snapshot(number: int, audience: str) -> None:
    fight = played(number)
    battle, dice = engine.reopen(fight.header, rules()), engine.Dice(fight.seed)
    shown = engine.view(battle, engine.Audience(audience))
    for logged in fight.log:
        battle, events = engine.step(battle, logged.actor, logged.input, rules(), dice)
        for event in engine.view_events(events, battle, engine.Audience(audience)):
            shown = project(shown, event)
        assert shown == engine.view(battle, engine.Audience(audience))
