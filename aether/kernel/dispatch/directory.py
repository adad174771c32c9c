"""Which processes serve an app, as each of them says again and again; who is out of reach or silent is gone.

Any of them may execute any command. A partition goes to a process that asked for it, so that what it keeps
in memory is of use; where there is none, to another one of the same app.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from zlib import crc32

from django.conf import settings

from aether.kernel.dispatch import metrics
from aether.kernel.dispatch.travelling import Serving

ANNOUNCE_EVERY_S = 0.5
LAPSES_AFTER_S = 2.5


def partition_of(key: int, partitions: int) -> int:
    """Return the partition that a key belongs to."""
    return crc32(key.to_bytes(8, "big", signed=True)) % partitions


class Directory:
    """Who serves what, as one process has heard."""

    def __init__(self) -> None:
        self._serving: dict[str, Serving] = {}
        self._heard: dict[str, float] = {}
        self._chosen: dict[tuple[str, int], str | None] = {}
        self._changed = asyncio.Event()

    def hear(self, serving: Serving) -> None:
        """Note what a process says."""
        if serving.is_leaving:
            self.forget(serving.channel)
            return
        self._heard[serving.channel] = time.monotonic()
        if self._serving.get(serving.channel) != serving:
            self._serving[serving.channel] = serving
            self._change()

    def channels(self) -> list[str]:
        """Return the channels of all who serve something."""
        return list(self._serving)

    def lapsed(self) -> list[str]:
        """Forget the processes that have fallen silent, and return their channels."""
        oldest = time.monotonic() - LAPSES_AFTER_S
        gone = [channel for channel, heard in self._heard.items() if heard < oldest]
        for channel in gone:
            self.forget(channel)
        return gone

    def forget(self, channel: str) -> None:
        """Ask a process no more."""
        self._heard.pop(channel, None)
        if self._serving.pop(channel, None) is not None:
            self._change()

    def server_of(self, app: str, partition: int) -> str | None:
        """Return the channel of the process that a partition goes to; every process chooses the same."""
        asked = (app, partition)
        if asked not in self._chosen:
            self._chosen[asked] = self._choose(app, partition)
        return self._chosen[asked]

    async def find(self, app: str, partition: int, patience_s: float) -> str | None:
        """Return the same, and wait a moment where nobody serves the app."""
        deadline = time.monotonic() + patience_s
        while (channel := self.server_of(app, partition)) is None:
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self._changed.wait()
            except TimeoutError:
                return None
        return channel

    def _choose(self, app: str, partition: int) -> str | None:
        all_of_app = [serving for serving in self._serving.values() if serving.app == app]
        willing = [serving for serving in all_of_app if partition in serving.partitions] or all_of_app
        channels = [serving.channel for serving in willing]
        return max(channels, key=lambda channel: crc32(f"{channel} {partition}".encode()), default=None)

    def _change(self) -> None:
        self._chosen.clear()
        count = Counter(serving.app for serving in self._serving.values())
        for app in settings.REMOTE_APPS:
            metrics.SERVICES.labels(app).set(count[app])
        self._changed.set()
        self._changed = asyncio.Event()
