"""The rolls of an item instance: each of its stats within ten percent of the definition's."""

from __future__ import annotations

from collections.abc import Mapping

from apps.economy.rules.dice import Dice

SPREAD_PCT = 10


def rolled_stats(stats: Mapping[str, int], dice: Dice, *, is_fine: bool = False) -> dict[str, int]:
    """Draw the stats of one instance, in the order of their names; halves round up. Fine work is better."""
    low = 100 if is_fine else 100 - SPREAD_PCT
    return {name: _rolled(stats[name], dice.between(low, low + 2 * SPREAD_PCT)) for name in sorted(stats)}


def _rolled(value: int, percent: int) -> int:
    size = (abs(value) * percent + 50) // 100
    return size if value >= 0 else -size
