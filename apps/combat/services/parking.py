"""What happens to a battle that cannot go on: after three tries it is stopped, and everybody is free.

A stopped battle pays nobody and takes nothing; its log stays for whoever looks into it.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import F

from aether.kernel import clock, facts, journal, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.facts.types import BattleEnded, Participant
from aether.kernel.journal import StreamKind
from aether.protocol.combat import CurrentBattleChanged
from aether.protocol.combat_events import BattleEnded as BattleEndedEvent
from apps.combat import logbook
from apps.combat.models import BattleRecord
from apps.combat.running import kept, stream_name, stream_of

logger = logging.getLogger(__name__)

TRIES = 3
NOBODY = -1


async def note_fault(battle_id: int, error: Exception) -> bool:
    """Count a failure of a battle; return whether it was the last one and the battle is stopped now.

    Call without holding the battle's lock.
    """
    logger.error("battle %d failed", battle_id, exc_info=error)
    is_stopped = await in_database_thread(_count_and_stop, battle_id, repr(error))
    if is_stopped:
        await _tell(battle_id)
    return is_stopped


def _count_and_stop(battle_id: int, problem: str) -> bool:
    with transaction.atomic():
        BattleRecord.objects.filter(pk=battle_id).update(faults=F("faults") + 1)
        record = BattleRecord.objects.select_for_update().get(pk=battle_id)
        if record.status != BattleRecord.Status.LIVE:
            return True
        if record.faults < TRIES:
            return False
        _stop(record, problem)
        return True


def _stop(record: BattleRecord, problem: str) -> None:
    """Call inside a transaction, while holding the record's row lock."""
    end = BattleEndedEvent(winner=NOBODY, reason="engine_fault", results=())
    journal.record(StreamKind.BATTLE, record.pk, logbook.Stopped(events=(end,), problem=problem))
    record.status, record.deadline = BattleRecord.Status.FAULTED, None
    record.ended_at = clock.utc_now()
    record.save(update_fields=["status", "deadline", "ended_at"])
    freed = [row.character_id for row in record.participants.order_by("character_id")]
    record.participants.update(is_live=False, outcome="drawn")
    facts.publish(_fact(record, freed))
    for character_id in freed:
        realtime.tell_character(character_id, CurrentBattleChanged(battle=None, stream=None, outcome="drawn"))


def _fact(record: BattleRecord, character_ids: list[int]) -> BattleEnded:
    return BattleEnded(
        battle=record.pk,
        mode="pve" if record.mode == BattleRecord.Mode.PVE else "duel",
        zone=record.zone,
        instance=record.instance,
        group=record.group_id,
        rounds=record.round,
        participants=tuple(
            Participant(character=character_id, outcome="drawn", xp=0, loot_key="")
            for character_id in character_ids
        ),
        slain=(),
        is_rewarded=False,
    )


async def _tell(battle_id: int) -> None:
    """Tell the watchers what others have committed, which includes the end."""
    battle = kept(battle_id)
    if battle is None:
        return
    async with battle.lock:
        for entry in await journal.read(stream_of(battle_id), after=battle.head.version):
            updates = battle.take_entry(logbook.decode(entry.payload), entry.head)
            await realtime.send_sequenced(stream_name(battle_id), updates)
