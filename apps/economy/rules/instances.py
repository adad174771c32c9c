"""The rolls of an item instance: each of its stats within ten percent of the definition's."""

from __future__ import annotations

from collections.abc import Mapping

from apps.economy.rules.dice import Dice

SPREAD_PCT = 10


def rolled_stats(stats: Mapping[str, int], dice: Dice) -> dict[str, int]:
    """Draw the stats of one instance, in the order of their names; halves round up."""
    return {
        name: _rolled(stats[name], dice.between(100 - SPREAD_PCT, 100 + SPREAD_PCT)) for name in sorted(stats)
    }


def _rolled(value: int, percent: int) -> int:
    size = (abs(value) * percent + 50) // 100
    return size if value >= 0 else -size
