"""What aiming at a cell brings, from each place that it can be aimed at from.

Whom a cast meets hangs on where it is aimed, and for some which way; only its caster is somewhere else
each time. So what was worked out for one place mostly holds for the others, too.
"""

from __future__ import annotations

from aether.protocol.combat_values import Cell

from ..definitions import AXIS_SHAPES, Board, Cone, Single
from ..shapes import Offsets, direction, offsets_of
from .mind import Mind
from .plans import Aim, Means
from .score import Met, covered, others_covered, score_all

_NO_WAY = (0, 0)
_OUTSIDE = -1


def gains_of(mind: Mind, means: Means, aim: Aim) -> Gains:
    if isinstance(means.skill.shape, Single):
        return Gains(mind, means, aim)
    # Where the centre goes along with the caster, everybody is somewhere else each time.
    if aim.cell is None or isinstance(means.skill.shape, Cone | Board):
        return GainsAround(mind, means, aim)
    return GainsOfArea(mind, means, aim, aim.cell)


class Gains:
    """What a cast at one target brings; `most` is known once it is the same from everywhere."""

    def __init__(self, mind: Mind, means: Means, aim: Aim) -> None:
        self._mind, self._means, self._aim = mind, means, aim
        self._known: dict[object, int] = {}
        self.most: int | None = None

    def of(self, stand: Cell, to: Cell, away: int) -> int:
        """Return what the cast brings from a cell, `away` cells from where it is aimed."""
        outlook, aim = self._means.outlook, self._aim
        met = () if aim.met is None else ((aim.met, 0),)
        if outlook.is_moving or (outlook.glyphs and (aim.cell is None or away <= outlook.glyphs)):
            return self._scored(met, stand, to)
        key = away if outlook.is_gradual else 0
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._scored(met, stand, to)
            if not outlook.is_gradual and not outlook.glyphs:
                self.most = known
        return known

    def _scored(self, met: tuple[Met, ...], stand: Cell, to: Cell) -> int:
        return self._means.liked(score_all(self._mind, self._means.outlook.effects, met, stand, to))


class GainsAround(Gains):
    """What a cast brings that spreads from its caster."""

    def of(self, stand: Cell, to: Cell, away: int) -> int:
        return self._scored(covered(self._mind, self._means.skill, stand, to), stand, to)


class GainsOfArea(Gains):
    """What a cast brings that spreads from where it is aimed.

    It meets the same others whenever it goes the same way, and its caster if that stands in the midst.
    """

    def __init__(self, mind: Mind, means: Means, aim: Aim, cell: Cell) -> None:
        super().__init__(mind, means, aim)
        self._cell = cell
        self._is_directed = isinstance(means.skill.shape, AXIS_SHAPES)
        self._others: dict[Cell, tuple[Met, ...]] = {}
        self._inside: dict[Cell, Offsets] = {}

    def of(self, stand: Cell, to: Cell, away: int) -> int:
        outlook = self._means.outlook
        way = direction(stand, to) if self._is_directed else _NO_WAY
        key = (way, away if self._is_inside(stand, to, way) else _OUTSIDE)
        if outlook.is_moving or (outlook.glyphs and away <= outlook.glyphs):
            return self._scored(self._met(*key), stand, to)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._scored(self._met(*key), stand, to)
        return known

    def _is_inside(self, stand: Cell, to: Cell, way: Cell) -> bool:
        offsets = self._inside.get(way)
        if offsets is None:
            offsets = self._inside[way] = offsets_of(self._means.skill.shape, way)
        if (stand[0] - to[0], stand[1] - to[1]) not in offsets:
            return False
        return not self._means.skill.area_los or self._mind.sight.is_open(to, stand)

    def _met(self, way: Cell, away: int) -> tuple[Met, ...]:
        cell, mind = self._cell, self._mind
        others = self._others.get(way)
        if others is None:
            others = self._others[way] = others_covered(mind, self._means.skill, cell, cell, way)
        return others if away == _OUTSIDE else (*others, (mind.me, away))
