"""`ai_turn`, `ai_turn_widest`, `ai_decision`: what the AI costs in the largest battles, eight against eight.

`ai_turn` is a whole turn of somebody who knows all skills of its class and may go as far as the rules
allow: all its decisions, up to the one that ends the turn. `ai_turn_widest` is one of somebody who knows the
skills of two classes and has twice the action points: nothing in the sample game has, but it takes that to
spend the whole budget of evaluations; `ai_decision` is one decision of it. What the rules then make of a
decision is in none of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random

import msgspec

from aether.kernel import interpreter
from aether.protocol.combat_values import Cell, SkillSlot
from apps.combat import engine
from apps.combat.engine import inputs
from apps.combat.engine.ai import EVALUATIONS_MAX
from apps.combat.engine.board import is_walkable
from apps.combat.engine.events import ControllerChanged
from bench.engine_cast import rulebook_of_the_sample
from bench.report import Figures, quantile

BATTLES = 6
TURNS = 60
SIDE = 24
TEAM = 8
LEVEL = 30


def run(name: str) -> Figures:
    """Time the decisions of some turns of battles in the open."""
    rulebook = rulebook_of_the_sample()
    interpreter.spare_the_collector()  # as every server does
    is_turn = name != "ai_decision"
    times, most = [], 0
    for battle, dice in _battles(rulebook, knows_more=name != "ai_turn"):
        for spent, evaluations in _turns(battle, rulebook, dice):
            times += [sum(spent) * 1e3] if is_turn else [each * 1e3 for each in spent]
            most = max(most, sum(evaluations) if is_turn else max(evaluations))
    times.sort()
    return Figures(
        name=name,
        p50_ms=round(quantile(times, 0.5), 2),
        p99_ms=round(quantile(times, 0.99), 2),
        count=len(times),
        note=f"up to {most} evaluations; a turn may take {EVALUATIONS_MAX}",
    )


def _turns(
    battle: engine.Battle, rulebook: engine.Rulebook, dice: engine.Dice
) -> Iterator[tuple[list[float], list[int]]]:
    for _ in range(TURNS):
        house, owner = engine.House(rulebook, dice), battle.turn_owner
        spent: list[float] = []
        evaluations: list[int] = []
        while battle.phase == "fighting" and battle.turn_owner == owner:
            began = time.perf_counter()
            chosen = house.next_input(battle)
            spent.append(time.perf_counter() - began)
            evaluations.append(house.evaluations - sum(evaluations))
            assert chosen is not None, "the house plays everybody here"
            battle = engine.step(battle, *chosen, rulebook, dice).battle
        if not spent:
            return
        yield spent, evaluations


def _battles(rulebook: engine.Rulebook, *, knows_more: bool) -> Iterator[tuple[engine.Battle, engine.Dice]]:
    for number in range(BATTLES):
        seed = number.to_bytes(32, "big")
        board, sides = _ground(Random(number))
        setup = engine.Setup(
            battle_id=number + 1,
            mode="pvp",
            map_hash="0" * 64,
            board=board,
            placement=sides,
            builds=tuple(_build(number, rulebook, knows_more=knows_more) for number in range(2 * TEAM)),
        )
        battle, dice = engine.open_battle(setup, rulebook, seed), engine.Dice(seed)
        # Nobody is there, so the house plays both sides.
        battle = engine.fold(battle, [ControllerChanged(each.id, "afk") for each in battle.combatants])
        yield engine.step(battle, engine.SYSTEM, inputs.PlacementTimeout(), rulebook, dice).battle, dice


def _ground(chance: Random) -> tuple[engine.BoardSpec, tuple[tuple[Cell, ...], tuple[Cell, ...]]]:
    """Return the largest board, with stones and reeds, and two sides near enough to meet at once."""
    board = engine.board_of(["".join(chance.choice("......,#") for _ in range(SIDE)) for _ in range(SIDE)])
    free = [(x, y) for y in range(8, 16) for x in range(SIDE) if is_walkable(board, (x, y))]
    chance.shuffle(free)
    left = [cell for cell in free if 8 <= cell[0] < 11]
    right = [cell for cell in free if 13 <= cell[0] < 16]
    return board, (tuple(left[:TEAM]), tuple(right[:TEAM]))


def _build(number: int, rulebook: engine.Rulebook, *, knows_more: bool) -> engine.Build:
    classes = sorted(rulebook.classes)
    bonuses = {"vigor": 300, "mp_max": 5} | ({"ap_max": 6} if knows_more else {})
    build = engine.build_character(
        classes[number % len(classes)],
        character_id=number + 1,
        name=f"Bench {number}",
        level=LEVEL,
        bonuses=bonuses,
        rulebook=rulebook,
    )
    skills = build.skills
    if knows_more:
        both = (classes[number % len(classes)], classes[(number + 1) % len(classes)])
        known = {skill for each in both for skill in rulebook.classes[each].skills}
        skills = tuple(SkillSlot(skill, len(rulebook.skills[skill].ranks) - 1) for skill in sorted(known))
    return msgspec.structs.replace(build, team=number // TEAM, skills=skills)
