"""In the embedded profile the relay lives in the server process."""

from __future__ import annotations

import asyncio
import threading

from django.conf import settings

from aether.kernel import background
from aether.kernel.facts.relay import relay_until


@background.task("facts.relay")
async def relay_facts(stop: asyncio.Event) -> None:
    """Relay facts in a thread of this process; with real services `manage.py runrelay` does it."""
    if settings.PROFILE != "embedded":
        await stop.wait()
        return
    halt = threading.Event()
    relaying = asyncio.ensure_future(asyncio.to_thread(relay_until, halt))
    try:
        await stop.wait()
    finally:
        halt.set()
        await relaying
