"""The one source of time: the clock of the database, which all processes share. Tests may set it.

Between two questions to the database (`timekeeping`) it goes on by the monotonic clock of the process. The
clock of its machine may be an hour ahead, or be set while it runs: nothing here looks at it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_origin = time.time() - time.monotonic()  # until the database was asked


def _by_the_database() -> float:
    return time.monotonic() + _origin


_read: Callable[[], float] = _by_the_database


def now() -> float:
    """Return seconds since 1970."""
    return _read()


def utc_now() -> datetime:
    """Return the present moment as an aware datetime."""
    return datetime.fromtimestamp(_read(), UTC)


def set_by(told: float, *, asked_at: float, answered_at: float) -> None:
    """Go by what the database told at some moment between two of the monotonic clock.

    A time that this does not disprove stays: it does not jump to and fro with the network.
    """
    global _origin
    _origin = min(max(_origin, told - answered_at), told - asked_at)


@contextmanager
def replaced(read: Callable[[], float]) -> Iterator[None]:
    """Read the time from `read` for a while (tests)."""
    global _read
    before, _read = _read, read
    try:
        yield
    finally:
        _read = before
