"""The one source of time, so that tests can set it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_read: Callable[[], float] = time.time


def now() -> float:
    """Return seconds since 1970."""
    return _read()


def utc_now() -> datetime:
    """Return the present moment as an aware datetime."""
    return datetime.fromtimestamp(_read(), UTC)


@contextmanager
def replaced(read: Callable[[], float]) -> Iterator[None]:
    """Read the time from `read` for a while (tests)."""
    global _read
    before, _read = _read, read
    try:
        yield
    finally:
        _read = before
