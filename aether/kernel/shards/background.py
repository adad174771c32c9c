"""In every gateway: the courier, who brings what other shards send, and the heartbeat of this one."""

from __future__ import annotations

import asyncio
import contextlib
import threading

from aether.kernel import background
from aether.kernel.database_threads import in_database_thread
from aether.kernel.shards import post, registry

BEAT_S = 10


@background.task("shards.courier")
async def deliver(stop: asyncio.Event) -> None:
    """Deliver post in a thread of this process; several gateways share the work."""
    halt = threading.Event()
    delivering = asyncio.ensure_future(asyncio.to_thread(post.deliver_until, halt))
    try:
        await stop.wait()
    finally:
        halt.set()
        await delivering


@background.task("shards.beat")
async def beat(stop: asyncio.Event) -> None:
    """Say every few seconds that this shard is there."""
    while not stop.is_set():
        await in_database_thread(registry.beat)
        await in_database_thread(post.forget_old)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEAT_S):
                await stop.wait()
