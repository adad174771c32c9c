"""What a character has of a thing is an event of a stream of the two: others there wait for nothing."""

from __future__ import annotations

import msgspec

from aether.kernel import clock, journal
from aether.kernel.journal import Head, StreamKind
from apps.world.models import ObjectTaking
from apps.world.rules.objects import ObjectTaken


def note_taking(*, character_id: int, zone: str, object_id: str, taken: ObjectTaken) -> None:
    """Write down what a character did with a thing. Call inside the transaction that gives it."""
    row, _ = ObjectTaking.objects.select_for_update().get_or_create(
        character_id=character_id, zone=zone, object_id=object_id
    )
    head = journal.record_after(
        StreamKind.TAKING,
        row.pk,
        msgspec.json.encode(taken),
        head=Head(row.version, bytes(row.hash)),
        actor_id=character_id,
    )
    row.version, row.hash = head.version, head.hash
    row.state, row.taken_at = taken.state, clock.utc_now()
    row.save(update_fields=["version", "hash", "state", "taken_at"])
