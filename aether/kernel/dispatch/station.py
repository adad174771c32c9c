"""One process's end of the channel layer: a channel of its own, and the group on which services announce.

What waits while a message is under way goes with the next one, so a busy process sends few messages.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from aether.kernel.dispatch.directory import ANNOUNCE_EVERY_S, Directory
from aether.kernel.dispatch.travelling import Frame, Serving, pack, unpack
from aether.kernel.ending import end
from aether.kernel.live import aredis

logger = structlog.get_logger(__name__)

GROUP = "services"
FRAMES_MAX = 200
BACKOFF_S = 0.5
START_PATIENCE_S = 2.0
HELD_UP_S = 1.0
ASKED_WITHIN_S = 0.5


class Station:
    """Gives what comes to `on_frame`, and tells `on_lost` about channels that are out of reach."""

    def __init__(self, on_frame: Callable[[Frame], None], on_lost: Callable[[str], None]) -> None:
        self.directory = Directory()
        self.channel = ""
        self.is_up = False
        self._layer: Any = get_channel_layer()
        self._on_frame = on_frame
        self._on_lost = on_lost
        self._waiting: defaultdict[str, list[bytes]] = defaultdict(list)
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._up = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listen; return once the channel is open, or after a moment without it."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look())]
        try:
            async with asyncio.timeout(START_PATIENCE_S):
                await self._up.wait()
        except TimeoutError:
            logger.warning("the channel layer does not answer")

    async def stop(self) -> None:
        """Send what waits, then close."""
        await asyncio.gather(*self._sending.values(), return_exceptions=True)
        await end(*self._tasks)

    def send(self, channel: str, frame: Frame) -> None:
        """Send a frame to a process, soon."""
        self._waiting[channel].append(pack(frame))
        if channel not in self._sending:
            self._sending[channel] = asyncio.create_task(self._send_waiting(channel))

    async def announce(self, serving: Serving) -> None:
        """Say to every process what this one serves."""
        try:
            await self._layer.group_send(GROUP, {"type": "frames", "frames": [pack(serving)]})
        except (RedisError, OSError) as error:
            logger.warning("a service cannot be announced", error=repr(error))

    async def _send_waiting(self, channel: str) -> None:
        try:
            while frames := self._waiting.pop(channel, None):
                for at in range(0, len(frames), FRAMES_MAX):
                    message = {"type": "frames", "frames": frames[at : at + FRAMES_MAX]}
                    await self._layer.send(channel, message)
        except (RedisError, OSError) as error:
            logger.warning("the channel layer takes nothing", error=repr(error))
            self._waiting.pop(channel, None)
            self._on_lost(channel)
        finally:
            del self._sending[channel]

    async def _listen(self) -> None:
        while True:
            try:
                self.channel = await self._layer.new_channel(".")
                await self._layer.group_add(GROUP, self.channel)
                self.is_up = True
                self._up.set()
                while True:
                    message = await self._layer.receive(self.channel)
                    for frame in message["frames"]:
                        self._take(frame)
            except (RedisError, OSError) as error:
                logger.warning("the channel layer does not answer", error=repr(error))
            self.is_up = False
            await asyncio.sleep(BACKOFF_S)

    def _take(self, packed: bytes) -> None:
        try:
            frame = unpack(packed)
        except msgspec.MsgspecError as error:
            logger.warning("a frame of another release cannot be read", error=repr(error))
            return
        if isinstance(frame, Serving):
            self.directory.hear(frame)
        else:
            self._on_frame(frame)

    async def _look(self) -> None:
        """Notice services that are gone. Who was itself held up has not heard yet what they have said."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(ANNOUNCE_EVERY_S)
            if time.monotonic() - began < HELD_UP_S:
                for channel in (*self.directory.lapsed(), *await self._deserted()):
                    self.directory.forget(channel)
                    self._on_lost(channel)

    async def _deserted(self) -> list[str]:
        """Return the channels that nobody listens to: their processes have died, and said nothing of it.

        One that stands still listens on, so that only its silence tells.
        """
        channels = self.directory.channels()
        if not channels:
            return []
        try:
            async with asyncio.timeout(ASKED_WITHIN_S):
                listeners = await aredis().pubsub_numsub(*channels)
        except (RedisError, OSError) as error:  # a TimeoutError is an OSError
            logger.warning("nobody can tell who listens", error=repr(error))
            return []
        return [channel for channel, (_, count) in zip(channels, listeners, strict=True) if not count]
