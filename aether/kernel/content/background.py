"""The running release is recorded when the server starts, before anything can pin it."""

from __future__ import annotations

import asyncio

from aether.kernel import background
from aether.kernel.content.releases import record
from aether.kernel.content.running import current
from aether.kernel.database_threads import in_database_thread


@background.task("content.record")
async def record_running(stop: asyncio.Event) -> None:
    """Keep the release that this server runs on."""
    await in_database_thread(record, current())
    await stop.wait()
