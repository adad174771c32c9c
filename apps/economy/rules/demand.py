"""What moves the prices of shops: demand for a while, and what people pay one another on the market.

What is bought becomes dearer, what is sold cheaper. Where the market has a price, a shop's prices keep the
relation to it that they usually have, as far as the band of the offer lets them.
"""

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


def market_pct(reference: int, usual: int) -> int:
    """Return by how many percent the market's price is above or below a usual one, towards zero."""
    size = 100 * abs(reference - usual) // usual
    return size if reference >= usual else -size
