"""Choosing: every reachable cell, every usable skill, every cell worth aiming at; the best wins.

A choice becomes an input in the log, so a replay never comes here.
"""

from __future__ import annotations

from typing import NamedTuple

from aether.kernel.rng import WORDS_PER_BLOCK

from ..definitions import Rulebook
from ..dice import Dice
from ..inputs import Cast, EndTurn, Input, Move
from ..state import Battle, Combatant
from ..view import known_to
from .mind import Mind
from .rules import due_rule
from .search import EVALUATIONS_MAX, Option, best_options

__all__ = ["EVALUATIONS_MAX", "Choice", "choose", "next_automatic_input"]
_POINTS = 16
"""More than anybody ever has of action or movement points."""


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
    mind = Mind(known_to(battle, battle.of(who).team), who, rulebook)
    rule = due_rule(mind, battle, dice)
    if rule is not None:
        return Choice(rule, 0)
    best, evaluations = best_options(mind)
    # Every draw has an index of its own, so one that decides nothing need not be made.
    at = 0 if len(best) == 1 else _tie_break(battle, mind.me, dice, len(best))
    return Choice(_intent(mind, best[at]), evaluations)


def _tie_break(battle: Battle, me: Combatant, dice: Dice, n: int) -> int:
    """Draw from a block of a decision's own, so that the state need not carry an index.

    It follows from what the own team knows: a count of events would tell of what others do unseen.
    """
    index = ((battle.turn * _POINTS + me.ap) * _POINTS + me.mp) * WORDS_PER_BLOCK
    return dice.roll(battle, "ai", index=index, n=n).value


def _is_automatic(battle: Battle, owner: Combatant) -> bool:
    """Tell whether the house plays for somebody; who stands may play what it has called."""
    if owner.controller == "owner":
        caller = battle.of(owner.owner)
        return caller.controller != "human" or not caller.is_alive
    return owner.controller != "human"


def _intent(mind: Mind, option: Option) -> Input:
    if option.stand != mind.me.cell:
        return Move(mind.places.path(option.stand))
    if option.skill is None:
        return EndTurn()
    return Cast(option.skill, option.aim)
