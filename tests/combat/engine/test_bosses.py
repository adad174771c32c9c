"""Monsters with rules of their own, and how the profiles of the AI differ."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aether.protocol.combat_values import SkillUse
from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.ai import EVALUATIONS_MAX, choose
from apps.combat.engine.board import distance
from apps.combat.engine.inputs import Cast, Follow, Input, Move

from .cast import Fight, hero, monster, of_type


def oru() -> Fight:
    party = [hero("anchorite", character_id=number, level=20) for number in (1, 2, 3)]
    fight = Fight(*party, monster("warden_engine_oru", 20), mode="pve").start()
    fight.skip_to(3)
    fight.set(3, cell=(6, 5), ap=8)
    return fight


def decided(fight: Fight) -> Input:
    found = engine.House(fight.rulebook, fight.dice).next_input(fight.battle)
    assert found is not None
    return found[1]


def test_oru_wakes_at_six_tenths_says_so_and_raises_walls_once() -> None:
    fight = oru()
    fight.set(3, hp=fight.who(3).hp_max * 59 // 100)
    intent = decided(fight)
    assert isinstance(intent, Follow)
    events = fight.do(intent)
    assert [event.line for event in of_type(events, e.Said)] == ["wake"]
    assert fight.who(3).phase == 2
    assert {fight.battle.build(each).kind for each in fight.battle.combatants[4:]} == {"object"}
    assert decided(fight) != intent


def test_oru_lets_go_at_a_quarter() -> None:
    fight = oru()
    fight.set(3, hp=fight.who(3).hp_max * 24 // 100)
    fight.do(decided(fight))
    before = fight.who(3).mp
    fight.do(decided(fight))
    assert fight.who(3).phase == 3
    assert fight.who(3).mp == before + 2
    fight.skip_to(0)
    while fight.battle.turn_owner != fight.who(3).id:
        fight.skip_to(3)
    assert fight.who(3).mp == 5


def test_nobody_else_may_follow_a_rule_and_none_that_does_not_hold() -> None:
    fight = oru()
    with pytest.raises(refusals.NotAllowed):
        fight.do(Follow(0, (0, 0)))
    with pytest.raises(refusals.NotAllowed):
        fight.do(Follow(99, (0, 0)))
    fight.skip_to(0)
    with pytest.raises(refusals.NotAllowed):
        fight.do(Follow(0, (0, 0)))


def test_reserved_skills_are_left_to_the_rules() -> None:
    fight = oru()
    for _ in range(8):
        intent = decided(fight)
        if isinstance(intent, Cast):
            assert intent.skill not in ("raise_lattice", "loosen_brakes", "drop_weight")
        fight.do(intent)
        if fight.battle.turn_owner != fight.who(3).id:
            break


def test_luck_is_asked_once_a_turn() -> None:
    fight = oru()
    fight.battle = replace(fight.battle, round=5)
    rule = fight.rulebook.monsters["warden_engine_oru"].ai.rules[2]
    assert rule.chance_bp < 10_000
    assert len({repr(decided(fight)) for _ in range(5)}) == 1


def test_a_row_is_not_aimed_at_whom_its_skill_may_not_meet_again_this_turn() -> None:
    fight = oru()
    skill = fight.rulebook.skills["drop_weight"]
    often = replace(skill, limits=replace(skill.limits, per_target=1, per_turn=0, cooldown=0))
    definition = fight.rulebook.monsters["warden_engine_oru"]
    row = replace(definition.ai.rules[2], chance_bp=10_000)
    rules = replace(definition, ai=replace(definition.ai, rules=(row,)))
    fight.rulebook = replace(
        fight.rulebook,
        skills={**fight.rulebook.skills, often.id: often},
        monsters={**fight.rulebook.monsters, rules.id: rules},
    )
    fight.battle = replace(fight.battle, round=5)
    first = decided(fight)
    assert isinstance(first, Follow)
    met = next(each for each in fight.battle.combatants if each.cell == first.cell)
    use = SkillUse(often.id, 0, fight.who(3).turns, 1, (met.id,), 1)
    fight.set(3, uses=(use,))
    second = decided(fight)
    assert second != first
    fight.do(second)


def test_who_hits_and_leaves_withdraws_after_acting() -> None:
    fight = Fight(hero("anchorite", character_id=1), monster("span_harrier", 12), mode="pve").start()
    fight.skip_to(1)
    fight.set(0, cell=(4, 4))
    fight.set(1, cell=(6, 4), ap=0, mp=3)
    intent = decided(fight)
    assert isinstance(intent, Move)
    assert distance(intent.path[-1], (4, 4)) > 2


def test_a_supporter_mends_the_wounded() -> None:
    builds = (hero("anchorite", character_id=1), monster("drowned_clerk", 22), monster("ink_leech", 18))
    fight = Fight(*builds, mode="pve").start()
    fight.skip_to(1)
    fight.set(2, hp=20)
    intent = decided(fight)
    while isinstance(intent, Move):
        fight.do(intent)
        intent = decided(fight)
    assert intent == Cast("amend", fight.who(2).cell) or isinstance(intent, Cast)


def test_a_summoner_calls() -> None:
    fight = Fight(hero("anchorite", character_id=1), monster("furnace_matron", 13), mode="pve").start()
    fight.skip_to(1)
    intent = decided(fight)
    assert isinstance(intent, Cast)
    assert intent.skill == "call_imp"


@pytest.mark.parametrize("profile", ["aggressive", "skirmisher", "guard", "support", "coward", "turret"])
def test_every_profile_decides_within_its_budget(profile: str) -> None:
    fight = Fight(hero("anchorite", character_id=1), monster("kiln_imp", 10), mode="pve").start()
    kiln_imp = fight.rulebook.monsters["kiln_imp"]
    changed = replace(kiln_imp, ai=replace(kiln_imp.ai, profile=profile))
    rulebook = replace(fight.rulebook, monsters={**fight.rulebook.monsters, "kiln_imp": changed})
    fight.skip_to(1)
    choice = choose(fight.battle, fight.who(1).id, rulebook, fight.dice)
    assert choice.evaluations <= EVALUATIONS_MAX
    engine.step(fight.battle, fight.who(1).id, choice.intent, rulebook, fight.dice)
