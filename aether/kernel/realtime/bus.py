"""The bus between processes: Redis pub/sub, a doorbell that rings at most once.

A process that has heard of no other one stays silent. What the bus loses, numbers reveal.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from django.conf import settings
from redis.exceptions import RedisError

from aether.kernel import failpoints
from aether.kernel.ending import end
from aether.kernel.live.connections import aredis
from aether.protocol.codec import Encoded

logger = structlog.get_logger(__name__)

ANNOUNCE_EVERY_S = 3.0
PEER_LAPSES_AFTER_S = 12.0
BACKOFF_S = 0.5
START_PATIENCE_S = 2.0
OUTGOING_MAX = 10_000

Message = list[Any]
"""`[kind, …]`; on the wire the origin stands first."""


def channel() -> str:
    """Return the bus's channel: Redis shares channels between its databases, so clusters need names."""
    return f"{settings.CHANNEL_PREFIX}:bus"


def pack(origin: str, message: Message) -> bytes:
    """Return a message as it travels: its updates as [type, JSON]."""
    return msgspec.msgpack.encode([origin, *message], enc_hook=_packed)


def _packed(part: Any) -> list[str | bytes]:
    if isinstance(part, Encoded):
        return [part.type_name, part.body("json")]
    raise TypeError(f"{type(part).__name__} does not travel")


def _unpacked(part: Any) -> Any:
    if not isinstance(part, list):
        return part
    if len(part) == 2 and isinstance(part[0], str) and isinstance(part[1], bytes):
        return Encoded(part[0], None, part[1])
    return [_unpacked(inner) for inner in part]


class Bus:
    """One process's end of the bus."""

    def __init__(self, on_message: Callable[[Message], None], on_recovered: Callable[[], None]) -> None:
        self.origin = secrets.token_hex(6)
        self.is_up = False
        self._on_message = on_message
        self._on_recovered = on_recovered
        self._peers: dict[str, float] = {}
        self._outgoing: deque[bytes] = deque(maxlen=OUTGOING_MAX)
        self._wake = asyncio.Event()
        self._subscribed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listen and speak; return once the bus is up, or after a moment without it."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._speak())]
        try:
            async with asyncio.timeout(START_PATIENCE_S):
                await self._subscribed.wait()
        except TimeoutError:
            logger.warning("the bus between processes does not answer")

    async def stop(self) -> None:
        await end(*self._tasks)

    @property
    def has_peers(self) -> bool:
        """Tell if another process was heard lately."""
        oldest = time.monotonic() - PEER_LAPSES_AFTER_S
        return any(heard >= oldest for heard in self._peers.values())

    def publish(self, message: Message) -> None:
        """Ring the other processes, if there are any."""
        if self.has_peers:
            self._send(message)

    def _send(self, message: Message) -> None:
        self._outgoing.append(pack(self.origin, message))
        self._wake.set()

    async def _listen(self) -> None:
        is_first = True
        while True:
            try:
                await self._hear(is_first)
            except (RedisError, OSError) as error:
                logger.warning("the bus between processes is down", error=repr(error))
            self.is_up, is_first = False, False
            await asyncio.sleep(BACKOFF_S)

    async def _hear(self, is_first: bool) -> None:
        pubsub = aredis().pubsub()
        try:
            await pubsub.subscribe(channel())
            self.is_up = True
            self._subscribed.set()
            self._send(["join"])
            if not is_first:
                self._on_recovered()
            while True:
                heard = await pubsub.get_message(ignore_subscribe_messages=True, timeout=ANNOUNCE_EVERY_S)
                if heard is not None and heard["type"] == "message":
                    self._take(heard["data"])
        finally:
            await pubsub.aclose()  # type: ignore[no-untyped-call]  # so it is in the library

    def _take(self, data: bytes) -> None:
        try:
            origin, *message = msgspec.msgpack.decode(data)
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            logger.warning("a message on the bus cannot be read", error=repr(error))
            return
        if origin == self.origin:
            return
        if origin:
            self._peers[origin] = time.monotonic()
        match message[0]:
            case "join":
                self._send(["here"])
            case "here":
                return
            case _:
                self._on_message(_unpacked(message))

    async def _speak(self) -> None:
        while True:
            try:
                async with asyncio.timeout(ANNOUNCE_EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                self._send(["here"])
            self._wake.clear()
            try:
                await self._flush()
            except (RedisError, OSError) as error:
                logger.warning("the bus between processes takes nothing", error=repr(error))
                self._outgoing.clear()

    async def _flush(self) -> None:
        if failpoints.is_armed and self.has_peers:
            failpoints.reach("after_reply_before_doorbell")
        while self._outgoing:
            async with aredis().pipeline(transaction=False) as pipe:
                for _ in range(min(len(self._outgoing), 200)):
                    pipe.publish(channel(), self._outgoing.popleft())
                await pipe.execute()
