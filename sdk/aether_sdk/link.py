"""One WebSocket: frames in a format, and the hello that begins it."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Literal, Self

import msgpack
import websockets
from websockets.typing import Subprotocol

from aether_sdk.errors import RefusedError

FormatName = Literal["json", "msgpack"]
HELLO_TIMEOUT_S = 10.0
FRAME_BYTES_MAX = 1_000_000
TOO_MANY, BROKEN = 429, 500
"""Too many sockets, or (from here on) a server that begins, ends or is away: soon there may be room."""


class Link:
    """Frames in, frames out."""

    def __init__(self, socket: websockets.ClientConnection, form: FormatName) -> None:
        self._socket = socket
        self._form = form

    @classmethod
    async def open(cls, url: str, *, form: FormatName, language: str) -> Self:
        """Connect to a server; raise RefusedError where it takes no socket, at all or just now."""
        try:
            socket = await websockets.connect(
                url,
                subprotocols=[Subprotocol(f"aether.v1.{form}")],
                additional_headers={"Accept-Language": language},
                max_size=FRAME_BYTES_MAX,
                compression=None,
            )
        except websockets.InvalidStatus as refused:
            status, why = refused.response.status_code, refused.response.body or b""
            told = why.decode(errors="replace").strip()
            is_for_now = status == TOO_MANY or status >= BROKEN
            raise RefusedError(f"http_{status}", told, retry=is_for_now) from refused
        return cls(socket, form)

    async def greet(self, hello: dict[str, Any]) -> dict[str, Any]:
        """Say hello and return the body of the reply."""
        await self.send({"t": "hello", "id": "hello", "d": hello})
        async with asyncio.timeout(HELLO_TIMEOUT_S):
            reply = await self.receive()
        if "err" in reply:
            raise RefusedError.from_body(reply["err"])
        return dict(reply["ok"])

    async def send(self, frame: dict[str, Any]) -> None:
        """Send a frame. One that meets a closed socket is lost here; the client sends it again."""
        encoded: str | bytes = (
            json.dumps(frame, separators=(",", ":")) if self._form == "json" else msgpack.packb(frame)
        )
        try:
            await self._socket.send(encoded)
        except websockets.ConnectionClosed:
            return

    async def receive(self) -> dict[str, Any]:
        """Return the next frame."""
        frame = await self._socket.recv()
        decoded: dict[str, Any] = json.loads(frame) if isinstance(frame, str) else msgpack.unpackb(frame)
        return decoded

    async def close(self) -> None:
        """Close in order."""
        await self._socket.close()
