"""The journal's own connections, outside of Django: for coroutines, and so that no thread is in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from django.db import connections
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from aether.kernel.errors import UnavailableError
from aether.kernel.journal.packing import PackedArray, PackedArrayDumper

logger = logging.getLogger(__name__)

POOL_TIMEOUT_S = 2.0

Connection = psycopg.AsyncConnection[Any]


class Connections:
    """At most so many connections of one event loop, opened when they are first asked for."""

    def __init__(self, name: str, *, most: int) -> None:
        self._pool = AsyncConnectionPool(
            _address(),
            kwargs={"autocommit": True, "prepare_threshold": 0},
            min_size=1,
            max_size=most,
            open=False,
            configure=_configure,
            timeout=POOL_TIMEOUT_S,
            name=name,
        )
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Connection]:
        """Lend a connection; every failure of the database is an UnavailableError."""
        try:
            if self._pool.closed:
                await self._open()
            async with self._pool.connection() as connection:
                yield connection
        except (psycopg.Error, PoolTimeout) as error:
            logger.warning("the journal's database does not answer: %s", error)
            raise UnavailableError from error

    async def check(self) -> None:
        """Replace the connections that are broken."""
        await self._pool.check()

    async def close(self) -> None:
        await self._pool.close()

    async def _open(self) -> None:
        async with self._opening:
            if self._pool.closed:
                await self._pool.open()


async def _configure(connection: Connection) -> None:
    # Plans are kept as long as a connection: one made for an empty table must not read all of a full one.
    await connection.execute("SET enable_seqscan = off")
    connection.adapters.register_dumper(PackedArray, PackedArrayDumper)


def _address() -> str:
    """Return how to reach Django's database; asked late, so that tests have their own."""
    settings = connections["default"].settings_dict
    options = settings.get("OPTIONS", {})
    given = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        "connect_timeout": options.get("connect_timeout"),
        "options": options.get("options"),
    }
    return psycopg.conninfo.make_conninfo(**{name: value for name, value in given.items() if value})
