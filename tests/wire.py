"""A client that knows frames and nothing else, to say what a well-behaved one never would."""

from __future__ import annotations

import asyncio
import itertools
import json
from types import TracebackType
from typing import Any, Self

import msgpack
import websockets
from websockets.typing import Subprotocol

PATIENCE_S = 5.0

Fields = dict[str, Any]


class Wire:
    """One socket. Use it as `async with Wire(url) as wire`."""

    def __init__(self, url: str, *, form: str = "json", language: str = "", **options: Any) -> None:
        headers = {"Accept-Language": language} if language else {}
        headers |= options.pop("headers", {})
        self.form = form
        self._opening = websockets.connect(
            url,
            subprotocols=[Subprotocol(f"aether.v1.{form}")],
            additional_headers=headers,
            max_size=None,
            compression=None,
            **options,
        )
        self._ids = itertools.count(1)
        self.updates: list[Fields] = []
        self.greeting: Fields = {}
        self.socket: websockets.ClientConnection

    async def __aenter__(self) -> Self:
        self.socket = await self._opening.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opening.__aexit__(kind, error, trace)

    async def send(self, frame: Fields | str | bytes) -> None:
        """Send a frame: fields in this socket's format, anything else as it is."""
        if isinstance(frame, dict):
            frame = json.dumps(frame) if self.form == "json" else msgpack.packb(frame)
        await self.socket.send(frame)

    async def receive(self) -> Fields:
        """Return the next frame."""
        frame = await asyncio.wait_for(self.socket.recv(), PATIENCE_S)
        return json.loads(frame) if isinstance(frame, str) else msgpack.unpackb(frame)

    async def reply(self) -> Fields:
        """Return the next reply; updates on the way are kept in `updates`."""
        while True:
            frame = await self.receive()
            if "re" in frame:
                return frame
            self.updates.append(frame)

    async def call(self, t: str, d: Fields | None = None, **envelope: Any) -> Fields:
        """Send a command and return its reply frame."""
        await self.send({"t": t, "id": f"w-{next(self._ids)}", "d": d or {}} | envelope)
        return await self.reply()

    async def refusal(self, frame: Fields | str | bytes) -> str:
        """Send a frame and return the code that it is refused with."""
        await self.send(frame)
        return str((await self.reply())["err"]["code"])

    async def update(self, *types: str) -> Fields:
        """Return the first update of these types, among those kept or to come."""
        for at, kept in enumerate(self.updates):
            if kept["t"] in types:
                return self.updates.pop(at)
        while True:
            frame = await self.receive()
            if frame.get("t") in types:
                return frame
            self.updates.append(frame)

    async def close_code(self) -> int:
        """Read until the server closes, and return the code."""
        try:
            while True:
                await self.receive()
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006

    async def hello(self, ticket: str) -> Fields:
        """Say hello with a ticket and return the reply's body."""
        reply = await self.call("hello", {"ticket": ticket, "client": "wire/1"})
        assert "ok" in reply, reply
        self.greeting = dict(reply["ok"])
        return self.greeting
