"""How a character grows: its level follows from all the experience that it ever earned."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

STATS = ("vigor", "stone", "ember", "gale", "tide", "focus")
LEVEL_MAX = 30
STAT_POINTS_PER_LEVEL = 5


def xp_to_next(level: int) -> int:
    """Return what it takes to leave a level."""
    return 18 * level**2 + 174 * level + 240


_THRESHOLDS = (0, *accumulate(xp_to_next(level) for level in range(1, LEVEL_MAX)))
"""The total at which each level begins, from level 1."""

XP_TOTAL_MAX = _THRESHOLDS[-1]


class Progress(NamedTuple):
    """`xp` counts from the start of the level; `xp_next` is what the level takes, 0 at the last one."""

    level: int
    xp: int
    xp_next: int


def level_of(total: int) -> int:
    """Return the level that a total of experience reaches."""
    return bisect_right(_THRESHOLDS, total)


def progress_of(total: int) -> Progress:
    """Return the level of a total and how far it has come towards the next."""
    level = level_of(total)
    xp_next = xp_to_next(level) if level < LEVEL_MAX else 0
    return Progress(level, total - _THRESHOLDS[level - 1], xp_next)


def stat_points_earned(level: int) -> int:
    """Return how many stat points all levels up to this one have given."""
    return STAT_POINTS_PER_LEVEL * (level - 1)
