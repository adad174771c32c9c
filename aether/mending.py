"""Keeping up what `make play` brings with it: an embedded Redis that has died is started again.

It comes back empty, like one that was wiped: what lives in it is there again within seconds.
"""

from __future__ import annotations

import asyncio
import contextlib

from aether.kernel import background
from aether.settings import embedded_redis

LOOK_EVERY_S = 2.0


@background.task("embedded.redis")
async def keep_redis(stop: asyncio.Event) -> None:
    """Look after the Redis that the settings have started."""
    while not stop.is_set():
        await asyncio.to_thread(embedded_redis.mend)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await stop.wait()
