"""Who watches which battle, in Redis: who is wiped from it asks again.

A place is kept for a while for who has lost the connection; counted are those who are there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, cast

import msgspec
from redis.exceptions import RedisError

from aether.kernel import clock
from aether.kernel.live import aredis, redis

AWAY_S = 600
KEPT_S = 86_400
HERE = 0.0
_WATCHED = "watched"


class Watching(msgspec.Struct, frozen=True):
    """What somebody watches."""

    battle: int
    is_delayed: bool


class Watchers(NamedTuple):
    """All who have a place, and who of them are there."""

    present: frozenset[int]
    away: frozenset[int]


async def admit(character_id: int, watching: Watching, *, most: int) -> bool:
    """Take a place at a battle, if one is free; it is the only one of who takes it."""
    key = _places(watching.battle)
    async with aredis().pipeline() as pipe:
        pipe.zremrangebyscore(key, 1, clock.now() - AWAY_S)
        pipe.zadd(key, {str(character_id): HERE})
        pipe.expire(key, KEPT_S)
        pipe.zcard(key)
        *_, taken = await pipe.execute()
    if taken > most:
        await aredis().zrem(key, str(character_id))
        return False
    async with aredis().pipeline() as pipe:
        pipe.set(_mine(character_id), msgspec.json.encode(watching), ex=KEPT_S)
        pipe.hset(_WATCHED, str(watching.battle), int(watching.is_delayed))
        await pipe.execute()
    return True


async def leave(character_id: int, battle_id: int) -> None:
    """Watch nothing any more."""
    await leave_place(character_id, battle_id)
    await aredis().delete(_mine(character_id))


async def leave_place(character_id: int, battle_id: int) -> None:
    """Give up a place at a battle, as for one at another."""
    await aredis().zrem(_places(battle_id), str(character_id))


async def go_away(character_id: int, battle_id: int) -> None:
    """Keep the place of somebody who has lost the connection."""
    async with aredis().pipeline() as pipe:
        pipe.zadd(_places(battle_id), {str(character_id): clock.now()}, xx=True)
        pipe.expire(_mine(character_id), AWAY_S)
        await pipe.execute()


async def come_back(character_id: int, battle_id: int) -> None:
    """Let somebody be there again, whose place was kept; the battle is looked at, if it was not any more."""
    mine = await watching(character_id)
    async with aredis().pipeline() as pipe:
        pipe.zadd(_places(battle_id), {str(character_id): HERE}, xx=True)
        pipe.expire(_mine(character_id), KEPT_S)
        if mine is not None and mine.battle == battle_id:
            pipe.hset(_WATCHED, str(battle_id), int(mine.is_delayed))
        await pipe.execute()


async def watching(character_id: int) -> Watching | None:
    """Return what a character watches."""
    return _read(cast("bytes | None", await aredis().get(_mine(character_id))))


def watching_now(character_id: int) -> Watching | None:
    """Return what a character watches; nothing while Redis is away. Call from a thread."""
    try:
        return _read(cast("bytes | None", redis().get(_mine(character_id))))
    except (RedisError, OSError):
        return None


def counts(battle_ids: Iterable[int]) -> dict[int, int]:
    """Return how many watch battles; nobody while Redis is away. Call from a thread."""
    ids = list(battle_ids)
    try:
        with redis().pipeline(transaction=False) as pipe:
            for battle_id in ids:
                pipe.zcount(_places(battle_id), HERE, HERE)
            return dict(zip(ids, map(int, pipe.execute() if ids else []), strict=True))
    except (RedisError, OSError):
        return dict.fromkeys(ids, 0)


async def watchers(battle_id: int) -> Watchers:
    """Return who watches a battle; who was away for too long is forgotten."""
    key = _places(battle_id)
    async with aredis().pipeline() as pipe:
        pipe.zremrangebyscore(key, 1, clock.now() - AWAY_S)
        pipe.zrange(key, 0, -1, withscores=True)
        _, found = await pipe.execute()
    present = frozenset(int(member) for member, since in found if since == HERE)
    return Watchers(present, frozenset(int(member) for member, _ in found) - present)


async def watched() -> dict[int, bool]:
    """Return the battles that somebody watches, and whether late."""
    found = cast("dict[bytes, bytes]", await aredis().hgetall(_WATCHED))
    return {int(battle_id): is_delayed == b"1" for battle_id, is_delayed in found.items()}


async def forget(battle_id: int) -> None:
    """Look at a battle no longer, where nobody has a place any more."""
    await aredis().hdel(_WATCHED, str(battle_id))


def _read(kept: bytes | None) -> Watching | None:
    return None if kept is None else msgspec.json.decode(kept, type=Watching)


def _places(battle_id: int) -> str:
    return f"spectators:{battle_id}"


def _mine(character_id: int) -> str:
    return f"spectating:{character_id}"
