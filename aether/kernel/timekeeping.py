"""Asking the database what time it is: whenever a process gets a connection, and now and then while it runs.

So whatever a process has read from the database, it reads by the clock that wrote it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from aether.kernel import background, clock
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import UnavailableError

ASKED_EVERY_S = 30.0

_asked_at = float("-inf")


def ask(on: BaseDatabaseWrapper) -> None:
    """Set the clock of this process by that of the database."""
    global _asked_at
    with on.cursor() as cursor:
        asked_at = time.monotonic()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        answered_at = time.monotonic()
        clock.set_by(cursor.fetchone()[0], asked_at=asked_at, answered_at=answered_at)
    _asked_at = answered_at


def ask_if_due(*, connection: BaseDatabaseWrapper | None = None, **_signal: Any) -> None:
    """Ask, if that was long ago; during an outage, go on by what is known."""
    with contextlib.suppress(OperationalError, InterfaceError):
        _ask_if_due(connection)


async def ask_from_the_loop() -> None:
    """Ask in a database thread, if that was long ago; one whose connection has broken gets another."""
    with contextlib.suppress(UnavailableError):
        await in_database_thread(_ask_if_due)


def _ask_if_due(on: BaseDatabaseWrapper | None = None) -> None:
    if time.monotonic() - _asked_at >= ASKED_EVERY_S:
        ask(on or connections[DEFAULT_DB_ALIAS])


connection_created.connect(ask_if_due)


@background.task("kernel.clock")
async def keep_time(stop: asyncio.Event) -> None:
    """Let a server, which keeps its connections, ask as well."""
    while not stop.is_set():
        await ask_from_the_loop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ASKED_EVERY_S):
                await stop.wait()
