"""Connections to Redis: one pool for threads, one for each event loop; in the process when embedded."""

from __future__ import annotations

import asyncio
from functools import cache
from weakref import WeakKeyDictionary

import redis as redis_client
import redis.asyncio as redis_async
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_S = 2.0
COMMANDS_MAX = 1_000
"""How many commands of one loop may be under way; a crowd that comes at once has some hundreds."""

RETRIES = 1
"""A connection that broke is replaced at once; a Redis that is down is said to be so at once."""

_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, redis_async.Redis] = WeakKeyDictionary()


@cache
def redis() -> redis_client.Redis:
    """Return the client for threads."""
    if settings.REDIS_URL:
        return redis_client.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), RETRIES),
        )
    import fakeredis

    return fakeredis.FakeRedis(server=settings.REDIS_SERVER)


def aredis() -> redis_async.Redis:
    """Return the client of the running loop."""
    loop = asyncio.get_running_loop()
    client = _by_loop.get(loop)
    if client is None:
        client = _by_loop[loop] = _open()
    return client


async def close_aredis() -> None:
    """Close the client of the running loop."""
    client = _by_loop.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()


def _open() -> redis_async.Redis:
    if settings.REDIS_URL:
        return redis_async.Redis.from_url(
            settings.REDIS_URL,
            max_connections=COMMANDS_MAX,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=AsyncRetry(NoBackoff(), RETRIES),
        )
    import fakeredis.aioredis

    return fakeredis.aioredis.FakeRedis(server=settings.REDIS_SERVER, max_connections=COMMANDS_MAX)
