"""Lines that were said: the last 200 of each channel, in Redis, where they may be lost without harm."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, cast

import msgspec
import structlog
from msgspec.structs import replace
from redis.exceptions import RedisError

from aether.kernel import clock
from aether.kernel.errors import UnavailableError
from aether.kernel.live import aredis, redis
from aether.kernel.together import Together
from aether.protocol.chat import ChatLine
from apps.accounts import selectors as accounts

logger = structlog.get_logger(__name__)

KEPT = 200
KEPT_S = 7 * 86_400
SHOWN_BYTES_MAX = 48 * 1024
"""A snapshot stays well below the largest update that a socket takes."""

GLOBAL = "global"

_ids = "chat:line_id"


class Unheard(NamedTuple):
    """Whom somebody does not hear: of this shard by their ids, of others by what tells names apart."""

    ids: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()

    def has_said(self, line: ChatLine) -> bool:
        """Tell if a line is from one of them. Who speaks on another shard has no id here."""
        if line.sender:
            return line.sender in self.ids
        return bool(self.names) and accounts.name_key(line.name) in self.names


EVERYBODY_IS_HEARD = Unheard()


def zone(instance: str) -> str:
    """Name the channel of a zone's copy."""
    return f"zone:{instance}"


def party(party_id: int) -> str:
    """Name the channel of a party."""
    return f"party:{party_id}"


def guild(guild_id: int) -> str:
    """Name the channel of a guild, which is the same on every shard."""
    return f"guild:{guild_id}"


def whispers(character_id: int) -> str:
    """Name the channel of what a character whispered and was whispered to."""
    return f"whisper:{character_id}"


async def keep(line: ChatLine, *channels: str) -> ChatLine:
    """Give a line its id, and keep it in each channel that it was said in."""
    async with _reachable():
        return await _keep_together((line, channels))


def keep_now(line: ChatLine, channel: str) -> ChatLine:
    """Give a line its id, and keep it in a channel; where that fails it is still said. From a thread."""
    try:
        redis().set(_ids, _first_number(), nx=True)
        line = replace(line, id=redis().incr(_ids))
        with redis().pipeline(transaction=False) as pipe:
            _add(pipe, channel, [msgspec.json.encode(line)])
            pipe.execute()
    except (RedisError, OSError) as error:
        logger.warning("a line could not be kept", channel=channel, error=repr(error))
        line = replace(line, id=line.id or _first_number())
    return line


async def _keep_all(said: Sequence[tuple[ChatLine, tuple[str, ...]]]) -> list[ChatLine]:
    first = await _first_id(len(said))
    numbered = [replace(line, id=first + at) for at, (line, _) in enumerate(said)]
    by_channel: dict[str, list[bytes]] = {}
    for line, (_, channels) in zip(numbered, said, strict=True):
        for channel in channels:
            by_channel.setdefault(channel, []).append(msgspec.json.encode(line))
    async with aredis().pipeline(transaction=False) as pipe:
        for channel, rows in by_channel.items():
            _add(pipe, channel, rows)
        await pipe.execute()
    return numbered


def _add(pipe: Any, channel: str, rows: Sequence[bytes]) -> None:
    key = _key(channel)
    pipe.rpush(key, *rows)
    pipe.ltrim(key, -KEPT, -1)
    pipe.expire(key, KEPT_S)


def _first_number() -> int:
    return int(clock.now() * 1_000_000)


async def _first_id(count: int) -> int:
    """Return the first of so many numbers above all lines before, also when Redis was wiped."""
    async with aredis().pipeline(transaction=False) as pipe:
        pipe.set(_ids, _first_number(), nx=True)
        pipe.incrby(_ids, count)
        _, last = await pipe.execute()
    return int(last) - count + 1


_keep_together = Together(_keep_all)


async def recent(
    channel: str,
    *,
    limit: int,
    before: int | None = None,
    since: float = 0.0,
    without: Unheard = EVERYBODY_IS_HEARD,
) -> list[ChatLine]:
    """Return the last lines of a channel said since a moment, oldest first, without those of some senders."""
    async with _reachable():
        rows = await cast(Awaitable[Any], aredis().lrange(_key(channel), 0, -1))
    lines = sorted((msgspec.json.decode(row, type=ChatLine) for row in rows), key=lambda line: line.id)
    heard = [
        line
        for line in lines
        if not without.has_said(line) and line.at >= since and (before is None or line.id < before)
    ]
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
