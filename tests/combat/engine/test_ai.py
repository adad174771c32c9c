"""The AI plays by the rules, within its budget, and from what its team may know."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aether.protocol.combat_values import SkillUse
from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine.ai import EVALUATIONS_MAX, choose
from apps.combat.engine.board import board_of
from apps.combat.engine.inputs import Cast, EndTurn, Move
from apps.combat.engine.state import StreamIndex

from .cast import Fight, hero, monster, of_type, rules

MONSTERS = ("mud_skitter", "reed_stalker", "bog_lantern", "peat_hulk", "ash_gull")


def hunt(monster_id: str, *, mine: tuple[int, int], theirs: tuple[int, int], **options: object) -> Fight:
    fight = Fight(hero("anchorite", character_id=1), monster(monster_id, 3), mode="pve", **options).start()
    fight.skip_to(1)
    fight.set(0, cell=mine)
    fight.set(1, cell=theirs)
    return fight


def take_turn(fight: Fight) -> list[object]:
    """Let the AI finish the turn it has."""
    owner, events = fight.battle.turn_owner, []
    while fight.battle.turn_owner == owner and fight.battle.phase == "fighting":
        found = engine.House(rules(), fight.dice).next_input(fight.battle)
        assert found is not None
        events += fight.give(*found)
    return events


@pytest.mark.parametrize("monster_id", MONSTERS)
def test_every_monster_walks_up_and_hurts(monster_id: str) -> None:
    fight = hunt(monster_id, mine=(4, 4), theirs=(7, 4))
    assert of_type(take_turn(fight), e.Damaged)


@pytest.mark.parametrize("seed", range(6))
def test_battles_of_the_ai_against_itself_are_legal_and_end(seed: int) -> None:
    builds = [hero(name, character_id=n + 1) for n, name in enumerate(("kitewright", "cindersmith"))]
    fight = Fight(*builds, *(monster(name, 3) for name in MONSTERS[:3]), mode="pve", seed=bytes([seed]) * 32)
    fight.start()
    for slot in (0, 1):
        fight.set(slot, controller="afk")
    while fight.battle.phase == "fighting":
        choice = choose(fight.battle, fight.battle.turn_owner, rules(), fight.dice)
        assert choice.evaluations <= EVALUATIONS_MAX
        fight.do(choice.intent)
    assert fight.battle.round < 40


def test_a_human_is_never_played_by_the_ai() -> None:
    fight = Fight(hero("anchorite", character_id=1), monster("mud_skitter"), mode="pve").start()
    fight.skip_to(0)
    assert engine.House(rules(), fight.dice).next_input(fight.battle) is None


def test_the_same_situation_gives_the_same_choice() -> None:
    fight = hunt("reed_stalker", mine=(4, 4), theirs=(7, 4))
    choices = {repr(choose(fight.battle, fight.who(1).id, rules(), fight.dice)) for _ in range(5)}
    assert len(choices) == 1


def test_a_choice_never_depends_on_what_is_hidden() -> None:
    fight = hunt("reed_stalker", mine=(4, 4), theirs=(7, 4))
    chosen = choose(fight.battle, fight.who(1).id, rules(), fight.dice)
    fight.set(0, uses=(SkillUse("brace", 99, 1, 1, (), 1),))
    fight.battle = replace(fight.battle, streams=(StreamIndex("cast", 77),))
    assert choose(fight.battle, fight.who(1).id, rules(), fight.dice) == chosen


def test_thinking_leaves_the_dice_alone() -> None:
    fight = hunt("reed_stalker", mine=(4, 4), theirs=(7, 4))
    before = fight.battle
    for _ in range(3):
        choose(fight.battle, fight.who(1).id, rules(), fight.dice)
    assert fight.battle is before


def test_the_ai_walks_around_a_wall() -> None:
    board = board_of(["......", ".####.", "......", "......"])
    fight = hunt("peat_hulk", mine=(2, 0), theirs=(2, 2), board=board, placement=(((2, 0),), ((2, 2),)))
    fight.set(0, hp=500, hp_max=500)
    for _ in range(4):
        take_turn(fight)
        fight.do(EndTurn())
    assert of_type(fight.events, e.Damaged)


def test_with_no_enemy_in_reach_of_sight_it_does_not_crash() -> None:
    fight = hunt("bog_lantern", mine=(0, 0), theirs=(11, 9))
    choice = choose(fight.battle, fight.who(1).id, rules(), fight.dice)
    assert isinstance(choice.intent, EndTurn | Move | Cast)
