"""The way out of one socket: at once where it can, else a short queue and a writer while something waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from aether.gateway.limits import Limits
from aether.gateway.metrics import UPDATES_DROPPED
from aether.gateway.writing import WriteAtOnce
from aether.kernel import clock
from aether.kernel.realtime import Follow
from aether.protocol.codec import Frame

Send = Callable[[dict[str, Any]], Awaitable[None]]


class _Queued(NamedTuple):
    frame: Frame
    follow: Follow | None
    has_left: asyncio.Future[None] | None


class Outgoing:
    """Frames leave in the order in which they came. Nothing is sent once it is shut."""

    __slots__ = (
        "_bytes",
        "_is_shut",
        "_limits",
        "_on_overflow",
        "_queue",
        "_send",
        "_write_at_once",
        "_writer",
        "writing_since",
    )

    def __init__(
        self,
        send: Send,
        limits: Limits,
        on_overflow: Callable[[], None],
        write_at_once: WriteAtOnce | None = None,
    ) -> None:
        self._send = send
        self._write_at_once = write_at_once
        self._limits = limits
        self._on_overflow = on_overflow
        self._queue: deque[_Queued] = deque()
        self._bytes = 0
        self._is_shut = False
        self._writer: asyncio.Task[None] | None = None
        self.writing_since: float | None = None

    def push(self, frame: Frame, follow: Follow | None) -> None:
        """Queue a frame. A full queue gives up the moves of its zones, then its socket."""
        if self._is_shut or self._has_left(frame):
            return
        self._add(_Queued(frame, follow, None))
        if self._is_full():
            self._drop_moves()
        if self._is_full():
            self._on_overflow()

    async def write(self, frame: Frame) -> None:
        """Send a frame after those that wait, and return once it has left."""
        if self._is_shut or self._has_left(frame):
            return
        if self.writing_since is None and not self._queue:
            await self._write_directly(frame)
            return
        has_left = asyncio.get_running_loop().create_future()
        self._add(_Queued(frame, None, has_left))
        await has_left

    def shut(self) -> None:
        """Forget what waits and stop the writer."""
        self._is_shut = True
        for queued in self._queue:
            if queued.has_left is not None and not queued.has_left.done():
                queued.has_left.set_result(None)
        self._queue.clear()
        self._bytes = 0
        if self._writer is not None and self._writer is not asyncio.current_task():
            self._writer.cancel()

    def _has_left(self, frame: Frame) -> bool:
        """Send a frame at once where nothing is before it and the transport takes it."""
        if self._write_at_once is None or self._queue or self.writing_since is not None:
            return False
        return self._write_at_once(frame)

    def _add(self, queued: _Queued) -> None:
        self._queue.append(queued)
        self._bytes += len(queued.frame)
        if self.writing_since is None:
            self._start_writer()

    def _is_full(self) -> bool:
        return self._bytes > self._limits.queue_bytes or len(self._queue) > self._limits.queue_updates

    def _drop_moves(self) -> None:
        """Drop the queued updates of zones: their sockets get one snapshot of each instead."""
        lossy = {q.follow for q in self._queue if q.follow is not None and q.follow.name.startswith("zone:")}
        if not lossy:
            return
        kept = deque(q for q in self._queue if q.follow not in lossy)
        UPDATES_DROPPED.inc(len(self._queue) - len(kept))
        self._queue = kept
        self._bytes = sum(len(q.frame) for q in kept)
        for follow in lossy:
            follow.lose()

    async def _write_directly(self, frame: Frame) -> None:
        self.writing_since = clock.now()
        try:
            await self._send_frame(frame)
        finally:
            self.writing_since = None
            if self._queue and not self._is_shut:
                self._start_writer()

    def _start_writer(self) -> None:
        self.writing_since = clock.now()
        self._writer = asyncio.get_running_loop().create_task(self._write_queued())

    async def _write_queued(self) -> None:
        try:
            while self._queue and not self._is_shut:
                queued = self._queue.popleft()
                self._bytes -= len(queued.frame)
                self.writing_since = clock.now()
                try:
                    await self._send_frame(queued.frame)
                finally:
                    if queued.has_left is not None and not queued.has_left.done():
                        queued.has_left.set_result(None)
        except OSError:
            self.shut()
        finally:
            self.writing_since = None
            self._writer = None

    async def _send_frame(self, frame: Frame) -> None:
        if isinstance(frame, str):
            await self._send({"type": "websocket.send", "text": frame})
        else:
            await self._send({"type": "websocket.send", "bytes": frame})
