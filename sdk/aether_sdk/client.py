"""One character's live connection: commands with their replies, and every update in order.

A drop is mended behind the caller's back: the session resumes, streams go on where they were, and
commands without a reply are sent again under the same id, so that none happens twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import uuid
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx
import websockets

from aether_sdk.errors import AetherError, ConnectionLostError, RefusedError
from aether_sdk.link import FormatName, Link
from aether_sdk.rest import Rest, Ticket
from aether_sdk.streams import Streams, Update

KEPT_UPDATES = 10_000
BACKOFF_FIRST_S = 0.5
BACKOFF_MAX_S = 10.0
FINAL = {1008: "too fast", 4409: "taken over", 4426: "this client is too old"}
"""Close codes after which reconnecting is no use; so is 4401 when no new ticket can be had."""

GetTicket = Callable[[], Awaitable[Ticket]]


class Client:
    """Use it as `async with Client.playing(rest, character_id) as client`."""

    def __init__(
        self,
        get_ticket: GetTicket,
        *,
        form: FormatName = "json",
        language: str = "en",
        name: str = "aether-sdk/1",
    ) -> None:
        self.streams = Streams()
        self.welcome: dict[str, Any] = {}
        """The server's last reply to hello."""
        self._get_ticket = get_ticket
        self._form: FormatName = form
        self._language = language
        self._name = name
        self._url = ""
        self._link: Link | None = None
        self._session: tuple[str, str] | None = None
        self._pending: dict[str, tuple[dict[str, Any], asyncio.Future[dict[str, Any]]]] = {}
        self._kept: deque[Update] = deque(maxlen=KEPT_UPDATES)
        self._arrived = asyncio.Condition()
        self._running: asyncio.Task[None] | None = None
        self._lost: AetherError | None = None
        self._reconnect_in_s = 0.0

    @classmethod
    def playing(cls, rest: Rest, character: int | None, **options: Any) -> Self:
        """Return a client for a character of the account that `rest` is signed in to."""
        return cls(lambda: rest.ticket(character), **options)

    async def __aenter__(self) -> Self:
        await self._connect()
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Leave."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
        if self._link is not None:
            await self._link.close()
        await self._end(ConnectionLostError("closed by this client"))

    async def command(
        self, t: str, fields: Mapping[str, Any] | None = None, /, **more: Any
    ) -> dict[str, Any]:
        """Send a command and return the body of its reply; raise RefusedError when it is refused."""
        return await self.command_as(uuid.uuid4().hex, t, {**(fields or {}), **more})

    async def command_as(self, command_id: str, t: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Send a command under an id of your own; sent again under it, it does nothing more."""
        if self._lost is not None:
            raise self._lost
        frame = {"t": t, "id": command_id, "d": dict(fields)}
        answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._pending[command_id] = (frame, answered)
        try:
            if self._link is not None:
                await self._link.send(frame)
            reply = await answered
        finally:
            self._pending.pop(command_id, None)
        if "err" in reply:
            raise RefusedError.from_body(reply["err"])
        return dict(reply["ok"])

    async def follow(self, stream: str) -> int:
        """Follow a stream; its snapshot comes as an update."""
        return int((await self.command("subscribe", s=stream))["head"])

    async def leave(self, stream: str) -> None:
        """Stop following a stream."""
        await self.command("unsubscribe", s=stream)
        self.streams.forget(stream)

    async def update(
        self, t: str, *, where: Callable[[Update], bool] = lambda update: True, timeout_s: float = 10.0
    ) -> Update:
        """Return (and take) the first update of a type, among those that came or are to come."""
        async with asyncio.timeout(timeout_s), self._arrived:
            while True:
                for update in self._kept:
                    if update.type == t and where(update):
                        self._kept.remove(update)
                        return update
                await self._wait()

    async def __aiter__(self) -> AsyncIterator[Update]:
        """Take every update in turn, until the connection is over."""
        while True:
            async with self._arrived:
                while not self._kept:
                    if self._lost is not None:
                        return
                    await self._wait()
                update = self._kept.popleft()
            yield update

    async def _wait(self) -> None:
        if self._lost is not None:
            raise self._lost
        await self._arrived.wait()

    async def _run(self) -> None:
        """Read until the connection is over for good."""
        while True:
            try:
                await self._read()
            except websockets.ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else None
                if code in FINAL:
                    await self._end(ConnectionLostError(FINAL[code], code))
                    return
            self._link = None
            try:
                await self._reconnect()
            except AetherError as error:
                await self._end(error)
                return

    async def _read(self) -> None:
        assert self._link is not None
        beat_s = float(self.welcome["heartbeat_s"])
        while True:
            try:
                async with asyncio.timeout(beat_s):
                    frame = await self._link.receive()
            except TimeoutError:
                await self._link.send({"t": "ping", "id": uuid.uuid4().hex})
                continue
            await self._take(frame)
            if frame.get("t") == "beat":
                # The server counts on hearing from its clients, too.
                await self._link.send({"t": "ping", "id": uuid.uuid4().hex})

    async def _take(self, frame: dict[str, Any]) -> None:
        if "re" in frame:
            pending = self._pending.get(frame["re"])
            if pending is not None and not pending[1].done():
                pending[1].set_result(frame)
            return
        update = Update.from_frame(frame)
        if update.type == "drain":
            self._reconnect_in_s = update.body["reconnect_in_ms"] / 1000
        elif update.type == "beat":
            await self._ask_for(self.streams.behind(update.body["heads"]))
        elif update.stream is not None:
            await self._take_of_stream(update)

    async def _take_of_stream(self, update: Update) -> None:
        match self.streams.take(update):
            case "apply":
                async with self._arrived:
                    self._kept.append(update)
                    self._arrived.notify_all()
            case "gap":
                assert update.stream is not None
                await self._ask_for([update.stream])

    async def _ask_for(self, streams: list[str]) -> None:
        assert self._link is not None
        for stream in streams:
            missing = {"s": stream, "from": self.streams.seen[stream] + 1}
            await self._link.send({"t": "resume", "id": uuid.uuid4().hex, "d": missing})

    async def _connect(self) -> None:
        """Open a socket with a ticket, afresh."""
        ticket = await self._get_ticket()
        self._url = ticket.url
        await self._open({"ticket": ticket.secret, "client": self._name})

    async def _reconnect(self) -> None:
        """Resume; where the session is gone, begin afresh. Wait longer after each failure."""
        backoff_s = BACKOFF_FIRST_S
        await asyncio.sleep(self._reconnect_in_s)
        self._reconnect_in_s = 0.0
        while True:
            try:
                await self._resume()
                return
            except RefusedError as error:
                if not error.retry:
                    raise
            except (OSError, websockets.WebSocketException, httpx.TransportError):
                pass
            await asyncio.sleep(random.uniform(0, backoff_s))
            backoff_s = min(backoff_s * 2, BACKOFF_MAX_S)

    async def _resume(self) -> None:
        if self._session is not None:
            session, secret = self._session
            shown = {"session": session, "secret": secret, "seen": dict(self.streams.seen)}
            try:
                await self._open({"resume": shown, "client": self._name})
                return
            except RefusedError as error:
                if error.code != "session_gone":
                    raise
                self._session = None
        await self._connect()

    async def _open(self, hello: dict[str, Any]) -> None:
        link = await Link.open(self._url, form=self._form, language=self._language)
        try:
            self.welcome = await link.greet(hello)
        except BaseException:
            await link.close()
            raise
        self._session = (self.welcome["session"], self.welcome["secret"])
        self.streams.ask_again()
        followed, self.streams.seen = self.streams.seen, self.streams.seen if self.welcome["resumed"] else {}
        self._link = link
        for stream in followed.keys() - self.welcome["topics"].keys():
            await link.send({"t": "subscribe", "id": uuid.uuid4().hex, "d": {"s": stream}})
        for frame, _ in list(self._pending.values()):
            await link.send(frame)

    async def _end(self, error: AetherError) -> None:
        if self._lost is None:
            self._lost = error
        for _, answered in self._pending.values():
            if not answered.done():
                answered.set_exception(error)
        async with self._arrived:
            self._arrived.notify_all()
