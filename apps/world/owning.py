"""Which process runs which zone copy: PostgreSQL says, by advisory locks on one connection of each process.

Every process that runs copies shares one lock, so all of them know who lives; a copy falls to the one that
its name chooses among them, and its own lock keeps everybody else out until that one is gone. A process
that stands still loses its connection, and with it all of its copies.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from hashlib import blake2b
from typing import Any, NamedTuple
from zlib import crc32

import psycopg
from django.db import connections

from aether.kernel import clock

LOCK_SPACE = 0x776F
ALIVE_SPACE, ALIVE = 0x776E, 0
"""The lock that all processes share."""
SILENT_MAX_S = 3.0
"""A process that has asked nothing for so long runs nothing any more."""
ANSWER_S = 2.5

Connection = psycopg.AsyncConnection[Any]

_ALIVE = """
SELECT pid, pid = pg_backend_pid() FROM pg_locks
WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

_TAKE = "SELECT key, pg_try_advisory_lock(%s, key) FROM unnest(%s::int[]) AS key"
_GIVE = "SELECT pg_advisory_unlock(%s, key) FROM unnest(%s::int[]) AS key"

# A copy without people costs nothing: it is in none of these.
_WANTED = """
SELECT instance, bool_or(is_draining) FROM (
    SELECT instance, false AS is_draining FROM world_characterplace WHERE is_present GROUP BY instance
    UNION ALL SELECT instance, false FROM world_gathering WHERE ends_at <= %s
    UNION ALL SELECT id, true FROM world_zonecopy WHERE state = 'draining'
) AS wanted GROUP BY instance
"""


class Wanted(NamedTuple):
    """A copy that somebody has to run."""

    instance: str
    is_draining: bool


class Ownership:
    """The copies that this process runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.held: set[str] = set()

    async def wanted(self) -> list[Wanted]:
        """Return the copies in which somebody is or something is due, whoever runs them."""
        return [Wanted(*row) for row in await self._ask(_WANTED, [clock.utc_now()])]

    async def falling_to_us(self, instances: Collection[str]) -> set[str]:
        """Return those of the copies that are for this process to run, among all that live."""
        alive = await self._ask(_ALIVE, [ALIVE_SPACE, ALIVE])
        ours = next((pid for pid, is_ours in alive if is_ours), None)
        if ours is None:
            raise ConnectionError("the lock that all processes share is lost")
        everybody = [pid for pid, _ in alive]
        return {instance for instance in instances if chosen(instance, everybody) == ours}

    async def take(self, instances: Collection[str]) -> None:
        """Run those of the copies that nobody runs."""
        missing = sorted(set(instances) - self.held)
        if not missing:
            return
        taken = dict(await self._ask(_TAKE, [LOCK_SPACE, [key_of(instance) for instance in missing]]))
        self.held |= {instance for instance in missing if taken[key_of(instance)]}

    async def give(self, instances: Collection[str]) -> None:
        """Leave copies to others."""
        given = sorted(set(instances) & self.held)
        if given:
            self.held -= set(given)
            await self._ask(_GIVE, [LOCK_SPACE, [key_of(instance) for instance in given]])

    async def _ask(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        async with asyncio.timeout(ANSWER_S):
            return await (await self._connection.execute(query, values)).fetchall()


def key_of(instance: str) -> int:
    """Return the number that stands for a copy in its lock. Two copies of one number have one owner."""
    return crc32(instance.encode()) - 2**31


def chosen(instance: str, processes: Sequence[int]) -> int:
    """Return the process that a copy falls to: few copies move when one comes or goes."""

    def weight(process: int) -> bytes:
        return blake2b(f"{process} {key_of(instance)}".encode(), digest_size=8).digest()

    return max(processes, key=weight)


@asynccontextmanager
async def owning() -> AsyncIterator[Ownership]:
    """Be one of the processes that run copies; what it runs is free again when the block ends."""
    parameters = {
        name: value
        for name, value in connections["default"].get_connection_params().items()
        if name in {"host", "port", "user", "password", "dbname", "sslmode", "options", "connect_timeout"}
    }
    async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as connection:
        await connection.execute(f"SET idle_session_timeout = {int(SILENT_MAX_S * 1000)}")
        await connection.execute("SELECT pg_advisory_lock_shared(%s, %s)", [ALIVE_SPACE, ALIVE])
        yield Ownership(connection)
