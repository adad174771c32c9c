"""What runs in the server process by itself: the sweeper of deadlines, and who is there."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from redis.exceptions import RedisError

from aether.kernel import background, clock, dispatch, live
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError
from aether.kernel.ids import CharacterId
from apps.combat import services

logger = logging.getLogger(__name__)

SWEEP_EVERY_S = 0.5
LOOK_EVERY_S = 5.0
GRACE = timedelta(seconds=10)
"""After a start, what became due while nobody could play waits this long, so that players can come back."""

LOOKS_BEFORE_GONE = 3
"""Presence may be wiped and comes back with the next heartbeat; who is missing this often is gone."""

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@background.task("combat.deadlines")
async def keep_deadlines(stop: asyncio.Event) -> None:
    """Let battles go on whose deadline has passed."""
    began = clock.utc_now()
    while not stop.is_set():
        is_settled = clock.utc_now() >= began + GRACE
        await sweep(since=BEGINNING if is_settled else began)
        await _pause(stop, SWEEP_EVERY_S)


@background.task("combat.spectators")
async def keep_spectators(stop: asyncio.Event) -> None:
    """Tell spectators what may be told by now, and notice those who are gone without a word."""
    looked_at = 0.0
    while not stop.is_set():
        try:
            await services.tell_delayed()
            if clock.now() - looked_at >= LOOK_EVERY_S:
                looked_at = clock.now()
                await services.look_after_spectators(await in_database_thread(live.online_characters))
        except (RedisError, OSError, GameError) as error:
            # Whoever watches is told at the next look, or by the next heartbeat.
            logger.warning("spectators cannot be told: %r", error)
        await _pause(stop, SWEEP_EVERY_S)


@background.task("combat.presence")
async def keep_presence(stop: asyncio.Event) -> None:
    """Notice players who are gone without a word, as when their gateway was killed."""
    missing: dict[int, int] = {}
    while not stop.is_set():
        await _pause(stop, LOOK_EVERY_S)
        missing = await look_for_players(missing)


async def sweep(*, since: datetime = BEGINNING) -> int:
    """Give every due battle its timeout; return how many there were."""
    due = await services.claim_due(since=since)
    for battle_id in due:
        await services.pass_time(battle_id)
    return len(due)


async def look_for_players(missing: dict[int, int]) -> dict[int, int]:
    """Compare who is online with what battles believe; return how often in a row each was missing."""
    participants = await services.live_participants()
    if not participants:
        return {}
    online = set(await in_database_thread(live.online_characters))
    absent: dict[int, int] = {}
    for battle_id, character_id in participants:
        if not dispatch.is_ours("combat", battle_id):
            continue
        is_online = CharacterId(character_id) in online
        if not is_online:
            absent[character_id] = missing.get(character_id, 0) + 1
        if is_online or absent[character_id] >= LOOKS_BEFORE_GONE:
            await services.check_presence(battle_id, character_id, is_online=is_online)
    return absent


@live.register_presence("combat")
async def note_connection(character_id: CharacterId, is_online: bool) -> None:
    """A socket of this process came or went."""
    await services.note_presence(character_id, is_online=is_online)
    try:
        await services.note_spectator(character_id, is_online=is_online)
    except (RedisError, OSError, GameError) as error:
        logger.warning("who watches a battle cannot be told: %r", error)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
