"""The group commit: all appends that arrive while a commit is in flight go into the next one.

One statement writes a group, so a group is one round trip and one transaction. Each event loop has
its own pool and its own writer.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg_pool import PoolTimeout

from aether.kernel import clock, failpoints
from aether.kernel.errors import IdReusedError, UnavailableError
from aether.kernel.journal import metrics
from aether.kernel.journal.appends import Append, CommandReplayed
from aether.kernel.journal.chain import EMPTY, Entry, Head, Stream, VersionConflictError, unbroken
from aether.kernel.journal.connections import Connection, Connections
from aether.kernel.journal.grouping import Pending, statement_of
from aether.kernel.journal.receipts import StoredReply
from aether.kernel.journal.statements import column_of

logger = logging.getLogger(__name__)

GROUP_MAX = 500
ATTEMPTS = 3
READERS_MAX = 4

_HEAD = "SELECT version, hash FROM journal WHERE kind = %s AND id = %s ORDER BY version DESC LIMIT 1"
_READ = (
    "SELECT version, payload, actor_id, at_us, hash FROM journal"
    " WHERE kind = %s AND id = %s AND version > %s ORDER BY version"
)
_HASH = "SELECT hash FROM journal WHERE kind = %s AND id = %s AND version = %s"
_REPLY = "SELECT digest, reply FROM command_receipt WHERE character_id = %s AND command_id = %s"

_ROLLED_BACK = (
    psycopg.errors.IntegrityError,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)
"""Errors after which nothing of the group is written, for certain: it may be tried again."""

_GAVE_UP = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled, PoolTimeout)
"""Errors of a database that is too slow, after which nothing is written: whoever waits has waited enough."""


class _Waiting:
    """A pending append and whoever waits for it."""

    __slots__ = ("future", "pending")

    def __init__(self, pending: Pending) -> None:
        self.pending = pending
        self.future: asyncio.Future[Head] = asyncio.get_running_loop().create_future()

    def succeed(self) -> None:
        if not self.future.done():
            self.future.set_result(self.pending.head)

    def fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class GroupCommit:
    """The writer of one event loop. It has a connection for itself, so that it never waits behind readers."""

    def __init__(self) -> None:
        self._writing = Connections("journal", most=1)
        self.reading = Connections("journal reads", most=READERS_MAX)
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def append(self, append: Append) -> Head:
        waiting = _Waiting(Pending.of(append, int(clock.now() * 1_000_000)))
        self._waiting.append(waiting)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write_groups())
        return await waiting.future

    async def close(self) -> None:
        if self._writer is not None:
            await asyncio.gather(self._writer, return_exceptions=True)
        await self._writing.close()
        await self.reading.close()

    async def _write_groups(self) -> None:
        while self._waiting:
            group = self._take_group()
            metrics.ENTRIES.observe(len(group))
            try:
                with metrics.SECONDS.time():
                    await self._write(group)
            except BaseException as error:
                for waiting in group:
                    waiting.fail(error if isinstance(error, UnavailableError) else UnavailableError())
                if not isinstance(error, UnavailableError):
                    raise

    def _take_group(self) -> list[_Waiting]:
        """Take what waits, at most one append a stream: the next one must see its predecessor."""
        group: dict[Stream, _Waiting] = {}
        rest: list[_Waiting] = []
        for waiting in self._waiting:
            stream = waiting.pending.append.stream
            if stream in group or len(group) >= GROUP_MAX:
                rest.append(waiting)
            else:
                group[stream] = waiting
        self._waiting = rest
        return list(group.values())

    async def _write(self, group: list[_Waiting]) -> None:
        """Write a group; when the connection breaks, look on another what became of it."""
        try:
            await self._write_once(group)
        except UnavailableError as error:
            if isinstance(error.__cause__, _GAVE_UP):
                raise
            await self._writing.check()
            await self._write_once([waiting for waiting in group if not waiting.future.done()])

    async def _write_once(self, group: list[_Waiting]) -> None:
        if failpoints.is_armed:
            failpoints.reach("before_tx")
        async with self._writing.lend() as connection:
            written = await _attempt(connection, group)
            if failpoints.is_armed:
                failpoints.reach("after_append")
            if written is None:
                await _write_each(connection, group)
            else:
                await _settle(connection, group, written)


async def _attempt(connection: Connection, group: list[_Waiting]) -> set[int] | None:
    """Return which of the group were written; None when the whole was rolled back again and again."""
    statement, arrays = statement_of([waiting.pending for waiting in group])
    for attempt in range(ATTEMPTS):
        try:
            return set(await column_of(connection, statement, arrays))
        except _ROLLED_BACK as error:
            logger.info("a group of %d was rolled back (%d): %s", len(group), attempt, error)
    return None


async def _write_each(connection: Connection, group: list[_Waiting]) -> None:
    """Write one by one what does not go in as a group, so that only the culprit fails."""
    for waiting in group:
        written = await _attempt(connection, [waiting]) if len(group) > 1 else None
        if written is None:
            waiting.fail(UnavailableError())
        else:
            await _settle(connection, [waiting], written)


async def _settle(connection: Connection, group: list[_Waiting], written: set[int]) -> None:
    """Tell everybody in the group what became of their entry."""
    for n in written:
        group[n].succeed()
    for n in set(range(len(group))) - written:
        refusal = await _refusal(connection, group[n].pending)
        if refusal is None:
            group[n].succeed()
        else:
            group[n].fail(refusal)


async def _refusal(connection: Connection, pending: Pending) -> Exception | None:
    """Say why an entry was not written now: its command came before, or it lost the race.

    None: it stands there already, written on a connection that broke before it could say so.
    """
    stream, head = pending.append.stream, pending.head
    cursor = await connection.execute(_HASH, [int(stream.kind), stream.id, head.version], binary=True)
    if await cursor.fetchone() == (head.hash,):
        return None
    receipt = pending.append.receipt
    if receipt is None:
        return VersionConflictError()
    stored = await _stored_reply(connection, receipt.character_id, receipt.command_id)
    if stored is None:
        return VersionConflictError()
    if stored.digest != receipt.digest:
        return IdReusedError()
    return CommandReplayed(stored.reply)


async def append(append: Append) -> Head:
    """Commit an entry with its receipt and riders, and return the new head of its stream.

    Raises VersionConflictError when the head has moved, CommandReplayed or IdReusedError when the
    command id was used before, and UnavailableError when the database does not answer: then the
    outcome is unknown, and sending the same command id again finds it out.
    """
    return await _committer().append(append)


async def read(stream: Stream, *, after: int = 0) -> list[Entry]:
    """Return a stream's entries after version `after`, in order; raise if a row was changed since."""
    async with _committer().reading.lend() as connection:
        cursor = await connection.execute(_READ, [int(stream.kind), stream.id, after], binary=True)
        rows = await cursor.fetchall()
    return unbroken([Entry(stream, *row) for row in rows], is_from_the_start=after == 0)


