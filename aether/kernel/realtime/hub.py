"""The fan-out of one process: which sockets follow which streams, each update encoded once per format."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterable
from typing import Any, NamedTuple

import structlog

from aether.kernel.ending import end
from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.kernel.realtime.following import PERSONAL, Follow, Receiver
from aether.kernel.realtime.sources import source_of
from aether.protocol.codec import Encoded, FormatName, Frame, update_frame

logger = structlog.get_logger(__name__)


TAKEN_OVER = 4409
FIRST_NUMBER = 1_000
"""Where a process begins to number a stream: a snapshot in pages has room before its own number."""


class Item(NamedTuple):
    """An update for one audience of a sequenced stream."""

    audience: str
    first: int
    last: int
    encoded: Encoded


class _Topic:
    __slots__ = ("followers", "number")

    def __init__(self) -> None:
        self.number = FIRST_NUMBER
        self.followers: dict[str, dict[Receiver, Follow]] = {}


class Hub:
    """Lives on one event loop; nothing here may be called from another thread."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._topics: dict[str, _Topic] = {}
        self.receivers: set[Receiver] = set()
        self.by_character: defaultdict[CharacterId, set[Receiver]] = defaultdict(set)
        self._spawned: set[asyncio.Task[Any]] = set()

    def add(self, receiver: Receiver) -> None:
        """Know a socket that has said hello."""
        self.receivers.add(receiver)
        if receiver.character_id is not None:
            self.by_character[receiver.character_id].add(receiver)

    def remove(self, receiver: Receiver) -> None:
        """Forget a socket that is gone; the caller has taken it off its streams."""
        self.receivers.discard(receiver)
        if receiver.character_id is not None and receiver.character_id in self.by_character:
            self.by_character[receiver.character_id].discard(receiver)
            if not self.by_character[receiver.character_id]:
                del self.by_character[receiver.character_id]

    def shut(self, *, by: str, key: object, code: int, reason: str) -> None:
        """Close the sockets of an account, a character or a login."""
        for receiver in list(self.receivers):
            if getattr(receiver, by) == key:
                receiver.shut(code, reason)

    def take_over(self, character_id: CharacterId, claim: int) -> None:
        """Close the sockets whose claim to a character is older than this one."""
        for receiver in list(self.by_character.get(character_id, ())):
            if receiver.claim is not None and receiver.claim < claim:
                receiver.shut(TAKEN_OVER, "taken over")

    def change_streams(self, character_id: int, follow: tuple[str, ...], unfollow: tuple[str, ...]) -> None:
        """Let every socket of a character follow and leave streams."""
        for receiver in list(self.by_character.get(CharacterId(character_id), ())):
            receiver.change_streams(follow, unfollow)

    async def follow(self, receiver: Receiver, stream: str) -> Follow:
        """Put a socket on a stream that its character may see. Call `catch_up` on what is returned."""
        if receiver.character_id is None or stream.startswith("me:"):
            raise NotFoundError
        topic = f"me:{receiver.character_id}" if stream == PERSONAL else stream
        registered = source_of(topic)
        audience = await registered.source.audience(receiver.character_id, topic)
        if not registered.is_sequenced:
            audience = ""
        follow = Follow(self, topic, audience, receiver, registered)
        self._topics.setdefault(topic, _Topic()).followers.setdefault(audience, {})[receiver] = follow
        return follow

    def unfollow(self, follow: Follow) -> None:
        """Take a socket off a stream; a stream that nobody follows is forgotten."""
        topic = self._topics.get(follow.topic)
        if topic is None:
            return
        followers = topic.followers.get(follow.audience, {})
        if followers.get(follow.receiver) is follow:
            del followers[follow.receiver]
        if not followers:
            topic.followers.pop(follow.audience, None)
        if not topic.followers:
            del self._topics[follow.topic]

    def has(self, follow: Follow) -> bool:
        """Tell if the socket is still on the stream."""
        topic = self._topics.get(follow.topic)
        return topic is not None and topic.followers.get(follow.audience, {}).get(follow.receiver) is follow

    def number_of(self, stream: str) -> int:
        """Return how far this process has numbered a stream."""
        topic = self._topics.get(stream)
        return topic.number if topic else 0

    def viewers(self, stream: str) -> int:
        """Return how many sockets of this process follow a stream."""
        topic = self._topics.get(stream)
        return sum(map(len, topic.followers.values())) if topic else 0

    def follows(self) -> list[Follow]:
        """Return every socket on every stream."""
        return [
            follow
            for topic in self._topics.values()
            for followers in topic.followers.values()
            for follow in followers.values()
        ]

    def deliver_next(self, stream: str, encoded: Encoded) -> None:
        """Give an update the stream's next number here, and send the same bytes to everybody."""
        topic = self._topics.get(stream)
        if topic is None:
            return
        topic.number += 1
        for followers in topic.followers.values():
            self._deliver(stream, followers.values(), topic.number, topic.number, encoded)

    def deliver(self, stream: str, items: Iterable[Item]) -> None:
        """Send numbered updates to their audiences."""
        topic = self._topics.get(stream)
        if topic is None:
            return
        for audience, first, last, encoded in items:
            followers = topic.followers.get(audience)
            if followers:
                self._deliver(stream, followers.values(), first, last, encoded)

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something on its own; a failure is logged, and mended by the next heartbeat."""
        task = self.loop.create_task(work)
        self._spawned.add(task)
        task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Cancel what still runs on its own."""
        await end(*self._spawned)

    def _deliver(
        self, stream: str, followers: Iterable[Follow], first: int, last: int, encoded: Encoded
    ) -> None:
        frames: dict[FormatName, Frame] = {}
        name = PERSONAL if stream.startswith("me:") else stream
        for follow in list(followers):
            form = follow.receiver.form
            frame = frames.get(form)
            if frame is None:
                frame = frames[form] = update_frame(name, (first, last), encoded, form)
            follow.offer(first, last, frame)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._spawned.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.warning("an update could not be sent", error=repr(error))
