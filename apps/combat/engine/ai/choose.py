"""Choosing: every reachable cell, every usable skill, every cell worth aiming at; the best wins.

A choice becomes an input in the log, so a replay never comes here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from aether.kernel.rng import WORDS_PER_BLOCK
from aether.protocol.combat_values import Cell

from ..board import distance, path_to, within
from ..casting import check_aim, check_target_limit, check_taunt
from ..definitions import Rulebook, SkillDef
from ..dice import Dice
from ..inputs import Cast, EndTurn, Input, Move
from ..refusals import Refusal
from ..state import Battle, Combatant
from ..view import known_to
from ..walking import PATH_MAX, toll, walkable
from .mind import Mind, mind_of, score_position, standing_at
from .rules import due_rule
from .score import score_cast

EVALUATIONS_MAX = 2_000
CELLS_MAX = 60
_POINTS = 16
"""More than anybody ever has of action or movement points."""

Reached = dict[Cell, tuple[int, Cell]]


class Option(NamedTuple):
    """Walk to a cell, then cast there (or cast nothing)."""

    score: int
    stand: Cell
    skill: str | None
    aim: Cell


class Choice(NamedTuple):
    intent: Input
    evaluations: int


def next_automatic_input(battle: Battle, rulebook: Rulebook, dice: Dice) -> tuple[int, Input] | None:
    """Return what the AI does next, if it is its turn; log it as an input like any other."""
    if battle.phase != "fighting" or not battle.turn_owner:
        return None
    owner = battle.of(battle.turn_owner)
    if not _is_automatic(battle, owner):
        return None
    return owner.id, choose(battle, owner.id, rulebook, dice).intent


def choose(battle: Battle, who: int, rulebook: Rulebook, dice: Dice) -> Choice:
    """Return the best action of `who` by its profile, from what its team may know."""
    mind = mind_of(known_to(battle, battle.of(who).team), who, rulebook)
    rule = due_rule(mind, battle, dice)
    if rule is not None:
        return Choice(rule, 0)
    reached = walkable(mind.battle, mind.me) if _walks(mind) else _standing(mind.me)
    best, evaluations = _best(mind, reached)
    chosen = best[dice.roll(battle, "ai", index=_tie_index(battle, mind.me), n=len(best)).value]
    return Choice(_intent(mind, chosen, reached), evaluations)


def _tie_index(battle: Battle, me: Combatant) -> int:
    """Return where a decision draws: from a block of its own, so that the state need not carry an index.

    It follows from what the own team knows: a count of events would tell of what others do unseen.
    """
    return ((battle.turn * _POINTS + me.ap) * _POINTS + me.mp) * WORDS_PER_BLOCK


def _is_automatic(battle: Battle, owner: Combatant) -> bool:
    """Tell whether the house plays for somebody; who stands may play what it has called."""
    if owner.controller == "owner":
        caller = battle.of(owner.owner)
        return caller.controller != "human" or not caller.is_alive
    return owner.controller != "human"


def _best(mind: Mind, reached: Reached) -> tuple[list[Option], int]:
    """Return the equally best options; doing nothing is one, and only something better beats it."""
    nothing = Option(score_position(mind, mind.me.cell), mind.me.cell, None, mind.me.cell)
    best, evaluations = [nothing], 0
    for option in islice(_options(mind, reached), EVALUATIONS_MAX):
        evaluations += 1
        if option is None:
            continue
        if option.score > best[0].score:
            best = [option]
        elif option.score == best[0].score and best[0] is not nothing:
            best.append(option)
    return best, evaluations


def _walks(mind: Mind) -> bool:
    """Tell whether walking is worth a thought: whoever ran into somebody unseen stands still this turn.

    The walk cost nothing, so without that the same one would be chosen again and again.
    """
    return mind.profile.may_walk and mind.me.obstructed != mind.me.turns


def _standing(me: Combatant) -> Reached:
    return {me.cell: (0, me.cell)}


def _options(mind: Mind, reached: Reached) -> Iterator[Option | None]:
    """List walks alone first, then casts from each cell, nearest first; None is one not worth doing."""
    cells = sorted(reached, key=lambda cell: (reached[cell][0], _nearest(mind, cell), cell))[:CELLS_MAX]
    worth = {cell: _stand_score(mind, reached, cell) for cell in cells}
    for cell in cells:
        if cell != mind.me.cell:
            yield Option(worth[cell], cell, None, cell)
    for skill, rank in mind.usable:
        # What is aimed at the ground is aimed from where one stands: walking first would be tried twice.
        is_ground = "free_cell" in skill.target or "corpse" in skill.target
        for cell in cells[:1] if is_ground else cells:
            yield from _casts(mind, skill, rank, stand=cell, worth=worth[cell])


def _nearest(mind: Mind, cell: Cell) -> int:
    return min((distance(cell, enemy.cell) for enemy in mind.enemies), default=0)


def _stand_score(mind: Mind, reached: Reached, cell: Cell) -> int:
    spent = reached[cell][0]
    held = toll(mind.battle, mind.me, mind.me.cell) if cell != mind.me.cell else 0
    return score_position(mind, cell) - mind.profile.step * spent - mind.profile.toll * held


def _casts(mind: Mind, skill: SkillDef, rank: int, *, stand: Cell, worth: int) -> Iterator[Option | None]:
    there = standing_at(mind, stand)
    for aim in _aims(there, skill):
        try:
            check_aim(there.battle, there.me, skill, aim)
            check_target_limit(there.me, skill, there.battle.seen_on(aim, there.me.team))
            check_taunt(there.battle, there.me, skill, aim)
        except Refusal:
            yield None
            continue
        gain = score_cast(there, skill, rank, aim)
        yield Option(worth + gain, stand, skill.id, aim) if gain > 0 else None


def _aims(mind: Mind, skill: SkillDef) -> Iterator[Cell]:
    """Yield the cells worth trying: somebody's, one's own, where the fallen lie, and free ones."""
    if "self" in skill.target:
        yield mind.me.cell
        return
    near = skill.range.min, skill.range.max + 3
    wants_fallen = "corpse" in skill.target
    for other in mind.battle.combatants:
        if other.is_alive != wants_fallen and near[0] <= distance(mind.me.cell, other.cell) <= near[1]:
            yield other.cell
    if "free_cell" in skill.target:
        yield from within(mind.me.cell, skill.range.max)


def _intent(mind: Mind, option: Option, reached: Reached) -> Input:
    if option.stand != mind.me.cell:
        return Move(path_to(reached, option.stand)[:PATH_MAX])
    if option.skill is None:
        return EndTurn()
    return Cast(option.skill, option.aim)
