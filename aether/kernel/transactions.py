"""Transactions that call nobody over the network: what they need of live state is read before they begin.

What that is, often only the rows tell. So a transaction that asks for what was not read is undone, what it
asked for is read, and it is done again: with the second beginning it finds everything there. Whoever waits
for its locks never waits for Redis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")
K = TypeVar("K")
V = TypeVar("V")

_read: ContextVar[dict[tuple[str, Any], Any] | None] = ContextVar("read_before", default=None)
"""What was read before the transaction that is under way."""


class NetworkInTransactionError(Exception):
    """A transaction asks for live state, and was not begun by `transactional`: nobody can begin it again."""


class _WantedError(Exception):
    """Ends a transaction that has to begin again."""

    def __init__(self, read: Callable[[], None]) -> None:
        self.read = read


def transactional(work: Callable[P, R]) -> Callable[P, R]:
    """Let a function be a transaction, or a part of the one that is under way.

    It may be begun again, so what it does beside the database it does after the commit.
    """

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        if is_under_way():
            # No savepoint: what a part raises, the whole does not survive.
            with transaction.atomic(savepoint=False):
                return work(*args, **kwargs)
        return _until_it_is_done(partial(work, *args, **kwargs))

    return done


def transactional_after(read: Callable[..., object]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Like `transactional`, for a function that is sure to ask for some live state: it begins only once.

    `read` takes the function's arguments and asks for that state, before the transaction begins. Inside one,
    as that of a command, it asks first of all: nothing has to be undone where nothing has been asked yet.
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        @wraps(work)
        def done(*args: P.args, **kwargs: P.kwargs) -> R:
            if is_under_way():
                read(*args, **kwargs)
                with transaction.atomic(savepoint=False):
                    return work(*args, **kwargs)
            return _until_it_is_done(partial(work, *args, **kwargs), first=partial(read, *args, **kwargs))

        return done

    return decorate


def read_before(kind: str, wanted: Iterable[K], read: Callable[[list[K]], dict[K, V]]) -> dict[K, V]:
    """Return live state by its keys; inside a transaction, as it was when that began.

    `read` takes the keys that are missing, and may leave out those of which there is nothing.
    """
    keys = list(wanted)
    known = _read.get()
    if not is_under_way():
        found = read(keys)
        if known is not None:
            _remember(known, kind, keys, found)
        return found
    if known is None:
        raise NetworkInTransactionError(kind)
    missing = [key for key in keys if (kind, key) not in known]
    if missing:
        raise _WantedError(lambda: _remember(known, kind, missing, read(missing)))
    kept = {key: known[kind, key] for key in keys}
    return {key: value[0] for key, value in kept.items() if value}


def is_under_way() -> bool:
    """Tell if this thread is inside a transaction, that of a test around everything not counted."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _until_it_is_done(work: Callable[[], R], *, first: Callable[[], object] | None = None) -> R:
    before = _read.set({})
    try:
        if first is not None:
            first()
        while True:
            try:
                with transaction.atomic():
                    return work()
            except _WantedError as wanted:
                wanted.read()
    finally:
        _read.reset(before)


def _remember(known: dict[tuple[str, Any], Any], kind: str, keys: list[K], found: dict[K, V]) -> None:
    known |= {(kind, key): (found[key],) if key in found else () for key in keys}
