"""Health out of battle: parts of ten thousand of somebody's hit points, regained with time.

What hit points that is, depends on level and equipment, which change; a part of them does not.
"""

from __future__ import annotations

WHOLE = 10_000
"""Nothing is missing. Hit points up to this many are told apart."""


def health_after(health: int, pace: int, seconds: float) -> int:
    """Return what health is after some time, at a pace of so many parts a minute."""
    return min(WHOLE, health + int(pace * max(0.0, seconds) / 60))


def hit_points(health: int, hp_max: int) -> int:
    """Return the hit points that health means: out of battle nobody has less than one."""
    return max(1, hp_max * health // WHOLE)


def health_of(hp: int, hp_max: int) -> int:
    """Return the health that hit points mean, such that `hit_points` gives them back."""
    return min(WHOLE, -(-max(0, hp) * WHOLE // hp_max))


def seconds_to_whole(health: int, pace: int) -> float | None:
    """Return how long it takes until nothing is missing; never at no pace."""
    if health >= WHOLE:
        return 0.0
    return (WHOLE - health) * 60 / pace if pace > 0 else None
