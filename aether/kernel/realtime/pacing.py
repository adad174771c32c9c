"""Telling how something is now, again and again, but no more often than anybody can look at it.

What changes meanwhile is told together: the contents are read only when it is their turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from django.db import transaction

from aether.kernel.database_threads import in_database_thread
from aether.kernel.realtime.posting import post
from aether.kernel.realtime.running import Realtime, current
from aether.protocol.base import Update
from aether.protocol.codec import Encoded

Read = Callable[[], Update]


def send_paced_after_commit(stream: str, read: Read, *, every_s: float) -> None:
    """Send what `read` returns on a stream that each process numbers, once the transaction has committed.

    `read` is called in a database thread, at most every so often for each stream, and only where somebody
    may follow it. It must tell everything: what comes first may be read last.
    """
    transaction.on_commit(lambda: _ring(stream, read, every_s), robust=True)


def _ring(stream: str, read: Read, every_s: float) -> None:
    realtime = current()
    if realtime is None:
        post(["next", stream, Encoded.of(read())])
    else:
        realtime.hub.loop.call_soon_threadsafe(_ring_here, realtime, stream, read, every_s)


def _ring_here(realtime: Realtime, stream: str, read: Read, every_s: float) -> None:
    if not (realtime.hub.viewers(stream) or realtime.bus.has_peers):
        return
    if stream in realtime.paced:
        realtime.paced[stream] = True
    else:
        realtime.hub.spawn(_keep_telling(realtime, stream, read, every_s))


async def _keep_telling(realtime: Realtime, stream: str, read: Read, every_s: float) -> None:
    """Tell, and tell again as long as something has changed since."""
    try:
        realtime.paced[stream] = True
        while realtime.paced[stream]:
            realtime.paced[stream] = False
            update = await in_database_thread(read)
            realtime.post(["next", stream, Encoded.of(update)])
            await asyncio.sleep(every_s)
    finally:
        del realtime.paced[stream]
