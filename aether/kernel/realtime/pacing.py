"""Telling how something is now, again and again, but no more often than anybody can look at it.

What travels between processes is only that it has changed. Each process reads for those who look at it there,
after it has heard of the last change, so that nobody is left with what another process has read earlier.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import structlog

from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import UnavailableError
from aether.kernel.realtime.hub import Hub
from aether.protocol.base import Update
from aether.protocol.codec import Encoded

logger = structlog.get_logger(__name__)

AGAIN_AFTER_S = 1.0
"""When what has changed could not be read."""

Read = Callable[[str], Update]


class _Paced(NamedTuple):
    read: Read
    every_s: float


_paced: dict[str, _Paced] = {}


def register_paced(prefix: str, read: Read, *, every_s: float) -> None:
    """Let `read(stream)` tell, in a database thread and so often at most, how the streams `<prefix>:…` are.

    It tells everything: changes that come quickly are told as one.
    """
    _paced[prefix] = _Paced(read, every_s)


class Pace:
    """What one process tells at a pace. Lives on the loop of its hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._has_news: dict[str, bool] = {}
        """The streams that are being told of, and whether they have changed since."""

    def note(self, stream: str) -> None:
        """Take note that a stream is not any more as it was told, if anybody here follows it."""
        if not self._hub.viewers(stream):
            return
        is_told_of = stream in self._has_news
        self._has_news[stream] = True
        if not is_told_of:
            self._hub.spawn(self._keep_telling(stream))

    async def _keep_telling(self, stream: str) -> None:
        """Tell, and tell again as long as something has changed since and somebody follows."""
        paced = _paced[stream.split(":", 1)[0]]
        try:
            while self._has_news[stream] and self._hub.viewers(stream):
                self._has_news[stream] = False
                try:
                    update = await in_database_thread(paced.read, stream)
                except UnavailableError:
                    logger.info("what has changed is read later", stream=stream)
                    self._has_news[stream] = True
                    await asyncio.sleep(AGAIN_AFTER_S)
                else:
                    self._hub.deliver_next(stream, Encoded.of(update))
                    await asyncio.sleep(paced.every_s)
        finally:
            del self._has_news[stream]
