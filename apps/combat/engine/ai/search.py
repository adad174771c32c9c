"""The search: what can be cast from where at what, looked at from the most promising place down.

What an option is worth is the place it is done from plus what it brings. Most casts bring the same from
wherever they are possible, so their worth is found once, and the best place that allows one ends its
search. For the others a bound says when no further place can make them good enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from aether.protocol.combat_values import Cell

from ..board import is_walkable, within
from ..casting import check_taunt, is_spent_on, is_target, range_of
from ..definitions import Single, SkillDef
from ..refusals import Refusal
from ..state import Combatant
from .bounds import most
from .mind import Mind
from .outlook import Outlook, outlook_of
from .score import Met, covered, score_all

EVALUATIONS_MAX = 2_000
"""What a whole turn may spend."""


class Option(NamedTuple):
    """Walk to a cell, then cast there (or cast nothing). `order` is total: it decides no tie, it sorts."""

    order: tuple[int, int, int]
    stand: Cell
    skill: str | None
    aim: Cell


class Means(NamedTuple):
    """A skill that may be cast now, its number among all, how far it reaches, and how much it is liked.

    What it brings counts at `liking` percent.
    """

    number: int
    skill: SkillDef
    outlook: Outlook
    reach: int
    liking: int

    def liked(self, gain: int) -> int:
        return gain if self.liking == 100 else gain * self.liking // 100


class Aim(NamedTuple):
    """What is aimed at: a cell, or whoever casts (`cell` is None); `met` is who is known to be there."""

    number: int
    cell: Cell | None
    met: Combatant | None


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
    battle, me = mind.battle, mind.me
    later = []
    for number, (skill, rank) in enumerate(mind.usable):
        reach, liking = range_of(battle, me, skill), _liking(mind, skill)
        means = Means(number, skill, outlook_of(skill, rank), reach, liking)
        if means.outlook.varies:
            later.append(means)
        else:
            _try(search, means)
    # What is the same from everywhere was found soonest, and saves looking at much of the rest.
    for means in later:
        _try(search, means)
    if not search.options:
        return _nothing(mind), search.evaluations
    return sorted(search.options), search.evaluations


def _nothing(mind: Mind) -> list[Option]:
    return [Option((-1, 0, 0), mind.me.cell, None, mind.me.cell)]


def _liking(mind: Mind, skill: SkillDef) -> int:
    pct = 100
    for tag in skill.ai_tags:
        pct = pct * mind.profile.prefers.get(tag, 100) // 100
    return pct


def _try(search: Search, means: Means) -> None:
    if search.is_spent:
        return
    mind, skill, outlook = search.mind, means.skill, means.outlook
    is_single = isinstance(skill.shape, Single)
    bound = 0 if is_single else means.liked(most(mind, outlook.effects, mind.standing))
    if not is_single and search.is_hopeless(mind.places.best_first[0].worth + bound):
        return
    for aim in _aims(mind, means):
        if search.is_spent:
            return
        if is_single:
            bound = means.liked(most(mind, outlook.effects, () if aim.met is None else (aim.met,)))
        _weigh(search, means, aim, bound)
    if "free_cell" in skill.target:
        bound = means.liked(most(mind, outlook.effects, mind.standing))
        if not search.is_hopeless(mind.places.here.worth + bound):
            _weigh_ground(search, means)


def _aims(mind: Mind, means: Means) -> Iterator[Aim]:
    """Yield what is worth trying: somebody's cell, one's own, and where the fallen lie."""
    me, skill = mind.me, means.skill
    if "self" in skill.target:
        if skill.range.min == 0 and not is_spent_on(me, skill, me):
            yield Aim(0, None, me)
        return
    yield from _aims_at_fallen(mind, skill) if "corpse" in skill.target else _aims_at_standing(mind, means)


def _aims_at_standing(mind: Mind, means: Means) -> Iterator[Aim]:
    """Yield who can be aimed at from wherever one may walk to."""
    me, skill, far = mind.me, means.skill, means.reach + mind.places.mp
    for other, away in mind.targets(skill):
        is_out_of_range = skill.range.min > 0 if other is me else away > far
        if not is_out_of_range and not is_spent_on(me, skill, other):
            yield Aim(other.slot, None if other is me else other.cell, other)


def _aims_at_fallen(mind: Mind, skill: SkillDef) -> Iterator[Aim]:
    battle, me = mind.battle, mind.me
    for other in battle.combatants:
        if other.is_alive:
            continue
        seen = battle.seen_on(other.cell, me.team)
        is_spent = seen is not None and is_spent_on(me, skill, seen)
        if not is_spent and is_target(battle, me, skill, other.cell, seen):
            yield Aim(other.slot, other.cell, other)


def _weigh_ground(search: Search, means: Means) -> None:
    """Look at the free cells that can be reached from where one stands."""
    mind, skill, effects = search.mind, means.skill, means.outlook.effects
    worth, _, here = mind.places.here
    board, taken = mind.battle.header.board, {each.cell for each in mind.standing}
    for number, cell in enumerate(within(here, means.reach), len(mind.battle.combatants)):
        away = _away(means, here, cell)
        if away < 0 or cell in taken or not is_walkable(board, cell):
            continue
        if not search.may_go_on():
            return
        gain = means.liked(score_all(mind, effects, _met(mind, skill, None, here, cell), here, cell))
        if gain <= 0 or search.is_hopeless(worth + gain):
            continue
        if _may_cast(mind, skill, here, cell, away):
            search.take(worth + gain, Option((means.number, 0, number), here, skill.id, cell))


def _weigh(search: Search, means: Means, aim: Aim, bound: int) -> None:
    """Look at an aim from each place that might make it good enough, the best places first."""
    mind, skill = search.mind, means.skill
    gains, target = Gains(mind, means, aim), aim.cell
    for worth, at, stand in (mind.places.here,) if means.outlook.is_ground else mind.places.best_first:
        if search.is_hopeless(worth + (bound if gains.most is None else gains.most)):
            return
        to = stand if target is None else target
        away = _away(means, stand, to)
        if away < 0:
            continue
        if not search.may_go_on():
            return
        gain = gains.of(stand, to, away)
        if gain <= 0 or search.is_hopeless(worth + gain):
            continue
        if _may_cast(mind, skill, stand, to, away):
            search.take(worth + gain, Option((means.number, at, aim.number), stand, skill.id, to))


class Gains:
    """What one aim brings from each place; `most` is known once it is the same from all of them."""

    def __init__(self, mind: Mind, means: Means, aim: Aim) -> None:
        self._mind, self._means, self._aim = mind, means, aim
        is_own_area = aim.cell is None and not isinstance(means.skill.shape, Single)
        self._is_varying = means.outlook.varies or is_own_area
        self._known: dict[int, int] = {}
        self.most: int | None = None

    def of(self, stand: Cell, to: Cell, away: int) -> int:
        outlook = self._means.outlook
        if self._is_varying or (self._aim.cell is not None and away <= outlook.spread):
            return self._found(stand, to)
        key = away if outlook.is_gradual else 0
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._found(stand, to)
            if not outlook.is_gradual and not outlook.spread:
                self.most = known
        return known

    def _found(self, stand: Cell, to: Cell) -> int:
        mind, skill = self._mind, self._means.skill
        met = _met(mind, skill, self._aim.met, stand, to)
        return self._means.liked(score_all(mind, self._means.outlook.effects, met, stand, to))


def _met(mind: Mind, skill: SkillDef, standing: Combatant | None, stand: Cell, to: Cell) -> tuple[Met, ...]:
    if isinstance(skill.shape, Single):
        return () if standing is None else ((standing, 0),)
    return covered(mind, skill, stand, to)


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
