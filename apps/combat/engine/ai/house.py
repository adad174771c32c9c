"""Choosing: every reachable cell, every usable skill, every cell worth aiming at; the best wins.

A choice becomes an input in the log, so a replay never comes here.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from ..definitions import Rulebook
from ..dice import Dice
from ..inputs import Cast, Decision, EndTurn, Input, Move
from ..state import Battle
from ..view import known_to
from .mind import Mind
from .rules import due_rule
from .search import EVALUATIONS_MAX, Option, best_options

__all__ = ["EVALUATIONS_MAX", "Choice", "House", "choose"]


class Choice(NamedTuple):
    """What to do; `among` how many equally good decisions it was drawn, 0 if a rule left no choice."""

    intent: Input
    evaluations: int
    among: int


class House:
    """Plays for those whom nobody else plays, as long as a battle goes on by itself.

    A whole turn shares one budget of evaluations. A decision may spend half of what is left of it, so that
    no first look around leaves the rest of the turn blind. `evaluations` is what this turn has spent.
    """

    def __init__(self, rulebook: Rulebook, dice: Dice) -> None:
        self._rulebook, self._dice = rulebook, dice
        self._turn = 0
        self.evaluations = 0

    def next_input(self, battle: Battle) -> tuple[int, Input] | None:
        """Return what the house does next, if it is its turn; it is logged as an input like any other.

        It says among how many decisions it was drawn: `step` draws again, and leaves the receipt.
        """
        if battle.phase != "fighting" or not battle.turn_owner:
            return None
        owner = battle.of(battle.turn_owner)
        if not battle.is_automatic(owner):
            return None
        if battle.turn != self._turn:
            self._turn, self.evaluations = battle.turn, 0
        budget = (EVALUATIONS_MAX - self.evaluations + 1) // 2
        intent, spent, among = choose(battle, owner.id, self._rulebook, self._dice, budget)
        self.evaluations += spent
        return owner.id, replace(intent, among=among) if isinstance(intent, Decision) else intent


def choose(battle: Battle, who: int, rulebook: Rulebook, dice: Dice, budget: int = EVALUATIONS_MAX) -> Choice:
    """Return the best action of `who` by its profile, from what its team may know."""
    mind = Mind(known_to(battle, battle.of(who).team), who, rulebook)
    rule = due_rule(mind)
    if rule is not None:
        return Choice(rule, 0, 0)
    best, evaluations = best_options(mind, budget)
    drawn = dice.roll(battle, "ai", len(best)).value
    return Choice(_intent(mind, best[drawn]), evaluations, len(best))


def _intent(mind: Mind, option: Option) -> Input:
    if option.stand != mind.me.cell:
        return Move(mind.places.path(option.stand))
    if option.skill is None:
        return EndTurn()
    return Cast(option.skill, option.aim)
