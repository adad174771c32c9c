"""The search: what can be cast from where at what, looked at from the most promising place down.

What an option is worth is the place it is done from plus what it brings. Most casts bring the same from
wherever they are possible, so their worth is found once, and the best place that allows one ends its
search. For the others a bound says when no further place can make them good enough.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from aether.protocol.combat_values import Cell

from ..board import is_walkable, within
from ..casting import check_taunt
from ..definitions import Single, SkillDef
from ..refusals import Refusal
from .gains import gains_of
from .mind import Mind
from .plans import Aim, Means, plans_of
from .score import Met, covered, score_all

EVALUATIONS_MAX = 2_000
"""What a whole turn may spend."""


class Option(NamedTuple):
    """Walk to a cell, then cast there (or cast nothing). `order` is total: it decides no tie, it sorts."""

    order: tuple[int, int, int]
    stand: Cell
    skill: str | None
    aim: Cell


class Search:
    """The best options so far, all worth `best`, and how much was looked at to find them."""

    def __init__(self, mind: Mind, budget: int) -> None:
        self.mind = mind
        self.budget = budget
        self.best = mind.places.here.worth
        self.options: list[Option] = []
        self.evaluations = 0

    def is_hopeless(self, worth: int) -> bool:
        """Tell whether an option worth so much would change nothing; doing nothing wins its ties."""
        return worth < self.best or (worth == self.best and not self.options)

    @property
    def is_spent(self) -> bool:
        return self.evaluations >= self.budget

    def may_go_on(self) -> bool:
        """Count an evaluation, if the budget has one left."""
        if self.is_spent:
            return False
        self.evaluations += 1
        return True

    def take(self, worth: int, option: Option) -> None:
        if worth > self.best:
            self.best, self.options = worth, [option]
        else:
            self.options.append(option)


def best_options(mind: Mind, budget: int) -> tuple[list[Option], int]:
    """Return the equally best options in their order, and the number of evaluations.

    Doing nothing is one, and only something better beats it.
    """
    if not mind.usable and not mind.may_walk:
        return _nothing(mind), 0
    search = Search(mind, budget)
    for worth, at, cell in mind.places.best_first:
        if search.is_hopeless(worth):
            break
        search.take(worth, Option((-1, at, 0), cell, None, cell))
    top = mind.places.best_first[0].worth
    for bound, means, aim in plans_of(mind, lambda bound: not search.is_hopeless(top + bound)):
        if search.is_spent:
            break
        if aim is None:
            _weigh_ground(search, means, bound)
        else:
            _weigh(search, means, aim, bound)
    if not search.options:
        return _nothing(mind), search.evaluations
    return sorted(search.options), search.evaluations


def _nothing(mind: Mind) -> list[Option]:
    return [Option((-1, 0, 0), mind.me.cell, None, mind.me.cell)]


def _weigh_ground(search: Search, means: Means, bound: int) -> None:
    """Look at the free cells that can be reached from where one stands."""
    mind, skill, effects = search.mind, means.skill, means.outlook.effects
    worth, _, here = mind.places.here
    if search.is_hopeless(worth + bound):
        return
    board, taken = mind.battle.header.board, {each.cell for each in mind.standing}
    for number, cell in enumerate(within(here, means.reach), len(mind.battle.combatants)):
        away = _away(means, here, cell)
        if away < 0 or cell in taken or not is_walkable(board, cell):
            continue
        if not search.may_go_on():
            return
        gain = means.liked(score_all(mind, effects, _met_on_ground(mind, skill, here, cell), here, cell))
        if gain <= 0 or search.is_hopeless(worth + gain):
            continue
        if _may_cast(mind, skill, here, cell, away):
            search.take(worth + gain, Option((means.number, 0, number), here, skill.id, cell))


def _weigh(search: Search, means: Means, aim: Aim, bound: int) -> None:
    """Look at an aim from each place that might make it good enough, the best places first."""
    mind, skill, target = search.mind, means.skill, aim.cell
    near, far, is_axial = skill.range.min, means.reach, skill.range.axis
    gains = gains_of(mind, means, aim)
    for worth, at, stand in (mind.places.here,) if means.outlook.is_ground else mind.places.best_first:
        if search.is_hopeless(worth + (bound if gains.most is None else gains.most)):
            return
        to = stand if target is None else target
        # Most places are out of reach of most aims: here it pays to call nothing.
        off_x, off_y = abs(stand[0] - to[0]), abs(stand[1] - to[1])
        away = off_x + off_y
        if not near <= away <= far or (is_axial and off_x and off_y):
            continue
        if not search.may_go_on():
            return
        gain = gains.of(stand, to, away)
        if gain <= 0 or search.is_hopeless(worth + gain):
            continue
        if _may_cast(mind, skill, stand, to, away):
            search.take(worth + gain, Option((means.number, at, aim.number), stand, skill.id, to))


def _met_on_ground(mind: Mind, skill: SkillDef, here: Cell, cell: Cell) -> tuple[Met, ...]:
    return () if isinstance(skill.shape, Single) else covered(mind, skill, here, cell)


def _away(means: Means, stand: Cell, to: Cell) -> int:
    """Return how far an aim is, or -1 where it is out of reach."""
    off_x, off_y = abs(stand[0] - to[0]), abs(stand[1] - to[1])
    reach = means.skill.range
    if not reach.min <= off_x + off_y <= means.reach or (reach.axis and off_x and off_y):
        return -1
    return off_x + off_y


def _may_cast(mind: Mind, skill: SkillDef, stand: Cell, to: Cell, away: int) -> bool:
    if skill.range.los and away > 1 and not mind.sight.is_open(stand, to, mind.blockers):
        return False
    return not (mind.is_taunted and _is_forbidden(mind, skill, stand, to))


def _is_forbidden(mind: Mind, skill: SkillDef, stand: Cell, aim: Cell) -> bool:
    """Tell whether a taunt on the caster keeps it from this cast."""
    me = replace(mind.me, cell=stand)
    others = mind.battle.combatants
    combatants = (*others[: me.slot], me, *others[me.slot + 1 :])
    try:
        check_taunt(replace(mind.battle, combatants=combatants), me, skill, aim, mind.may_meet)
    except Refusal:
        return True
    return False
