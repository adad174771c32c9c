"""Who is online: a character counts while a socket of some process has refreshed it lately."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import cast
from weakref import WeakValueDictionary

from aether.kernel import clock
from aether.kernel.ids import CharacterId
from aether.kernel.live.connections import aredis, redis
from aether.kernel.transactions import read_before

KEY = "presence"
LAPSES_AFTER_S = 30

PresenceListener = Callable[[CharacterId, bool], Awaitable[None]]

_listeners: list[tuple[str, PresenceListener]] = []
_turns: WeakValueDictionary[CharacterId, asyncio.Lock] = WeakValueDictionary()


def register_presence(app: str) -> Callable[[PresenceListener], PresenceListener]:
    """Call `await listener(character_id, is_online)` when a character comes or goes.

    It is called in the process where the socket came or went, or in a service of the app.
    """

    def register(listener: PresenceListener) -> PresenceListener:
        _listeners.append((app, listener))
        return listener

    return register


def online_characters() -> list[CharacterId]:
    """Return the characters that are online, on any process. Call from a thread."""
    found = cast("list[bytes]", redis().zrangebyscore(KEY, clock.now() - LAPSES_AFTER_S, "+inf"))
    return [CharacterId(int(member)) for member in found]


def is_online(character_id: int) -> bool:
    """Tell if a character is online. Call from a thread."""
    score = redis().zscore(KEY, str(character_id))
    return score is not None and float(score) >= clock.now() - LAPSES_AFTER_S


def online_among(character_ids: Iterable[int]) -> set[int]:
    """Return who of these characters is online; inside a transaction, as it was when that began."""
    return set(read_before(KEY, character_ids, _read_online))


def _read_online(character_ids: list[int]) -> dict[int, bool]:
    if not character_ids:
        return {}
    scores = redis().zmscore(KEY, [str(each) for each in character_ids])
    seen_since = clock.now() - LAPSES_AFTER_S
    return {
        character_id: True
        for character_id, score in zip(character_ids, scores, strict=True)
        if score is not None and float(score) >= seen_since
    }


async def refresh(character_ids: Iterable[int]) -> None:
    """Note that these characters are still here, and forget those that lapsed long ago."""
    scores = {str(character_id): clock.now() for character_id in character_ids}
    async with aredis().pipeline(transaction=False) as pipe:
        if scores:
            pipe.zadd(KEY, scores)
        pipe.zremrangebyscore(KEY, "-inf", clock.now() - 10 * LAPSES_AFTER_S)
        await pipe.execute()


async def leave(character_id: int) -> None:
    """Note that a character has no socket any more."""
    await aredis().zrem(KEY, str(character_id))


async def tell_listeners(
    character_id: CharacterId, is_online: bool, *, apart_from: AbstractSet[str] = frozenset()
) -> None:
    """Tell the apps, but those that other processes serve, that a character came or went."""
    await _tell([each for app, each in _listeners if app not in apart_from], character_id, is_online)


async def tell_listeners_of(app: str, character_id: CharacterId, is_online: bool) -> None:
    """Tell one app that a character came or went."""
    await _tell([each for listening, each in _listeners if listening == app], character_id, is_online)


async def _tell(listeners: list[PresenceListener], character_id: CharacterId, is_online: bool) -> None:
    """Tell of one character in the order in which it came and went: the last that is told is true."""
    async with _turns.setdefault(character_id, asyncio.Lock()):
        for listener in listeners:
            await listener(character_id, is_online)
