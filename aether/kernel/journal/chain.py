"""What a stream of the journal is made of, and the hash that chains its entries."""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime
from enum import IntEnum
from typing import NamedTuple

from aether.kernel.errors import GameError

HASH_BYTES = 32
NOBODY = 0
"""The actor of entries that nobody asked for."""

_FIXED = struct.Struct(">hqiqq")


class StreamKind(IntEnum):
    """What a stream tells about; its id is that of the thing."""

    BATTLE = 1
    CHARACTER = 2
    AUDIT = 3
    QUEST = 4
    OBJECT = 5
    LEDGER = 6
    TAKING = 7


class Stream(NamedTuple):
    kind: StreamKind
    id: int


class Head(NamedTuple):
    """Where a stream ends; the next entry has version + 1 and is chained to `hash`."""

    version: int
    hash: bytes


EMPTY = Head(0, bytes(HASH_BYTES))


class Entry(NamedTuple):
    stream: Stream
    version: int
    payload: bytes
    actor_id: int
    at_us: int
    hash: bytes

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.at_us / 1_000_000, UTC)

    @property
    def head(self) -> Head:
        """Return the head of the stream as of this entry."""
        return Head(self.version, self.hash)

    def is_chained_to(self, previous: Head) -> bool:
        """Tell if this entry is the untouched successor of `previous`."""
        link = chain_hash(
            previous,
            stream=self.stream,
            at_us=self.at_us,
            actor_id=self.actor_id,
            payload=self.payload,
        )
        return self.version == previous.version + 1 and self.hash == link


def chain_hash(previous: Head, *, stream: Stream, at_us: int, actor_id: int, payload: bytes) -> bytes:
    """Return SHA-256 over the previous hash, the stream, the version, the time, the actor and the payload."""
    fixed = _FIXED.pack(stream.kind, stream.id, previous.version + 1, at_us, actor_id)
    return hashlib.sha256(previous.hash + fixed + payload).digest()


class BrokenChainError(Exception):
    """A row of the journal is not what was committed, or is gone."""


def unbroken(entries: list[Entry], *, is_from_the_start: bool) -> list[Entry]:
    """Return the entries of a stream as they are; raise where one does not follow from the one before it."""
    before = EMPTY if is_from_the_start else None
    for entry in entries:
        if before is not None and not entry.is_chained_to(before):
            raise BrokenChainError(f"{entry.stream}, version {entry.version}: this is not what was committed")
        before = entry.head
    return entries


class VersionConflictError(GameError):
    """Somebody else has written the version that this entry was meant for: look again, then decide."""

    code = "stale"
    en = "Something happened in the meantime. Look again, then decide."
    fr = "Il s'est passé quelque chose entre-temps. Regardez, puis décidez."