async def head(stream: Stream) -> Head:
    """Return where a stream ends."""
    async with _committer().reading.lend() as connection:
        cursor = await connection.execute(_HEAD, [int(stream.kind), stream.id], binary=True)
        row = await cursor.fetchone()
        return Head(*row) if row else EMPTY


async def stored_reply(character_id: int, command_id: str) -> StoredReply | None:
    """Return what a command was answered, if it was executed before."""
    async with _committer().reading.lend() as connection:
        return await _stored_reply(connection, character_id, command_id)


async def fetch(query: str, parameters: list[object]) -> list[tuple[Any, ...]]:
    """Read rows on the loop, without a thread: for the few hot reads beside the journal."""
    async with _committer().reading.lend() as connection:
        cursor = await connection.execute(query, parameters, binary=True)
        return await cursor.fetchall()


async def close() -> None:
    """Write what waits and close the connections of the running loop."""
    committer = _committers.pop(asyncio.get_running_loop(), None)
    if committer is not None:
        await committer.close()


_committers: WeakKeyDictionary[asyncio.AbstractEventLoop, GroupCommit] = WeakKeyDictionary()


def _committer() -> GroupCommit:
    loop = asyncio.get_running_loop()
    found = _committers.get(loop)
    if found is None:
        found = _committers[loop] = GroupCommit()
    return found


async def _stored_reply(connection: Connection, character_id: int, command_id: str) -> StoredReply | None:
    cursor = await connection.execute(_REPLY, [character_id, command_id], binary=True)
    row = await cursor.fetchone()
    return StoredReply(*row) if row else None
