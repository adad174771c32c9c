"""How a profession grows: its level follows from everything that was ever learnt in it."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from apps.economy.definitions import LEVEL_MAX

DAILY_SOFT_CAP = 200
"""After so many gatherings of a day, each one yields half."""


def xp_to_next(level: int) -> int:
    """Return what it takes to leave a level of a profession."""
    return 20 * level**2 + 80 * level


_THRESHOLDS = (0, *accumulate(xp_to_next(level) for level in range(1, LEVEL_MAX)))

XP_MAX = _THRESHOLDS[-1]


class Skill(NamedTuple):
    """`xp` counts from the start of the level; `xp_next` is what the level takes, 0 at the last one."""

    level: int
    xp: int
    xp_next: int


def skill_of(total: int) -> Skill:
    """Return the level that a total reaches, and how far it has come towards the next."""
    level = bisect_right(_THRESHOLDS, min(total, XP_MAX))
    return Skill(level, total - _THRESHOLDS[level - 1], xp_to_next(level) if level < LEVEL_MAX else 0)
