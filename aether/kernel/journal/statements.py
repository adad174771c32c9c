"""One prepared statement on a connection of the event loop, without a cursor.

A cursor of psycopg waits in a task with a timer and adapts each value anew. The writer of the journal sends
some hundred statements a second, whose values are packed already: it waits for the socket itself, and for
nothing else.
"""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import errors, generators
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait

from aether.kernel.journal.connections import Connection
from aether.kernel.journal.packing import PackedArray

BINARY = 1

_prepared: WeakKeyDictionary[Connection, dict[str, bytes]] = WeakKeyDictionary()


async def column_of(connection: Connection, statement: str, arrays: list[PackedArray]) -> list[int]:
    """Execute a statement with a `%b` for each array, and return its one column, integers of four bytes.

    Raises what psycopg raises. Call with a connection that nobody else uses meanwhile.
    """
    pgconn = connection.pgconn
    name = await _name_of(connection, statement)
    values = [each.packed for each in arrays]
    pgconn.send_query_prepared(name, values, param_formats=[BINARY] * len(values), result_format=BINARY)
    result = await _result(pgconn)
    return [int.from_bytes(result.get_value(row, 0) or b"", signed=True) for row in range(result.ntuples)]


async def _name_of(connection: Connection, statement: str) -> bytes:
    """Return the name of a statement that is prepared once for each connection."""
    names = _prepared.setdefault(connection, {})
    name = names.get(statement)
    if name is None:
        name = f"journal_{len(names)}".encode()
        first, *others = statement.split("%b")
        text = first + "".join(f"${n}{part}" for n, part in enumerate(others, start=1))
        connection.pgconn.send_prepare(name, text.encode())
        await _result(connection.pgconn)
        names[statement] = name
    return name


async def _result(pgconn: PGconn) -> PGresult:
    """Send what is to be sent, and return the one answer."""
    (result,) = await _driven(pgconn)
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise errors.error_from_result(result, encoding="utf-8")
    return result


async def _driven(pgconn: PGconn) -> list[PGresult]:
    """Let libpq send and read whenever its socket is ready for that."""
    steps: Any = generators.execute(pgconn)
    ready: Ready | None = None
    while True:
        try:
            wanted = steps.send(ready)
        except StopIteration as done:
            return list(done.value)
        ready = await _socket_ready(pgconn.socket, wanted)


async def _socket_ready(socket: int, wanted: Wait) -> Ready:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[Ready] = loop.create_future()

    def wake(how: Ready) -> None:
        if not ready.done():
            ready.set_result(how)

    if wanted & Wait.R:
        loop.add_reader(socket, wake, Ready.R)
    if wanted & Wait.W:
        loop.add_writer(socket, wake, Ready.W)
    try:
        return await ready
    finally:
        loop.remove_reader(socket)
        loop.remove_writer(socket)
