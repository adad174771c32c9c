"""In every gateway and service: the courier of what other shards send, and the heartbeat of this one."""

from __future__ import annotations

import asyncio
import contextlib
import threading

import structlog
from redis.exceptions import RedisError

from aether.kernel import background
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import UnavailableError
from aether.kernel.shards import post, registry

logger = structlog.get_logger(__name__)

BEAT_S = 10


@background.task("shards.courier")
async def deliver(stop: asyncio.Event) -> None:
    """Deliver post in a thread of this process, as soon as there is another shard to send any."""
    while not await _is_heard_of_others() and not stop.is_set():
        await _pause(stop)
    halt = threading.Event()
    delivering = asyncio.ensure_future(asyncio.to_thread(post.deliver_until, halt))
    try:
        await stop.wait()
    finally:
        halt.set()
        await delivering


@background.task("shards.beat")
async def beat(stop: asyncio.Event) -> None:
    """Say every few seconds that this shard is there. Where the realm is away, play goes on without it."""
    while not stop.is_set():
        try:
            await in_database_thread(registry.beat)
            await in_database_thread(post.forget_old)
        except (UnavailableError, RedisError, OSError) as error:
            logger.warning("the realm does not hear of this shard", error=repr(error))
        await _pause(stop)


async def _is_heard_of_others() -> bool:
    try:
        return len(await in_database_thread(registry.shards)) > 1
    except UnavailableError:
        return False


async def _pause(stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(BEAT_S):
            await stop.wait()
