"""What a caller of the group commit hands in: the entry, its receipt, and the rows that ride along."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from aether.kernel.journal.chain import NOBODY, Head, Stream


class Receipt(NamedTuple):
    """What makes a command exactly-once: the same id answers `reply` again, if its body is the same."""

    character_id: int
    command_id: str
    digest: bytes
    reply: bytes


class Batch(NamedTuple):
    """A statement that takes the rows of many appends at once.

    `statement` names them as `{rows}`, with the columns given here, each a name and a PostgreSQL type.
    """

    statement: str
    columns: tuple[tuple[str, str], ...]


class Rider(NamedTuple):
    """One row of a batch. It is written if, and only if, its entry is."""

    batch: Batch
    row: tuple[object, ...]


class Append(msgspec.Struct, frozen=True, kw_only=True):
    """One entry for the head that its writer saw, with everything that must commit together with it."""

    stream: Stream
    expected: Head
    payload: bytes
    actor_id: int = NOBODY
    receipt: Receipt | None = None
    riders: tuple[Rider, ...] = ()


class CommandReplayed(Exception):
    """The command was executed before: nothing was written, `reply` is what it answered then."""

    def __init__(self, reply: bytes) -> None:
        super().__init__("command replayed")
        self.reply = reply
