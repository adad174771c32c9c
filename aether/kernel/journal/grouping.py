"""One SQL statement for a whole group of appends: entries, receipts and riders, all or nothing per entry.

An entry is written when no receipt of its command exists, its predecessor is the expected one and its
version is free. Receipts and riders join the entries that were written, so none can be an orphan.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from aether.kernel.journal.appends import Append, Batch
from aether.kernel.journal.chain import HASH_BYTES, Head, chain_hash
from aether.kernel.journal.packing import PackedArray, pack

_GIVEN = (
    ("n", "int"),
    ("kind", "smallint"),
    ("id", "bigint"),
    ("version", "int"),
    ("payload", "bytea"),
    ("actor_id", "bigint"),
    ("at_us", "bigint"),
    ("hash", "bytea"),
    ("previous", "bytea"),
    ("character_id", "bigint"),
    ("command_id", "text"),
    ("digest", "bytea"),
    ("reply", "bytea"),
)

# The subqueries give one value each, so they are looked up by index, row after row, whatever the planner
# thinks of the tables: a plan made while they are empty is kept, and must still do when they are not.
_WRITE = """
WITH given AS (SELECT * FROM {given}),
written AS (
    INSERT INTO journal (kind, id, version, payload, actor_id, at_us, hash)
    SELECT kind, id, version, payload, actor_id, at_us, hash FROM given
    WHERE (given.command_id = '' OR (
        SELECT r.character_id FROM command_receipt r
        WHERE r.character_id = given.character_id AND r.command_id = given.command_id
    ) IS NULL) AND (given.version = 1 OR (
        SELECT j.hash FROM journal j
        WHERE j.kind = given.kind AND j.id = given.id AND j.version = given.version - 1
    ) = given.previous)
    ORDER BY kind, id
    ON CONFLICT DO NOTHING
    RETURNING kind, id, version
),
won AS (SELECT given.* FROM given JOIN written USING (kind, id, version)),
receipts AS (
    INSERT INTO command_receipt (character_id, command_id, digest, reply)
    SELECT character_id, command_id, digest, reply FROM won WHERE command_id <> ''
){riders}
SELECT n FROM won
"""


class Pending(msgspec.Struct, frozen=True):
    """An append with the moment and the hash that its entry will have."""

    append: Append
    at_us: int
    head: Head

    @classmethod
    def of(cls, append: Append, at_us: int) -> Pending:
        link = chain_hash(
            append.expected,
            stream=append.stream,
            at_us=at_us,
            actor_id=append.actor_id,
            payload=append.payload,
        )
        return cls(append, at_us, Head(append.expected.version + 1, link))


def statement_of(group: Sequence[Pending]) -> tuple[str, list[PackedArray]]:
    """Return the statement that writes a group, and its arrays."""
    arrays = _arrays([_given(n, each) for n, each in enumerate(group)], _GIVEN)
    rows: dict[Batch, list[tuple[object, ...]]] = {}
    for n, each in enumerate(group):
        for rider in each.append.riders:
            rows.setdefault(rider.batch, []).append((n, *rider.row))
    batches = tuple(sorted(rows))
    for batch in batches:
        arrays += _arrays(rows[batch], (("n", "int"), *batch.columns))
    return _text(batches), arrays


def _given(n: int, pending: Pending) -> tuple[object, ...]:
    append = pending.append
    return (
        n,
        append.stream.kind,
        append.stream.id,
        pending.head.version,
        append.payload,
        append.actor_id,
        pending.at_us,
        pending.head.hash,
        append.expected.hash[:HASH_BYTES],
        *(append.receipt or (0, "", b"", b"")),
    )


def _arrays(rows: list[tuple[object, ...]], columns: tuple[tuple[str, str], ...]) -> list[PackedArray]:
    """Turn rows into one array a column."""
    named = zip(columns, zip(*rows, strict=True), strict=True)
    return [pack(kind, values) for (_, kind), values in named]


@lru_cache(maxsize=64)
def _text(batches: tuple[Batch, ...]) -> str:
    riders = []
    for number, batch in enumerate(batches):
        names = ", ".join(f"r.{name}" for name, _ in batch.columns)
        rows = f"(SELECT {names} FROM {_unnest((('n', 'int'), *batch.columns))} JOIN won ON won.n = r.n) AS r"  # noqa: S608 - names from code
        riders.append(f",\nrider_{number} AS ({batch.statement.replace('{rows}', rows)})")
    return _WRITE.format(given=_unnest(_GIVEN), riders="".join(riders))


def _unnest(columns: tuple[tuple[str, str], ...]) -> str:
    arrays = ", ".join(f"%b::{kind}[]" for _, kind in columns)
    return f"unnest({arrays}) AS r({', '.join(name for name, _ in columns)})"
