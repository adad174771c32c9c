"""What there is to try: each usable skill, each aim of it, and at most how much that can bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from aether.protocol.combat_values import Cell

from ..casting import is_spent_on, is_target, range_of
from ..definitions import Single, SkillDef
from ..state import Combatant
from .bounds import Bound, most_on
from .mind import Mind
from .outlook import Outlook, breadth_of, outlook_of
from .places import FAR


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


class Plan(NamedTuple):
    """Something to try, which brings `bound` at most; without an aim it is for the free cells around."""

    bound: int
    means: Means
    aim: Aim | None


class _Prospect(NamedTuple):
    """A skill whose aims are not looked at yet: of whom it meets, more than one may be in it."""

    bound: int
    means: Means
    aims: Sequence[Aim | None]
    of: Bound


def plans_of(mind: Mind, may_win: Callable[[int], bool]) -> Iterator[Plan]:
    """Yield what may bring enough, what promises most first; `may_win` says how much that is by now.

    What is the same from everywhere comes before all else: it is found soonest, and saves looking at much
    of the rest. The aims of a skill are told apart only when its turn comes.
    """
    order = count()
    waiting: list[tuple[bool, int, int, Plan | _Prospect]] = [
        (each.means.outlook.varies, -each.bound, next(order), each) for each in _prospects(mind)
    ]
    waiting.sort()
    while waiting:
        varies, _, _, found = heappop(waiting)
        if not may_win(found.bound):
            continue
        if isinstance(found, Plan):
            yield found
            continue
        for plan in _plans_of_area(mind, found):
            if may_win(plan.bound):
                heappush(waiting, (varies, -plan.bound, next(order), plan))


def _prospects(mind: Mind) -> list[Plan | _Prospect]:
    found: list[Plan | _Prospect] = []
    for number, (skill, rank) in enumerate(mind.usable):
        outlook, reach = outlook_of(skill, rank), range_of(mind.battle, mind.me, skill)
        means = Means(number, skill, outlook, reach, _liking(mind, skill) if skill.ai_tags else 100)
        aims: list[Aim | None] = [*_aims(mind, means)]
        if "free_cell" in skill.target:
            aims.append(None)
        if not aims:
            continue
        if outlook.glyphs or None in aims or not isinstance(skill.shape, Single):
            bound = Bound(mind, outlook.parts)
            most = bound.of(mind.standing, mind.standing)
            found.append(_Prospect(means.liked(most), means, aims, bound))
            continue
        for aim in aims:
            found.append(Plan(means.liked(most_on(mind, outlook.parts, aim and aim.met)), means, aim))
    return found


def _liking(mind: Mind, skill: SkillDef) -> int:
    pct = 100
    for tag in skill.ai_tags:
        pct = pct * mind.profile.prefers.get(tag, 100) // 100
    return pct


def _plans_of_area(mind: Mind, prospect: _Prospect) -> list[Plan]:
    _, means, aims, bound = prospect
    is_single = isinstance(means.skill.shape, Single)
    breadth = max(breadth_of(means.skill, means.reach), means.outlook.glyphs)
    plans = []
    for aim in aims:
        near = mind.standing if aim is None or aim.cell is None else _near(mind, aim.cell, breadth)
        most = bound.of(_at(mind, aim) if is_single else near, near)
        plans.append(Plan(means.liked(most), means, aim))
    return plans


def _at(mind: Mind, aim: Aim | None) -> Sequence[Combatant]:
    if aim is None:
        return mind.standing
    return () if aim.met is None else (aim.met,)


def _near(mind: Mind, cell: Cell, breadth: int) -> Sequence[Combatant]:
    """Return all whom a cast of some breadth may meet, from wherever: its caster goes where it likes."""
    if not breadth or breadth >= FAR:
        return mind.standing
    me, (x, y) = mind.me, cell
    return [
        each
        for each in mind.standing
        if each is me or abs(each.cell[0] - x) + abs(each.cell[1] - y) <= breadth
    ]


def _aims(mind: Mind, means: Means) -> list[Aim]:
    """Return what is worth trying: somebody's cell, one's own, and where the fallen lie."""
    me, skill = mind.me, means.skill
    if "self" in skill.target:
        return [Aim(0, None, me)] if skill.range.min == 0 and not is_spent_on(me, skill, me) else []
    return _aims_at_fallen(mind, skill) if "corpse" in skill.target else _aims_at_standing(mind, means)


def _aims_at_standing(mind: Mind, means: Means) -> list[Aim]:
    """Return who can be aimed at from wherever one may walk to."""
    me, skill, far = mind.me, means.skill, means.reach + mind.places.mp
    return [
        Aim(other.slot, None if other is me else other.cell, other)
        for other, away in mind.targets(skill)
        if (skill.range.min == 0 if other is me else away <= far) and not is_spent_on(me, skill, other)
    ]


def _aims_at_fallen(mind: Mind, skill: SkillDef) -> list[Aim]:
    battle, me = mind.battle, mind.me
    found = []
    for other in battle.combatants:
        if other.is_alive:
            continue
        seen = battle.seen_on(other.cell, me.team)
        is_spent = seen is not None and is_spent_on(me, skill, seen)
        if not is_spent and is_target(battle, me, skill, other.cell, seen):
            found.append(Aim(other.slot, other.cell, other))
    return found
