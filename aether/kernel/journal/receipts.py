"""Receipts of commands, for handlers that run inside a Django transaction."""

from __future__ import annotations

from typing import NamedTuple

from aether.kernel import failpoints
from aether.kernel.errors import IdReusedError
from aether.kernel.journal.appends import Receipt
from aether.kernel.journal.models import CommandReceipt


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
    row = (
        CommandReceipt.objects.filter(character_id=character_id, command_id=command_id)
        .values_list("digest", "reply")
        .first()
    )
    return StoredReply(bytes(row[0]), bytes(row[1])) if row else None


def store(receipt: Receipt) -> None:
    """Keep the reply with the change, inside the caller's transaction.

    Two transactions with the same id: the second raises IntegrityError and rolls back, then finds
    the reply of the first.
    """
    CommandReceipt.objects.create(
        character_id=receipt.character_id,
        command_id=receipt.command_id,
        digest=receipt.digest,
        reply=receipt.reply,
    )
    if failpoints.is_armed:
        failpoints.reach("after_append")
