"""Receipts of commands, for handlers that run inside a Django transaction."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from aether.kernel import failpoints
from aether.kernel.errors import IdReusedError
from aether.kernel.journal.appends import Receipt

_FIND = "SELECT digest, reply FROM command_receipt WHERE character_id = %s AND command_id = %s"
_STORE = "INSERT INTO command_receipt (character_id, command_id, digest, reply) VALUES (%s, %s, %s, %s)"


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


def store(receipt: Receipt) -> None:
    """Keep the reply with the change, inside the caller's transaction.

    Two transactions with the same id: the second raises IntegrityError and rolls back, then finds
    the reply of the first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [receipt.character_id, receipt.command_id, receipt.digest, receipt.reply])
    if failpoints.is_armed:
        failpoints.reach("after_append")
