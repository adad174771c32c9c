"""How late spectators are told, pure: so many rounds or so much time, whichever is later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Delay(NamedTuple):
    rounds: int
    ms: int


class Moment(NamedTuple):
    """When something was committed, and where the battle stood then. Milliseconds since 1970."""

    at: int
    round: int
    is_over: bool


def due(moments: Sequence[Moment], delay: Delay, now: int) -> int:
    """Return how many of these moments, the oldest first, may be told by now.

    Once a battle is over no round follows: then the time alone decides.
    """
    told = 0
    for each in moments:
        later = next((at for at in moments if _is_far_enough(at, each, delay)), None)
        if later is None or max(later.at, each.at + delay.ms) > now:
            break
        told += 1
    return told


def _is_far_enough(later: Moment, told: Moment, delay: Delay) -> bool:
    return later.is_over or later.round >= told.round + delay.rounds
