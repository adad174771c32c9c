"""Lines that were said: the last 200 of each channel, in Redis, where they may be lost without harm."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec
from redis.exceptions import RedisError

from aether.kernel import clock
from aether.kernel.errors import UnavailableError
from aether.kernel.live import aredis
from aether.protocol.chat import ChatLine

KEPT = 200
KEPT_S = 7 * 86_400
SHOWN_BYTES_MAX = 48 * 1024
"""A snapshot stays well below the largest update that a socket takes."""

GLOBAL = "global"

_ids = "chat:line_id"


def zone(instance: str) -> str:
    """Name the channel of a zone's copy."""
    return f"zone:{instance}"


def whispers(character_id: int) -> str:
    """Name the channel of what a character whispered and was whispered to."""
    return f"whisper:{character_id}"


async def next_id() -> int:
    """Return a number above all lines before, also when Redis was wiped."""
    async with _reachable():
        await aredis().set(_ids, int(clock.now() * 1_000_000), nx=True)
        return int(await cast(Awaitable[Any], aredis().incr(_ids)))


async def keep(line: ChatLine, *channels: str) -> None:
    """Keep a line in each channel that it was said in."""
    async with _reachable(), aredis().pipeline(transaction=False) as pipe:
        for channel in channels:
            key = _key(channel)
            pipe.rpush(key, msgspec.json.encode(line))
            pipe.ltrim(key, -KEPT, -1)
            pipe.expire(key, KEPT_S)
        await pipe.execute()


async def recent(
    channel: str, *, limit: int, before: int | None = None, without: frozenset[int] = frozenset()
) -> list[ChatLine]:
    """Return the last lines of a channel, oldest first, without those of some senders."""
    async with _reachable():
        rows = await cast(Awaitable[Any], aredis().lrange(_key(channel), 0, -1))
    lines = sorted((msgspec.json.decode(row, type=ChatLine) for row in rows), key=lambda line: line.id)
    heard = [line for line in lines if line.sender not in without and (before is None or line.id < before)]
    return _within_bytes(heard[-limit:])


def _within_bytes(lines: list[ChatLine]) -> list[ChatLine]:
    size, kept = 0, []
    for line in reversed(lines):
        size += len(msgspec.json.encode(line))
        if size > SHOWN_BYTES_MAX:
            break
        kept.append(line)
    return kept[::-1]


def _key(channel: str) -> str:
    return f"chat:lines:{channel}"


@asynccontextmanager
async def _reachable() -> AsyncIterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise UnavailableError from error
