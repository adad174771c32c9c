"""Whatever anybody sends, the laws of battle hold: played by random players, many battles over."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import msgspec
import pytest

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine.board import distance, is_walkable

from .cast import Fight, of_type, rules
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


def check_state(battle: engine.Battle) -> None:
    living = [each for each in battle.combatants if each.is_alive]
    assert len({each.cell for each in living}) == len(living)
    for each in battle.combatants:
        assert is_walkable(battle.header.board, each.cell)
        assert 0 <= each.hp <= each.hp_max
        assert 0 <= each.ap <= 12
        assert 0 <= each.mp <= 8
        assert each.is_alive == (each.hp > 0)
        assert all(effect.value >= 0 for effect in each.effects if effect.kind == "shield")
        assert all(effect.stacks <= 3 for effect in each.effects)
    if battle.turn_owner:
        assert battle.of(battle.turn_owner).is_alive


def check_events(before: engine.Battle, after: engine.Battle, events: tuple[Any, ...]) -> None:
    assert engine.fold(before, events) == after
    for event in of_type(events, e.Damaged):
        assert 0 <= event.absorbed + event.lost <= event.amount
    battle = before
    for event in events:
        check_motion(battle, event)
        battle = engine.apply(battle, event)


def check_motion(battle: engine.Battle, event: Any) -> None:
    """Nobody passes through anybody, and a diagonal step does not squeeze between two blockers."""
    if not isinstance(event, e.Displaced | e.Moved) or getattr(event, "cause", "") == "teleport":
        return
    path = (battle.of(event.who).cell, *event.path)
    for one, other in pairwise(path):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) == 1
        assert battle.standing_on(other) is None
        assert isinstance(event, e.Displaced) or distance(one, other) == 1


@pytest.mark.parametrize("number", BATTLES)
def test_every_battle_ends_by_round_40_with_one_result_each(number: int) -> None:
    battle = played(number).battle
    assert battle.round <= 40
    assert [result.who for result in battle.results] == [each.id for each in battle.combatants]
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
def test_losses_add_up(number: int) -> None:
    fight = played(number)
    for each in fight.battle.combatants:
        if each.has_fled:
            continue
        lost = sum(event.lost for event in of_type(fight.events, e.Damaged) if event.who == each.id)
        healed = sum(event.amount for event in of_type(fight.events, e.Healed) if event.who == each.id)
        assert fight.header.builds[each.slot].hp_max - lost + healed == each.hp


@pytest.mark.parametrize("number", BATTLES)
def test_everybody_alive_has_one_turn_a_round(number: int) -> None:
    rounds: list[list[int]] = []
    for event in played(number).events:
        if isinstance(event, e.RoundStarted):
            rounds.append([])
        elif isinstance(event, e.TurnStarted | e.TombstonePassed):
            rounds[-1].append(event.who)
    timeline = list(played(number).battle.timeline)
    assert all(passed == timeline for passed in rounds[:-1])
    assert rounds == [] or rounds[-1] == timeline[: len(rounds[-1])]


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


@pytest.mark.parametrize("number", BATTLES)
def test_limits_are_never_exceeded(number: int) -> None:
    used: dict[tuple[int, str], list[int]] = {}
    turn = 0
    for event in played(number).events:
        if isinstance(event, e.TurnStarted):
            turn = event.turns
        elif isinstance(event, e.SkillCast):
            limits = rules().skills[event.skill].limits
            turns = used.setdefault((event.who, event.skill), [])
            assert not limits.per_turn or turns.count(turn) < limits.per_turn
            assert not turns or turn - turns[-1] >= limits.cooldown
            turns.append(turn)


@pytest.mark.parametrize("number", BATTLES)
def test_points_spent_are_the_costs_in_the_log(number: int) -> None:
    left: dict[int, tuple[int, int]] = {}
    for event in played(number).events:
        if isinstance(event, e.PointsChanged):
            left[event.who] = event.ap, event.mp
        elif isinstance(event, e.SkillCast):
            skill = rules().skills[event.skill]
            assert (event.ap, event.mp) == (left[event.who][0] - skill.ap, left[event.who][1] - skill.mp)
            left[event.who] = event.ap, event.mp
        elif isinstance(event, e.Moved):
            assert 0 <= event.mp <= left[event.who][1] - len(event.path)
            left[event.who] = left[event.who][0], event.mp


def test_random_play_casts_every_skill_of_the_pack() -> None:
    cast = {event.skill for number in BATTLES for event in of_type(played(number).events, e.SkillCast)}
    assert cast == set(rules().skills)
