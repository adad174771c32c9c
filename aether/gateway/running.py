"""The gateway of this process while its server runs: started and stopped by the ASGI lifespan."""

from __future__ import annotations

import asyncio

from aether.gateway.draining import drain
from aether.gateway.limits import from_settings
from aether.gateway.registry import Registry
from aether.gateway.watch import Watch
from aether.kernel import background, content, dispatch, journal, realtime, timekeeping
from aether.kernel.database_threads import close_pool, in_database_thread
from aether.kernel.ending import end
from aether.kernel.live import close_aredis

_registry: Registry | None = None
_tasks: background.Running | None = None
_watch: asyncio.Task[None] | None = None


def registry() -> Registry | None:
    """Return the sockets of this process, while a server runs in it."""
    return _registry


def background_tasks() -> background.Running | None:
    """Return the background tasks of this process, while a server runs in it."""
    return _tasks


async def start() -> None:
    """Start the hub, the bus, the background tasks and the watch; read the content."""
    global _registry, _tasks, _watch
    await timekeeping.ask_from_the_loop()
    await in_database_thread(content.current)
    started = await realtime.start()
    await dispatch.start()
    _registry = Registry(started.hub, from_settings())
    _tasks = background.Running(lambda app: app not in dispatch.remote_apps())
    _watch = asyncio.create_task(Watch(_registry).keep())


async def stop() -> None:
    """Let sockets go, then stop everything that `start` has started."""
    global _registry, _tasks, _watch
    if _registry is not None:
        await drain(_registry, spread_ms=0)
    if _watch is not None:
        await end(_watch)
    if _tasks is not None:
        await _tasks.stop()
    _registry = _tasks = _watch = None
    await dispatch.stop()
    await realtime.stop()
    await journal.close()
    await close_aredis()
    await asyncio.to_thread(close_pool)
