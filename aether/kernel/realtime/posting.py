"""The ways to tell clients something. After commit only; from any thread, with or without sockets here.

Where a hub runs in this process, its loop delivers and rings the bus; elsewhere the bus alone is rung.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

import structlog
from django.db import transaction
from redis.exceptions import RedisError

from aether.kernel.live.connections import aredis, redis
from aether.kernel.realtime import personal
from aether.kernel.realtime.bus import Message, channel, pack
from aether.kernel.realtime.hub import Item
from aether.kernel.realtime.running import current
from aether.protocol.base import Update
from aether.protocol.codec import Encoded

logger = structlog.get_logger(__name__)


def tell_character(character_id: int, update: Update) -> None:
    """Tell a character on `me`, once the surrounding transaction has committed."""
    tell_characters([(character_id, update)])


def tell_characters(told: Iterable[tuple[int, Update]]) -> None:
    """Tell characters, each on its `me`, in this order, once the surrounding transaction has committed."""
    updates = list(told)
    if updates:
        transaction.on_commit(lambda: _tell(updates), robust=True)


async def tell_character_now(character_id: int, update: Update) -> None:
    """Tell a character on `me`; what it is about is committed."""
    encoded = Encoded.of(update)
    try:
        n = await personal.number_now(character_id, encoded)
    except (RedisError, OSError) as error:
        _not_numbered(character_id, error)
        return
    await _post_now(["numbered", f"me:{character_id}", [Item("", n, n, encoded)]])


async def run_aside(telling: Coroutine[Any, Any, None]) -> None:
    """Let something be told that nobody's reply need wait for; where no hub runs, it is waited for."""
    realtime = current()
    if realtime is not None and realtime.hub.loop is asyncio.get_running_loop():
        realtime.hub.spawn(telling)
    else:
        await telling


def send_after_commit(stream: str, update: Update) -> None:
    """Send on a stream that each process numbers, once the surrounding transaction has committed."""
    transaction.on_commit(lambda: post(["next", stream, Encoded.of(update)]), robust=True)


def send_now(stream: str, update: Update) -> None:
    """Send on a stream that each process numbers. From a thread; what it is about is committed."""
    post(["next", stream, Encoded.of(update)])


def send_paced_after_commit(stream: str) -> None:
    """Say that a stream has changed, once the surrounding transaction has committed.

    Whoever follows it is told how it is then, as `register_paced` says.
    """
    transaction.on_commit(lambda: post(["changed", stream]), robust=True)


def send_numbered(stream: str, first: int, last: int, update: Update) -> None:
    """Send on a sequenced stream with a single audience. From a thread; what it is about is committed."""
    post(["numbered", stream, [Item("", first, last, Encoded.of(update))]])


async def send(stream: str, update: Update) -> None:
    """Send on a stream that each process numbers; what it is about is committed, or soft state."""
    await _post_now(["next", stream, Encoded.of(update)])


async def send_apart(
    stream: str,
    told: Iterable[tuple[str, Update]],
    moves: Iterable[tuple[str, str, Update, list[int]]] = (),
) -> None:
    """Send to each audience of a stream that each process numbers, as (audience, update).

    First the characters of `moves`, as (audience, next audience, update, characters), change to the next.
    """
    apart = [[audience, Encoded.of(update)] for audience, update in told]
    moved = [[before, after, Encoded.of(update), characters] for before, after, update, characters in moves]
    await _post_now(["apart", stream, apart, moved])


async def correct_audiences(stream: str, audiences: Iterable[tuple[str, list[int]]]) -> None:
    """Say to which audience characters belong: whoever was taken for another gets a snapshot."""
    await _post_now(["correct", stream, [list(each) for each in audiences]])


