"""Receipts of commands, for handlers that run inside a Django transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection

from aether.kernel import failpoints
from aether.kernel.errors import IdReusedError
from aether.kernel.journal.appends import Receipt

_FIND = "SELECT digest, reply FROM command_receipt WHERE character_id = %s AND command_id = %s"
_STORE = "INSERT INTO command_receipt (character_id, command_id, digest, reply) VALUES (%s, %s, %s, %s)"
_FIND_ALL = """
    SELECT character_id, command_id, digest, reply FROM command_receipt
    JOIN unnest(%s::bigint[], %s::text[]) AS asked (character_id, command_id) USING (character_id, command_id)
"""
_STORE_ALL = """
    INSERT INTO command_receipt (character_id, command_id, digest, reply)
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::bytea[])
"""


class StoredReply(NamedTuple):
    digest: bytes
    reply: bytes

    def answer_to(self, digest: bytes) -> bytes:
        """Return the reply to a command sent again; refuse another command under its id."""
        if self.digest != digest:
            raise IdReusedError
        return self.reply


def find(character_id: int, command_id: str) -> StoredReply | None:
    """Return what a command was answered, if it was executed before."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [character_id, command_id])
        row = cursor.fetchone()
    return StoredReply(bytes(row[0]), bytes(row[1])) if row else None


def find_all(commands: Iterable[tuple[int, str]]) -> dict[tuple[int, str], StoredReply]:
    """Return what those among some commands, by character and id, were answered that were executed before."""
    asked = sorted(set(commands))
    with connection.cursor() as cursor:
        cursor.execute(_FIND_ALL, [[character for character, _ in asked], [command for _, command in asked]])
        return {(row[0], row[1]): StoredReply(bytes(row[2]), bytes(row[3])) for row in cursor.fetchall()}


def store_all(receipts: Sequence[Receipt]) -> None:
    """Keep several replies with what they changed, as `store` does."""
    if receipts:
        rows = sorted((each.character_id, each.command_id, each.digest, each.reply) for each in receipts)
        with connection.cursor() as cursor:
            cursor.execute(_STORE_ALL, [list(column) for column in zip(*rows, strict=True)])
    if failpoints.is_armed:
        failpoints.reach("after_append")


def store(receipt: Receipt) -> None:
    """Keep the reply with the change, inside the caller's transaction.

    Two transactions with the same id: the second raises IntegrityError and rolls back, then finds
    the reply of the first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [receipt.character_id, receipt.command_id, receipt.digest, receipt.reply])
    if failpoints.is_armed:
        failpoints.reach("after_append")
