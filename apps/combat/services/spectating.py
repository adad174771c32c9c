"""Watching battles: who may, how many do, and telling late what may not be told at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Collection, Iterable

from django.conf import settings
from redis.exceptions import RedisError

from aether.kernel import dispatch, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError, UnavailableError
from aether.protocol.spectating import SpectatorsChanged, WatchedBattle, WatchedBattleChanged
from apps.combat import selectors, spectators
from apps.combat.delayed import DELAYED, delayed, keep_watched
from apps.combat.errors import TooManySpectatorsError
from apps.combat.faults import UnknownHereError
from apps.combat.running import stream_name
from apps.combat.services.looking import locked
from apps.combat.spectators import Watching

logger = logging.getLogger(__name__)


async def spectate(*, character_id: int, battle_id: int) -> WatchedBattle:
    """Watch a battle, and no other; refuse as if it did not exist what this character may not watch."""
    before = await spectators.watching(character_id)
    if before is None or before.battle != battle_id:
        watching = await in_database_thread(selectors.watchable, character_id, battle_id)
        if not await spectators.admit(character_id, watching, most=settings.SPECTATING["most"]):
            raise TooManySpectatorsError
        if before is not None:
            await spectators.leave_place(character_id, before.battle)
            # By its name: `battle:*` leaves alone what a client has asked for by itself.
            await realtime.follow_character_now(
                character_id, follow=(), unfollow=(stream_name(before.battle),)
            )
            await _tell_count(before.battle)
        await _prepare(watching)
    else:
        watching = before
        await spectators.come_back(character_id, battle_id)
    count = await _tell_count(battle_id)
    watched = WatchedBattle(
        battle=battle_id,
        stream=stream_name(battle_id),
        is_delayed=watching.is_delayed,
        spectators=count,
    )
    await realtime.tell_character_now(character_id, WatchedBattleChanged(watched=watched))
    return watched


async def stop_spectating(*, character_id: int, battle_id: int) -> None:
    """Watch a battle no longer."""
    watching = await spectators.watching(character_id)
    if watching is None or watching.battle != battle_id:
        raise NotFoundError
    await _leave(character_id, battle_id)
    await _tell_count(battle_id)


async def fight_instead(character_id: int, battle_id: int) -> None:
    """Follow a battle as a fighter who has just joined it, and watch it no longer."""
    try:
        watching = await spectators.watching(character_id)
        if watching is None or watching.battle != battle_id:
            return
        await _leave(character_id, battle_id)
        stream = (stream_name(battle_id),)
        await realtime.follow_character_now(character_id, unfollow=stream)
        await realtime.follow_character_now(character_id, follow=stream)
        await _tell_count(battle_id)
    except (RedisError, OSError, UnavailableError) as error:
        # The joining is committed; the next look at the spectators finds who fights by now.
        logger.warning("character %d still watches battle %d: %r", character_id, battle_id, error)


async def note_spectator(character_id: int, *, is_online: bool) -> None:
    """Tell who is at a battle that a spectator, if it is one, came or went."""
    watching = await spectators.watching(character_id)
    if watching is None:
        return
    change = spectators.come_back if is_online else spectators.go_away
    await change(character_id, watching.battle)
    await _tell_count(watching.battle)


async def tell_delayed() -> None:
    """Tell the spectators of delayed battles what is old enough by now."""
    late = [watching for watching in await _watched_here() if watching.is_delayed]
    keep_watched(watching.battle for watching in late)
    for watching in late:
        await _alone(watching, _tell_late(watching.battle))


async def look_after_spectators(online: Collection[int]) -> None:
    """Mend what words lost on the way have left: who is gone, who fights by now, and who is to be told."""
    for watching in await _watched_here():
        await _alone(watching, _look_after(watching, frozenset(online)))


async def _watched_here() -> list[Watching]:
    watched = await spectators.watched()
    return [Watching(*each) for each in watched.items() if dispatch.is_ours("combat", each[0])]


async def _alone(watching: Watching, work: Awaitable[None]) -> None:
    """Let what fails at one battle hurt the spectators of no other: it is looked at no longer."""
    try:
        await work
    except UnknownHereError:
        logger.warning("battle %d is not for this process to show", watching.battle)
    except (RedisError, OSError, UnavailableError):
        raise  # which is nothing about this battle
    except Exception:
        logger.exception("battle %d cannot be watched", watching.battle)
        await spectators.forget(watching.battle)


async def _look_after(watching: Watching, online: frozenset[int]) -> None:
    battle_id = watching.battle
    who = await spectators.watchers(battle_id)
    if not who.present and not who.away:
        return await spectators.forget(battle_id)
    await _prepare(watching)
    fighting = await in_database_thread(selectors.fighting, who.present | who.away)
    gone = who.present - online - fighting
    for character_id in gone:
        await spectators.go_away(character_id, battle_id)
    for character_id in fighting:
        await _leave(character_id, battle_id)
    uninvited = await in_database_thread(selectors.uninvited, battle_id, who.present | who.away)
    for character_id in uninvited - fighting:
        await _leave(character_id, battle_id)
        await realtime.follow_character_now(character_id, unfollow=(stream_name(battle_id),))
    if gone or fighting or uninvited:
        await _tell_count(battle_id)
    return None


async def _tell_late(battle_id: int) -> None:
    async with delayed(battle_id) as battle:
        # On a first build the last is enough: who has not seen what came before it asks for that.
        fresh = battle.told[-1:] if battle.rung is None else battle.after(battle.rung)
        battle.rung = battle.number
        if fresh:
            told = [(DELAYED, first, last, update) for first, last, update in fresh]
            await realtime.send_sequenced(stream_name(battle_id), told)


async def _prepare(watching: Watching) -> None:
    """Let this process tell spectators of what it commits."""
    if not watching.is_delayed:
        async with locked(watching.battle) as battle:
            await battle.show_spectators()


async def _leave(character_id: int, battle_id: int) -> None:
    await spectators.leave(character_id, battle_id)
    await realtime.tell_character_now(character_id, WatchedBattleChanged(watched=None))


async def _tell_count(battle_id: int) -> int:
    """Tell all who fight in a battle or watch it how many watch; return that."""
    watching = (await spectators.watchers(battle_id)).present
    fighting = await in_database_thread(selectors.live_fighters, battle_id)
    changed = SpectatorsChanged(battle=battle_id, spectators=len(watching))
    await _tell_all({*watching, *fighting}, changed)
    return len(watching)


async def _tell_all(character_ids: Iterable[int], changed: SpectatorsChanged) -> None:
    await asyncio.gather(*(realtime.tell_character_now(each, changed) for each in character_ids))