async def send_sequenced(stream: str, updates: Iterable[tuple[str, int, int, Update]]) -> None:
    """Send to each audience of a sequenced stream, as (audience, first, last, update).

    What several audiences are told alike, as one and the same update, is encoded once.
    """
    encoded: dict[int, Encoded] = {}
    items: list[Item] = []
    for audience, first, last, update in updates:
        known = encoded.get(id(update))
        if known is None:
            known = encoded[id(update)] = Encoded.of(update)
        items.append(Item(audience, first, last, known))
    await _post_now(["numbered", stream, items])


def follow_character(
    character_id: int, *, follow: tuple[str, ...] = (), unfollow: tuple[str, ...] = ()
) -> None:
    """Let the sockets of a character follow and leave streams, after commit, on every process.

    `kind:*` leaves all streams of a kind, asked for or not, but for those that they follow from now on.
    """
    transaction.on_commit(lambda: post(["follow", character_id, list(follow), list(unfollow)]), robust=True)


async def follow_character_now(
    character_id: int, *, follow: tuple[str, ...] = (), unfollow: tuple[str, ...] = ()
) -> None:
    """Let the sockets of a character follow and leave streams, on every process."""
    await _post_now(["follow", character_id, list(follow), list(unfollow)])


def close_account(account_id: int, code: int = 4401, reason: str = "revoked") -> None:
    """Close every socket of an account, on every process, after commit."""
    transaction.on_commit(lambda: post(["shut", "account_id", account_id, code, reason]), robust=True)


def close_character(character_id: int, code: int = 4401, reason: str = "revoked") -> None:
    """Close every socket of a character, on every process, after commit."""
    message: Message = ["shut", "character_id", character_id, code, reason]
    transaction.on_commit(lambda: post(message), robust=True)


def close_login(session_key: str, code: int = 4401, reason: str = "signed out") -> None:
    """Close every socket that was opened from a login, on every process, after commit."""
    transaction.on_commit(lambda: post(["shut", "session_key", session_key, code, reason]), robust=True)


async def take_over(character_id: int, claim: int) -> None:
    """Close the sockets that claimed a character earlier, on every process."""
    await _post_now(["take_over", character_id, claim])


def viewers(stream: str) -> int:
    """Return how many sockets of this process follow a stream."""
    realtime = current()
    return realtime.hub.viewers(stream) if realtime else 0


def local_head(stream: str) -> int:
    """Return how far this process has numbered a stream that it numbers itself."""
    realtime = current()
    return realtime.hub.number_of(stream) if realtime else 0


def _tell(updates: Sequence[tuple[int, Update]]) -> None:
    told = [(character_id, Encoded.of(update)) for character_id, update in updates]
    try:
        numbers = personal.number_all(told)
    except (RedisError, OSError) as error:
        for character_id in dict.fromkeys(character_id for character_id, _ in told):
            _not_numbered(character_id, error)
        return
    for (character_id, encoded), n in zip(told, numbers, strict=True):
        post(["numbered", f"me:{character_id}", [Item("", n, n, encoded)]])


def _not_numbered(character_id: int, error: Exception) -> None:
    """Redis does not answer: the sockets here get a snapshot instead, and the others when it is back."""
    logger.warning("an update on `me` could not be numbered", character=character_id, error=repr(error))
    realtime = current()
    if realtime:
        realtime.hub.loop.call_soon_threadsafe(realtime.refresh_character, character_id)


def post(message: Message) -> None:
    """Have a message delivered here and elsewhere. From a thread; what it is about is committed."""
    realtime = current()
    if realtime is not None:
        realtime.hub.loop.call_soon_threadsafe(realtime.post, message)
        return
    try:
        redis().publish(channel(), pack("", message))
    except (RedisError, OSError) as error:
        logger.warning("an update could not be sent", error=repr(error))


async def _post_now(message: Message) -> None:
    realtime = current()
    if realtime is not None:
        realtime.post_from_anywhere(message)
        return
    try:
        await aredis().publish(channel(), pack("", message))
    except (RedisError, OSError) as error:
        logger.warning("an update could not be sent", error=repr(error))
