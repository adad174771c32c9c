"""One socket on one stream: what it has been sent, and how it catches up without loss or duplicate."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from aether.kernel.ids import CharacterId
from aether.kernel.realtime.sources import UNKNOWN, Registered
from aether.protocol.base import Update
from aether.protocol.codec import Encoded, FormatName, Frame, update_frame

WAITING_MAX = 256
PERSONAL = "me"


class Receiver(Protocol):
    """A socket, as the hub sees it."""

    form: FormatName
    character_id: CharacterId | None
    account_id: int
    claim: int | None
    session_id: str
    session_key: str

    def push(self, frame: Frame, follow: Follow) -> None:
        """Queue a frame, without waiting."""

    async def shortened(self, n: int, snapshot: Update) -> Update:
        """Leave out of a snapshot what the client has kept already."""

    async def write(self, frame: Frame) -> None:
        """Send a frame after those that are queued, and wait until it has left."""

    def change_streams(self, follow: tuple[str, ...], unfollow: tuple[str, ...]) -> None:
        """Follow and leave streams, soon."""

    def shut(self, code: int, reason: str) -> None:
        """Close, soon."""


class FanOut(Protocol):
    """The hub, as a follow sees it."""

    def has(self, follow: Follow) -> bool:
        """Tell if the socket is still on the stream."""

    def number_of(self, stream: str) -> int:
        """Return how far this process has numbered a stream."""

    def told(self, follow: Follow) -> int:
        """Return the last number that the socket's audience was told here."""

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something on its own."""


class Follow:
    """`sent` is the last number that the socket has been given. While it catches up, updates wait."""

    __slots__ = (
        "_hub",
        "_is_catching_up",
        "_waiting",
        "audience",
        "has_lost",
        "receiver",
        "registered",
        "sent",
        "topic",
    )

    def __init__(
        self, hub: FanOut, topic: str, audience: str, receiver: Receiver, registered: Registered
    ) -> None:
        self._hub = hub
        self.topic = topic
        self.audience = audience
        self.receiver = receiver
        self.registered = registered
        self.sent = 0
        self.has_lost = True
        self._is_catching_up = False
        self._waiting: list[tuple[int, int, Frame]] | None = []

    @property
    def is_catching_up(self) -> bool:
        """Tell if what is missing is on its way."""
        return self._is_catching_up

    @property
    def name(self) -> str:
        """Return the stream as its clients call it."""
        return visible_name(self.topic)

    def offer(self, first: int, last: int, frame: Frame) -> None:
        """Take the next update: send it, drop it when it was sent before, catch up when some are missing."""
        if self._waiting is not None:
            self._wait_with(first, last, frame)
        elif last <= self.sent:
            return
        elif self._goes_on(first):
            self.sent = last
            self.receiver.push(frame, self)
        else:
            self._waiting = [(first, last, frame)]
            self._hub.spawn(self.catch_up())

    def lose(self) -> None:
        """Forget what was queued for this stream: a snapshot takes its place as soon as the socket drains."""
        self.has_lost = True
        if self._waiting is None:
            self._waiting = []
        self._hub.spawn(self.catch_up())

    async def catch_up(self, *, seen: int | None = None) -> bool:
        """Send what is missing after `seen` (else: after what was sent); tell if it was a snapshot."""
        if self._waiting is None:
            self._waiting = []
        if seen is not None:
            is_known = self.registered.is_sequenced and seen <= await self.head()
            self.sent, self.has_lost = seen, not is_known
        if self._is_catching_up:
            return self.has_lost
        self._is_catching_up, is_snapshot = True, False
        try:
            while self._hub.has(self):
                is_snapshot = await self._close_gap() or is_snapshot
                if self._flush():
                    break
        finally:
            self._is_catching_up = False
        return is_snapshot

    async def head(self) -> int:
        """Return where the stream stands."""
        if self.registered.is_sequenced:
            return await self.registered.source.head(self.topic, self.audience)
        return self._hub.told(self)

    def _goes_on(self, first: int) -> bool:
        """Tell if nothing is missing before an update. What each process numbers may be told twice."""
        return first == self.sent + 1 or (first <= self.sent and not self.registered.is_sequenced)

    async def _close_gap(self) -> bool:
        """Send every missing update in pages, or a snapshot; tell which."""
        while not self.has_lost:
            missing = await self.registered.source.since(self.topic, self.audience, self.sent)
            if missing is None:
                break
            fresh = [page for page in missing if page[1] > self.sent]
            if not fresh:
                return False
            for first, last, update in fresh:
                await self._write(first, last, Encoded.of(update))
        await self._send_snapshot()
        return True

    async def _send_snapshot(self) -> None:
        self.has_lost = False
        # The number is read before the contents: what comes in between is told again, never lost.
        number = self._hub.number_of(self.topic)
        character_id = self.receiver.character_id
        assert character_id is not None
        try:
            n, update = await self.registered.source.snapshot(self.topic, self.audience, character_id)
        except BaseException:
            self.has_lost = True
            raise
        if not self.registered.is_sequenced:
            n = number
        elif n == UNKNOWN:
            n = self.sent
        pages = (await self.receiver.shortened(n, update)).pages()
        # The numbers before that of the snapshot are nobody's any more: its pages take the last of them.
        for number, page in enumerate(pages, start=n - len(pages) + 1):
            await self._write(number, number, Encoded.of(page))

    async def _write(self, first: int, last: int, encoded: Encoded) -> None:
        self.sent = last
        await self.receiver.write(update_frame(self.name, (first, last), encoded, self.receiver.form))

    def _wait_with(self, first: int, last: int, frame: Frame) -> None:
        assert self._waiting is not None
        if len(self._waiting) < WAITING_MAX:
            self._waiting.append((first, last, frame))
        else:
            self._waiting.clear()
            self.has_lost = self.has_lost or not self.registered.is_sequenced

    def _flush(self) -> bool:
        """Send what has waited; tell if nothing is missing."""
        waiting, self._waiting = self._waiting or [], None
        if self.has_lost:
            self._waiting = []
            return False
        for at, (first, last, frame) in enumerate(waiting):
            if last <= self.sent:
                continue
            if not self._goes_on(first):
                self._waiting = waiting[at:]
                self.has_lost = not self.registered.is_sequenced
                return False
            self.sent = last
            self.receiver.push(frame, self)
        return True


def visible_name(topic: str) -> str:
    """Return a stream's name as clients know it: everybody's own is `me`."""
    return PERSONAL if topic.startswith("me:") else topic
