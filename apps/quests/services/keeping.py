"""Keeping the state of quests: one writer per character, every change in the journal and on `me`."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.db import connection

from aether.kernel import clock, facts, journal, realtime
from aether.kernel.conditions import QuestState
from aether.kernel.facts import types as fact
from aether.kernel.journal import StreamKind
from aether.protocol.quests import QuestChanged, QuestLocked
from apps.quests import selectors
from apps.quests.definitions import QuestDef
from apps.quests.errors import NotAvailableError
from apps.quests.models import QuestStatus
from apps.quests.rules.machine import Status, is_legal

# Written out: every fact about a character comes here, and Django would compile them anew each time.
_LOCK = "SELECT pg_advisory_xact_lock(%s, hashint8(id)) FROM unnest(%s::bigint[]) AS id"
_STATUSES = """
    SELECT character_id, quest, state, step, progress::text FROM quests_queststatus
    WHERE character_id = ANY(%s) ORDER BY character_id, quest
"""
_KEEP = """
    INSERT INTO quests_queststatus (character_id, quest, state, step, progress, version, changed_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (character_id, quest) DO UPDATE SET state = excluded.state, step = excluded.step,
        progress = excluded.progress, version = excluded.version, changed_at = excluded.changed_at
"""


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
    """Have everything else in this character's quests wait for this transaction."""
    lock_characters([character_id])


def lock_characters(character_ids: Iterable[int]) -> None:
    """Have everything else in these characters' quests wait for this transaction.

    It is the lock that the journal takes of the same streams; taken first, reads are as fresh as writes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [int(StreamKind.QUEST), sorted(set(character_ids))])


def status(character_id: int, quest_id: str) -> Status:
    """Return where a character stands. Call while holding the character's lock."""
    return statuses([character_id])[character_id].get(quest_id, Status())


def statuses(character_ids: Iterable[int]) -> dict[int, dict[str, Status]]:
    """Return where some characters stand in their quests. Call while holding the characters' locks."""
    found: dict[int, dict[str, Status]] = {each: {} for each in character_ids}
    with connection.cursor() as cursor:
        cursor.execute(_STATUSES, [list(found)])
        for character_id, quest, state, step, progress in cursor.fetchall():
            counts = msgspec.json.decode(progress, type=dict[str, int])
            found[character_id][quest] = Status(state=state, step=step, progress=counts)
    return found


def has_counted(character_id: int, cause: str) -> bool:
    """Tell if something has changed a quest of this character. Call while holding its lock."""
    return journal.mentions(StreamKind.QUEST, character_id, f'"cause":"{cause}"')


def keep(character_id: int, quest: QuestDef, before: Status, after: Status, cause: str) -> None:
    """Store a change, journal it and tell it. Call while holding the character's lock."""
    if after == before:
        return
    if not is_legal(before.state, after.state):
        raise NotAvailableError(quest=quest.id)
    correct(character_id, quest, before, after, cause)


def correct(character_id: int, quest: QuestDef, before: Status, after: Status, cause: str) -> None:
    """Store a state to which no player's deed leads. Call while holding the character's lock."""
    _store(character_id, quest, after)
    _journal(character_id, quest, before, after, cause)
    if (before.state, before.step) != (after.state, after.step):
        facts.publish_heard(fact.QuestMoved(character=character_id, quest=quest.id))
    realtime.tell_character(character_id, QuestChanged(quest=selectors.wire(quest, after)))


def forget(character_id: int, quest: QuestDef, before: Status, cause: str) -> None:
    """Let a quest be locked again. Call while holding the character's lock."""
    QuestStatus.objects.filter(character_id=character_id, quest=quest.id).delete()
    _journal(character_id, quest, before, Status(), cause)
    facts.publish_heard(fact.QuestMoved(character=character_id, quest=quest.id))
    realtime.tell_character(character_id, QuestLocked(quest=quest.id))


def _store(character_id: int, quest: QuestDef, after: Status) -> None:
    progress = msgspec.json.encode(dict(after.progress)).decode()
    moment = clock.utc_now()
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP, [character_id, quest.id, after.state, after.step, progress, quest.version, moment]
        )


def _journal(character_id: int, quest: QuestDef, before: Status, after: Status, cause: str) -> None:
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
