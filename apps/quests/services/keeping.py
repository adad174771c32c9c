"""Keeping the state of quests: one writer per character, every change in the journal and on `me`."""

from __future__ import annotations

import msgspec
from django.db import connection

from aether.kernel import clock, journal, realtime
from aether.kernel.journal import StreamKind
from aether.protocol.quests import QuestChanged
from apps.quests import selectors
from apps.quests.conditions import QuestState
from apps.quests.definitions import QuestDef
from apps.quests.errors import NotAvailableError
from apps.quests.models import QuestStatus
from apps.quests.rules.machine import Status, is_legal


class QuestMoved(msgspec.Struct, frozen=True, kw_only=True, tag="quest_moved"):
    """A quest changed; `cause` says by what, as in `battle.won:77` or `talk:ilse_varn`."""

    quest: str
    version: int
    before: QuestState
    state: QuestState
    step: str | None
    progress: dict[str, int]
    cause: str


def lock_character(character_id: int) -> None:
    """Have everything else in this character's quests wait for this transaction.

    It is the lock that the journal takes of the same stream; taken first, reads are as fresh as writes.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [int(StreamKind.QUEST), character_id]
        )


def status(character_id: int, quest_id: str) -> Status:
    """Return where a character stands. Call while holding the character's lock."""
    row = QuestStatus.objects.filter(character_id=character_id, quest=quest_id).first()
    return selectors.status_of(row) if row else Status()


def keep(character_id: int, quest: QuestDef, before: Status, after: Status, cause: str) -> None:
    """Store a change, journal it and tell it. Call while holding the character's lock."""
    if after == before:
        return
    if not is_legal(before.state, after.state):
        raise NotAvailableError(quest=quest.id)
    QuestStatus.objects.update_or_create(
        character_id=character_id,
        quest=quest.id,
        defaults={
            "state": after.state,
            "step": after.step,
            "progress": dict(after.progress),
            "version": quest.version,
            "changed_at": clock.utc_now(),
        },
    )
    moved = QuestMoved(
        quest=quest.id,
        version=quest.version,
        before=before.state,
        state=after.state,
        step=after.step,
        progress=dict(after.progress),
        cause=cause,
    )
    journal.record(StreamKind.QUEST, character_id, moved, actor_id=character_id)
    realtime.tell_character(character_id, QuestChanged(quest=selectors.wire(quest, after)))
