"""How demand moves the prices of shops: what is bought becomes dearer, what is sold cheaper, for a while."""

from __future__ import annotations

UNITS_PER_PERCENT = 10
HALVES_EVERY_S = 3600


def left(pressure: int, seconds: float) -> int:
    """Return what is left of a demand after so long, towards zero."""
    kept = abs(pressure) * 0.5 ** (max(0.0, seconds) / HALVES_EVERY_S)
    return int(kept) if pressure >= 0 else -int(kept)


def drift_pct(pressure: int) -> int:
    """Return by how many percent a demand moves prices; the band of the offer bounds it."""
    size = abs(pressure) // UNITS_PER_PERCENT
    return size if pressure >= 0 else -size
