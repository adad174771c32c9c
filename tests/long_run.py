"""How long properties and races are tried: a short set by default, thousands with AETHER_SEEDS.

`make seeds SEEDS=1000` runs the economy's with so many seeds each.
"""

from __future__ import annotations

import os

SEEDS = int(os.environ.get("AETHER_SEEDS", "0"))


def examples(short: int, most: int = 1_000) -> int:
    """Return how many examples a property is tried with: `short` of them, or as many as were asked for."""
    return min(SEEDS, most) if SEEDS else short


def seeds(short: int) -> range:
    """Return the seeds that a race is run with."""
    return range(SEEDS or short)
