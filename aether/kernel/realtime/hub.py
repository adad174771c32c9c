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


class _Audience:
    """Those who are told the same. `told` is the last number of the stream that they were told here."""

    __slots__ = ("follows", "told")

    def __init__(self, told: int) -> None:
        self.told = told
        self.follows: set[Follow] = set()


class _Topic:
    __slots__ = ("audiences", "follows", "number")

    def __init__(self) -> None:
        self.number = FIRST_NUMBER
        self.follows: dict[Receiver, Follow] = {}
        self.audiences: dict[str, _Audience] = {}

    def put(self, follow: Follow) -> None:
        """Let a socket belong to its audience. Who comes into an empty one has missed nothing of it."""
        self.remove(self.follows.get(follow.receiver))
        self.follows[follow.receiver] = follow
        self.audiences.setdefault(follow.audience, _Audience(self.number)).follows.add(follow)

    def remove(self, follow: Follow | None) -> None:
        """Let a socket belong to no audience any more."""
        if follow is None or self.follows.get(follow.receiver) is not follow:
            return
        del self.follows[follow.receiver]
        audience = self.audiences[follow.audience]
        audience.follows.discard(follow)
        if not audience.follows:
            del self.audiences[follow.audience]

    def change(self, follow: Follow, audience: str) -> None:
        """Let a socket belong to another audience."""
        self.remove(follow)
        follow.audience = audience
        self.put(follow)


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
        follow = Follow(self, topic, audience, receiver, registered)
        self._topics.setdefault(topic, _Topic()).put(follow)
        return follow

    def unfollow(self, follow: Follow) -> None:
        """Take a socket off a stream; a stream that nobody follows is forgotten."""
        topic = self._topics.get(follow.topic)
        if topic is None:
            return
        topic.remove(follow)
        if not topic.follows:
            del self._topics[follow.topic]

    def has(self, follow: Follow) -> bool:
        """Tell if the socket is still on the stream."""
        topic = self._topics.get(follow.topic)
        return topic is not None and topic.follows.get(follow.receiver) is follow

    def number_of(self, stream: str) -> int:
        """Return how far this process has numbered a stream."""
        topic = self._topics.get(stream)
        return topic.number if topic else 0

    def told(self, follow: Follow) -> int:
        """Return the last number that the audience of a socket was told here."""
        topic = self._topics.get(follow.topic)
        audience = topic.audiences.get(follow.audience) if topic else None
        return audience.told if audience else 0

    def viewers(self, stream: str) -> int:
        """Return how many sockets of this process follow a stream."""
        topic = self._topics.get(stream)
        return len(topic.follows) if topic else 0

    def follows(self) -> list[Follow]:
        """Return every socket on every stream."""
        return [follow for topic in self._topics.values() for follow in topic.follows.values()]

    def deliver_next(self, stream: str, encoded: Encoded) -> None:
        """Give an update the stream's next number here, and send the same bytes to everybody."""
        topic = self._topics.get(stream)
        if topic is None:
            return
        topic.number += 1
        for audience in topic.audiences.values():
            self._tell(stream, topic, audience, encoded)

    def deliver_apart(
        self,
        stream: str,
        told: Iterable[tuple[str, Encoded]],
        moves: Iterable[tuple[str, str, Encoded, list[int]]],
    ) -> None:
        """Let characters change their audience and be told so, then tell each audience its own.

        Whoever was taken for one of a third audience gets a snapshot: it has not seen what it now leaves.
        """
        topic = self._topics.get(stream)
        if topic is None:
            return
        topic.number += 1
        for before, name, encoded, character_ids in moves:
            for follow in self._follows_of(topic, character_ids):
                is_known = follow.audience in (before, name)
                topic.change(follow, name)
                if not is_known:
                    follow.lose()
                    continue
                first = follow.sent + 1
                frame = update_frame(stream, (first, topic.number), encoded, follow.receiver.form)
                follow.offer(first, topic.number, frame)
        topic.number += 1
        for name, encoded in told:
            audience = topic.audiences.get(name)
            if audience is not None:
                self._tell(stream, topic, audience, encoded)

    def correct(self, stream: str, audiences: Iterable[tuple[str, list[int]]]) -> None:
        """Put right who is taken for somebody of another audience: a word was lost, or came too early."""
        topic = self._topics.get(stream)
        if topic is None:
            return
        for name, character_ids in audiences:
            for follow in self._follows_of(topic, character_ids):
                if follow.audience != name:
                    topic.change(follow, name)
                    follow.lose()

    def deliver(self, stream: str, items: Iterable[Item]) -> None:
        """Send numbered updates to their audiences."""
        topic = self._topics.get(stream)
        if topic is None:
            return
        for name, first, last, encoded in items:
            audience = topic.audiences.get(name)
            if audience is not None:
                self._deliver(stream, audience.follows, first, last, encoded)

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something on its own; a failure is logged, and mended by the next heartbeat."""
        task = self.loop.create_task(work)
        self._spawned.add(task)
        task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Cancel what still runs on its own."""
        await end(*self._spawned)

    def _follows_of(self, topic: _Topic, character_ids: Iterable[int]) -> list[Follow]:
        receivers = (each for who in character_ids for each in self.by_character.get(CharacterId(who), ()))
        return [topic.follows[each] for each in receivers if each in topic.follows]

    def _tell(self, stream: str, topic: _Topic, audience: _Audience, encoded: Encoded) -> None:
        """Tell an audience something; the numbers of what others were told meanwhile count as told."""
        first, audience.told = audience.told + 1, topic.number
        self._deliver(stream, audience.follows, first, topic.number, encoded)

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
