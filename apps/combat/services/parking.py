"""What happens to a battle that cannot go on: after three tries it is stopped, and everybody is free.

A stopped battle pays nobody and takes nothing; its log stays for whoever looks into it.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.db.models import F

from aether.kernel import clock, facts, journal, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError
from aether.kernel.facts.types import BattleEnded, Participant
from aether.kernel.journal import StreamKind
from aether.kernel.transactions import transactional
from aether.protocol.combat import CurrentBattleChanged
from aether.protocol.combat_events import BattleEnded as BattleEndedEvent
from apps.combat import engine, logbook, metrics
from apps.combat.faults import FAULTS, of_this_battle
from apps.combat.models import BattleRecord
from apps.combat.running import Numbered, RunningBattle, kept, stream_name, stream_of

logger = logging.getLogger(__name__)

TRIES = 3
NOBODY = -1
PROBLEM_LENGTH_MAX = 2_000


async def note_fault(battle_id: int, error: Exception) -> bool:
    """Count a failure of a battle; return whether it was the last one and the battle is stopped now.

    Call without holding the battle's lock.
    """
    logger.error("battle %d failed", battle_id, exc_info=error)
    metrics.FAULTS.labels("failure").inc()
    is_stopped = await in_database_thread(_count_and_stop, battle_id, _told(error))
    if is_stopped:
        await tell_end(battle_id)
    return is_stopped


async def freeze(battle_id: int, error: engine.NotReplayableError) -> None:
    """Stop a battle at once that cannot go on here, whoever tries again: its rules are others."""
    logger.warning("battle %d is frozen: it was begun under other rules", battle_id)
    if await in_database_thread(_freeze, battle_id, _told(error)):
        await tell_end(battle_id)


def _told(error: Exception) -> str:
    """Return what went wrong and where, for whoever looks into it."""
    cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
    frames = traceback.extract_tb(cause.__traceback__)
    if not frames:
        return repr(cause)[:PROBLEM_LENGTH_MAX]
    last = frames[-1]
    where = f"{last.name}, line {last.lineno} of {Path(last.filename).name}"
    return f"{cause!r} in {where}"[:PROBLEM_LENGTH_MAX]


@transactional
def _freeze(battle_id: int, problem: str) -> bool:
    # The log before the row, as whoever plays on takes them.
    write_end(battle_id, "engine_fault", problem)
    record = BattleRecord.objects.select_for_update().get(pk=battle_id)
    if record.status != BattleRecord.Status.LIVE:
        transaction.set_rollback(True)
        return False
    free(record, BattleRecord.Status.FAULTED)
    return True


def _count_and_stop(battle_id: int, problem: str) -> bool:
    with transaction.atomic():
        BattleRecord.objects.filter(pk=battle_id).update(faults=F("faults") + 1)
    record = BattleRecord.objects.get(pk=battle_id)
    if record.status != BattleRecord.Status.LIVE:
        return True
    if record.faults < TRIES:
        return False
    _freeze(battle_id, problem)
    return True


def write_end(battle_id: int, reason: Literal["engine_fault", "staff"], problem: str) -> None:
    """Write into a battle's log that it ends here, without a winner. Call inside a transaction."""
    end = BattleEndedEvent(winner=NOBODY, reason=reason, results=())
    journal.record(StreamKind.BATTLE, battle_id, logbook.Stopped(events=(end,), problem=problem))


def free(record: BattleRecord, status: BattleRecord.Status) -> None:
    """Let everybody leave a battle that nobody has won, unpaid. Call while holding the record's row lock."""
    record.status, record.deadline = status, None
    record.ended_at = record.ended_at or clock.utc_now()
    record.save(update_fields=["status", "deadline", "ended_at"])
    freed = [row.character_id for row in record.participants.order_by("character_id")]
    record.participants.update(is_live=False, outcome="drawn")
    facts.publish(unpaid_end(record, freed))
    for character_id in freed:
        realtime.tell_character(character_id, CurrentBattleChanged(battle=None, stream=None, outcome="drawn"))


def unpaid_end(record: BattleRecord, character_ids: list[int]) -> BattleEnded:
    """Return what the other apps are told of a battle that pays nobody and takes nothing."""
    return BattleEnded(
        battle=record.pk,
        mode=record.kind,
        zone=record.zone,
        instance=record.instance,
        group=record.group_id,
        rounds=record.round,
        participants=tuple(
            Participant(character=character_id, outcome="drawn", xp=0, loot_key="", used={})
            for character_id in character_ids
        ),
        slain=(),
        is_rewarded=False,
        ended_at=record.ended_at.timestamp() if record.ended_at else None,
    )


async def tell_end(battle_id: int) -> None:
    """Tell the watchers, on whichever process, what others have committed, which includes the end.

    Where the log cannot be read there is nothing to tell; the players are told on `me` that they are free.
    """
    try:
        await _tell(battle_id)
    except (*FAULTS, GameError, engine.NotReplayableError) as error:
        logger.warning("the watchers of battle %d cannot be told of its end: %r", battle_id, error)


async def _tell(battle_id: int) -> None:
    battle = kept(battle_id)
    if battle is None:
        # Nobody here knows how far the others are; that they have seen all but the end is for certain.
        absent = RunningBattle(battle_id)
        absent.is_watched = True
        await realtime.send_sequenced(stream_name(battle_id), _last_of_each(await absent.load()))
        return
    async with battle.lock:
        for entry in await journal.read(stream_of(battle_id), after=battle.head.version):
            with of_this_battle():
                updates = battle.take_entry(logbook.decode(entry.payload), entry.head)
            await realtime.send_sequenced(stream_name(battle_id), updates)
        if not battle.is_watched:
            # Spectators may look on by way of another process.
            battle.is_watched = True
            last = _last_of_each(await battle.load())
            shown = [update for update in last if update[0] == engine.SPECTATOR]
            await realtime.send_sequenced(stream_name(battle_id), shown)


def _last_of_each(told: list[Numbered]) -> list[Numbered]:
    """Return the last update that each audience was told."""
    return list({update[0]: update for update in told}.values())
