"""The journal inside a Django transaction: `record` appends at the head, `entries` reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import msgspec
from django.db import connection

from aether.kernel import clock
from aether.kernel.journal.chain import (
    EMPTY,
    NOBODY,
    Entry,
    Head,
    Stream,
    StreamKind,
    VersionConflictError,
    chain_hash,
)
from aether.kernel.journal.models import JournalEntry

ATTEMPTS = 5

_HEAD = "SELECT version, hash FROM journal WHERE kind = %s AND id = %s ORDER BY version DESC LIMIT 1"
_MENTIONS = (
    "SELECT EXISTS (SELECT FROM journal WHERE kind = %s AND id = %s AND position(%s::bytea IN payload) > 0)"
)
_OF_STREAMS = (
    "SELECT id, version, payload, actor_id, at_us, hash FROM journal WHERE kind = %s AND id = ANY(%s)"
)
_INSERT = """
INSERT INTO journal (kind, id, version, payload, actor_id, at_us, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


def record(
    kind: StreamKind,
    stream_id: int,
    payload: msgspec.Struct | dict[str, object],
    *,
    actor_id: int | None = None,
) -> int:
    """Append at the head of a stream, inside the caller's transaction, and return the version.

    Takes the stream's advisory lock until the transaction ends, so that such writers queue up; a
    writer of the group commit that was faster moves the head, and this one looks again.
    """
    stream, encoded = Stream(kind, stream_id), msgspec.json.encode(payload)
    if not connection.in_atomic_block:
        raise RuntimeError("journal.record belongs inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [int(kind), stream_id])
    for _ in range(ATTEMPTS):
        new = _inserted(stream, head_of(stream), encoded, actor_id or NOBODY)
        if new is not None:
            return new.version
    raise VersionConflictError


def record_after(
    kind: StreamKind, stream_id: int, payload: bytes, *, head: Head, actor_id: int | None = None
) -> Head:
    """Append to a stream that still ends where the caller knows it to, inside the caller's transaction.

    Return where it stands then; refuse where somebody was faster, which ends the transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("journal.record_after belongs inside a transaction")
    new = _inserted(Stream(kind, stream_id), head, payload, actor_id or NOBODY)
    if new is None:
        raise VersionConflictError
    return new


def begin(
    kind: StreamKind,
    stream_id: int,
    payload: msgspec.Struct | dict[str, object],
    *,
    actor_id: int | None = None,
) -> Head:
    """Write the first entry of a stream that is new by its id, inside the caller's transaction.

    Return where the stream stands then.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("journal.begin belongs inside a transaction")
    encoded = msgspec.json.encode(payload)
    head = _inserted(Stream(kind, stream_id), EMPTY, encoded, actor_id or NOBODY)
    if head is None:
        raise VersionConflictError
    return head


def head_of(stream: Stream) -> Head:
    """Return where a stream ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [int(stream.kind), stream.id])
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1])) if row else EMPTY


def newest(kind: StreamKind, stream_ids: Collection[int], *, most: int) -> list[Entry]:
    """Return the latest entries of some streams together, the latest first."""
    query = f"{_OF_STREAMS} ORDER BY at_us DESC, id DESC, version DESC LIMIT %s"
    return _found(query, kind, stream_ids, most)


def last_until(kind: StreamKind, stream_ids: Collection[int], moment: datetime) -> dict[int, Entry]:
    """Return the last entry that each of some streams had at a moment, of those that had any."""
    query = f"{_OF_STREAMS} AND at_us <= %s ORDER BY id, version DESC"
    at_us = int(moment.timestamp() * 1_000_000)
    found = _found(query.replace("SELECT", "SELECT DISTINCT ON (id)", 1), kind, stream_ids, at_us)
    return {entry.stream.id: entry for entry in found}


def _found(query: str, kind: StreamKind, stream_ids: Collection[int], last: int) -> list[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(query, [int(kind), list(stream_ids), last])
        return [
            Entry(Stream(kind, stream_id), version, bytes(payload), actor_id, at_us, bytes(link))
            for stream_id, version, payload, actor_id, at_us, link in cursor
        ]


def entries(kind: StreamKind, stream_id: int, *, after: int = 0) -> Iterator[Entry]:
    """Walk through a stream, in order, from the entry after version `after`."""
    rows = (
        JournalEntry.objects.filter(kind=kind, stream_id=stream_id, version__gt=after)
        .order_by("version")
        .values_list("version", "payload", "actor_id", "at_us", "hash")
    )
    stream = Stream(kind, stream_id)
    for version, payload, actor_id, at_us, link in rows.iterator(chunk_size=500):
        yield Entry(stream, version, bytes(payload), actor_id, at_us, bytes(link))


def mentions(kind: StreamKind, stream_id: int, text: str) -> bool:
    """Tell if an entry of a stream holds a text, as it stands in its JSON. Reads the whole stream."""
    with connection.cursor() as cursor:
        cursor.execute(_MENTIONS, [int(kind), stream_id, text.encode()])
        return bool(cursor.fetchone()[0])


def _inserted(stream: Stream, head: Head, payload: bytes, actor_id: int) -> Head | None:
    at_us = int(clock.now() * 1_000_000)
    link = chain_hash(head, stream=stream, at_us=at_us, actor_id=actor_id, payload=payload)
    row: list[int | bytes] = [int(stream.kind), stream.id, head.version + 1, payload, actor_id, at_us, link]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row)
        return Head(head.version + 1, link) if cursor.rowcount else None
