"""One socket: reads frames in order, answers each, follows streams, and is closed with a reason."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from aether.gateway import metrics
from aether.gateway.answering import answer, refuse
from aether.gateway.arrivals import note_presence
from aether.gateway.errors import Close, TooManyStreamsError
from aether.gateway.limits import Bucket
from aether.gateway.outgoing import Outgoing, Send
from aether.gateway.registry import Registry
from aether.gateway.writing import WriteAtOnce
from aether.kernel import clock, tracing
from aether.kernel.errors import BadJsonError, GameError, NotFoundError, RateLimitedError
from aether.kernel.ids import CharacterId
from aether.kernel.realtime import Follow, personal
from aether.protocol.base import Update
from aether.protocol.codec import Encoded, FormatName, Frame, id_in, id_of, parse, read_command, update_frame
from aether.protocol.gateway import Drain, KeptInventory, MeSnapshot

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Peer(NamedTuple):
    """Who is at the other end: the language that is read there, and the address."""

    language: str
    address: str


class Socket:
    """Knows who it is once it has said hello."""

    def __init__(
        self,
        registry: Registry,
        send: Send,
        *,
        form: FormatName,
        peer: Peer,
        write_at_once: WriteAtOnce | None = None,
    ) -> None:
        now = clock.now()
        self.registry = registry
        self.limits = registry.limits
        self.form: FormatName = form
        self.language, self.address = peer
        self.account_id = 0
        self.character_id: CharacterId | None = None
        self.claim: int | None = None
        self.session_id = ""
        self.session_key = ""
        self.has_said_hello = False
        self.kept: KeptInventory | None = None
        """What its client has kept from an earlier visit, until the first snapshot."""
        self.opened_at = self.heard_at = self.checked_at = now
        self.beat_at = now + self.limits.heartbeat_s
        self.asked_at = 0.0
        """When the first beat left that nothing has been heard since."""
        self.is_busy = False
        self.is_closing = False
        self.is_draining = False
        self.follows: dict[str, Follow] = {}
        self._led: set[str] = set()
        """The streams that it follows, or is about to, without having asked."""
        self._waiting_streams: list[tuple[tuple[str, ...], tuple[str, ...]]] | None = []
        self.outgoing = Outgoing(send, self.limits, self._overflow, write_at_once)
        self._send = send
        rate = self.limits.commands_per_20_s / 20
        self._bucket = Bucket(per_s=rate, burst=self.limits.command_burst, now=now)
        self._bad_frames = Bucket(
            per_s=self.limits.bad_frames_in_10_s / 10, burst=self.limits.bad_frames_in_10_s - 1, now=now
        )
        self._refused_in_a_row = 0

    async def serve(self, receive: Receive) -> None:
        """Answer frame after frame until the socket is gone."""
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            if self.is_closing or self.is_draining:
                continue
            text = message.get("text")
            frame: Frame = text if text is not None else message["bytes"]
            self.heard_at = clock.now()
            self.is_busy = True
            try:
                await self._take(frame)
            finally:
                self.is_busy = False

    async def leave(self) -> None:
        """Take the socket off everything; it is gone."""
        self.is_closing = True
        self.outgoing.shut()
        for follow in self.follows.values():
            self.registry.hub.unfollow(follow)
        self.follows.clear()
        await self.registry.remove(self)

    def push(self, frame: Frame, follow: Follow) -> None:
        """Queue an update, without waiting."""
        self.outgoing.push(frame, follow)

    async def shortened(self, n: int, snapshot: Update) -> Update:
        """Leave out of the first snapshot of `me` what the client has kept; later ones are whole."""
        if self.kept is None or self.character_id is None or not isinstance(snapshot, MeSnapshot):
            return snapshot
        kept, self.kept = self.kept, None
        return await personal.shortened(self.character_id, n, snapshot, kept)

    async def write(self, frame: Frame) -> None:
        """Send a frame after those that are queued, and wait until it has left."""
        await self.outgoing.write(frame)

    def change_streams(self, follow: tuple[str, ...], unfollow: tuple[str, ...]) -> None:
        """Follow and leave streams, soon."""
        if self._waiting_streams is not None:
            self._waiting_streams.append((follow, unfollow))
        else:
            self.registry.hub.spawn(self.apply_streams(follow, unfollow))

    @property
    def is_playing(self) -> bool:
        """Tell if the socket acts for a character."""
        return self.claim is not None and self.character_id is not None and not self.is_closing

    @property
    def is_half_greeted(self) -> bool:
        """Tell if the socket was admitted, and its hello has not been answered."""
        return self.has_said_hello and self._waiting_streams is not None

    async def begin(self) -> None:
        """The reply to hello has left: now everything else may come."""
        waiting, self._waiting_streams = self._waiting_streams or [], None
        for follow, unfollow in waiting:
            self.change_streams(follow, unfollow)
        if self.character_id is not None:
            self.registry.hub.spawn(note_presence(self.character_id, True))

    def shut(self, code: int, reason: str) -> None:
        """Close, soon; what waits to be sent is dropped."""
        if not self.is_closing:
            self.is_closing = True
            self.outgoing.shut()
            self.registry.hub.spawn(self._close(code, reason))

    def drain(self, reconnect_in_ms: int) -> None:
        """Say that the server goes, finish what is under way, and close."""
        if not self.is_draining:
            self.is_draining = True
            self.registry.hub.spawn(self._drain(reconnect_in_ms))

    async def start_follow(self, stream: str) -> Follow:
        """Put the socket on a stream; the caller lets it catch up."""
        known = self.follows.get(stream)
        if known is not None:
            known.has_lost = True
            return known
        if len(self.follows) >= self.limits.streams:
            raise TooManyStreamsError(limit=self.limits.streams)
        follow = await self.registry.hub.follow(self, stream)
        if self.is_closing:
            self.registry.hub.unfollow(follow)
            raise NotFoundError
        self.follows[stream] = follow
        return follow

    async def lead_to(self, stream: str) -> Follow:
        """Put the socket on a stream that it has not asked for."""
        self._led.add(stream)
        try:
            return await self.start_follow(stream)
        finally:
            if stream not in self.follows:
                self._led.discard(stream)

    def end_follow(self, stream: str) -> None:
        """Take the socket off a stream."""
        follow = self.follows.pop(stream, None)
        self._led.discard(stream)
        if follow is None:
            raise NotFoundError
        self.registry.hub.unfollow(follow)

    async def apply_streams(self, follow: tuple[str, ...], unfollow: tuple[str, ...]) -> None:
        """Leave and follow what a command's outcome names; new streams begin with a snapshot.

        `battle:*` leaves every battle that the socket was led to, but for those that it is led to now.
        """
        for stream in self._meant(unfollow) - set(follow):
            self.end_follow(stream)
        for stream in follow:
            if stream in self.follows or stream in self._led or self.is_closing:
                continue
            with contextlib.suppress(NotFoundError):
                await (await self.lead_to(stream)).catch_up()

    def _meant(self, unfollow: tuple[str, ...]) -> set[str]:
        kinds = tuple(stream[:-1] for stream in unfollow if stream.endswith(":*"))
        led = {stream for stream in self._led if stream.startswith(kinds)} if kinds else set()
        return (led | set(unfollow)) & self.follows.keys()

    async def _take(self, frame: Frame) -> None:
        if isinstance(frame, str) != (self.form == "json"):
            self.shut(Close.WRONG_FRAME_TYPE, "text is JSON, binary is MessagePack")
            return
        tracing.begin()
        started = clock.now()
        wait_s = self._bucket.take(started)
        try:
            fields = parse(frame)
        except BadJsonError as error:
            await refuse(self, id_in(frame), "", error)
            if self._bad_frames.take(started):
                self.shut(Close.FLOOD, "too many bad frames")
            return
        if wait_s:
            await self._refuse_rate(id_of(fields), wait_s)
            return
        self._refused_in_a_row = 0
        try:
            envelope, command = read_command(fields)
        except GameError as error:
            await refuse(self, id_of(fields), "", error)
            return
        await answer(self, envelope, command)
        metrics.latency(envelope.t).observe(max(0.0, clock.now() - started))

    async def _refuse_rate(self, re: str | None, wait_s: float) -> None:
        self._refused_in_a_row += 1
        await refuse(self, re, "", RateLimitedError(retry_after_ms=int(wait_s * 1000) + 1))
        if self._refused_in_a_row >= self.limits.refusals_in_a_row:
            self.shut(Close.FLOOD, "too fast")

    async def _drain(self, reconnect_in_ms: int) -> None:
        update = Encoded.of(Drain(reconnect_in_ms=reconnect_in_ms))
        await self.write(update_frame(None, None, update, self.form))
        while self.is_busy and not self.is_closing:
            await asyncio.sleep(0.01)
        self.shut(Close.DRAIN, "drain")

    def _overflow(self) -> None:
        self.shut(Close.TOO_SLOW, "too slow")

    async def _close(self, code: int, reason: str) -> None:
        """Send the close frame; a peer that reads nothing is cut off."""
        metrics.CLOSES.labels(str(int(code))).inc()
        try:
            message = {"type": "websocket.close", "code": int(code), "reason": reason}
            async with asyncio.timeout(self.limits.close_timeout_s):
                await self._send(message)
        except (TimeoutError, OSError, RuntimeError):
            self.cut_off()

    def cut_off(self) -> None:
        """Drop the connection without another word.

        The ASGI interface has no such message, so this asks the server's own transport, if it is one.
        """
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()
