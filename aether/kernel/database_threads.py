"""Threads for the database: a bounded pool of its own, so that slow queries never take the whole server.

A thread keeps its connection. One that broke is replaced, and the work done once more: what it had changed
was rolled back, or its receipt says that it was not.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, NotSupportedError, OperationalError, connection, connections

from aether.kernel import realm
from aether.kernel.errors import UnavailableError
from aether.kernel.retrying import is_of_old_plan, retrying

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 8
WAITING_MAX = 500
CLOSING_S = 5
"""How long a thread that has closed its connection waits for the others, which may be at work yet."""

SHARED_PATIENCE_S = 15
"""How long an HTTP request waits for a connection; commands have threads that keep theirs."""

_pool: ThreadPoolExecutor | None = None


async def in_database_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `work` in a database thread; a database that does not answer is `unavailable`."""
    pool = _open_pool()
    if pool._work_queue.qsize() > WAITING_MAX:
        raise UnavailableError
    context = contextvars.copy_context()

    def run() -> R:
        return context.run(_with_connection, lambda: work(*args, **kwargs))

    return await asyncio.get_running_loop().run_in_executor(pool, run)


def close_pool() -> None:
    """Let the threads finish and close their connections."""
    global _pool
    pool, _pool = _pool, None
    if pool is None:
        return
    # One thread that is quick would take the work of several, and their connections would stay open.
    everybody = threading.Barrier(THREADS)
    for _ in range(THREADS):
        pool.submit(_close_own, everybody)
    pool.shutdown(wait=True)


def _close_own(everybody: threading.Barrier) -> None:
    connections.close_all()
    with contextlib.suppress(threading.BrokenBarrierError):
        everybody.wait(CLOSING_S)


def share_connections(most: int) -> None:
    """Let all threads of this process share so many connections. Call before any is open."""
    for alias in {"default", realm.alias()}:
        shared = connections.settings[alias]
        shared["CONN_MAX_AGE"] = 0
        shared["CONN_HEALTH_CHECKS"] = True
        shared["OPTIONS"]["pool"] = {
            "min_size": 0,
            "max_size": most,
            "timeout": SHARED_PATIENCE_S,
            "max_idle": 60,
        }


def close_shared() -> None:
    """Close the connections that threads share."""
    for alias in {"default", realm.alias()}:
        wrapper: Any = connections[alias]
        wrapper.close_pool()


def _open_pool() -> ThreadPoolExecutor:
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(THREADS, thread_name_prefix="database")
    return _pool


def on_working_connection(work: Callable[[], R]) -> R:
    """Run `work` on this thread's connection; once more on a new one, if the kept one turns out to be broken.

    That is cheaper than asking each time if it still works. What `work` had changed was rolled back, as it is
    when it met others in the database: then it is done again on the same connection.
    """
    connection.close_at = None  # also where others share connections, a thread of ours keeps its own
    if not connection.in_atomic_block:  # a transaction that is open keeps its connection
        connection.close_if_unusable_or_obsolete()
        if realm.is_apart():
            connections[realm.alias()].close_at = None
            connections[realm.alias()].close_if_unusable_or_obsolete()
    kept = connection.connection
    try:
        return retrying(work)
    except (OperationalError, InterfaceError, NotSupportedError) as error:
        # A transaction that ends on a broken connection has opened a new one already.
        if kept is None or (connection.connection is kept and not _is_broken(error)):
            raise
        if connection.connection is kept:
            for alias in {"default", realm.alias()}:
                connections[alias].close()
        return retrying(work)


def _is_broken(error: Exception) -> bool:
    return is_of_old_plan(error) or not connection.is_usable()


def _with_connection(work: Callable[[], R]) -> R:
    try:
        return on_working_connection(work)
    except (OperationalError, InterfaceError) as error:
        raise UnavailableError from error
