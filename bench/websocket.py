"""A lean WebSocket client for load, so that the load core can keep up with what it measures.

It reads whole frames without compression, as every server here sends them, and masks with zeros: the servers
unmask all the same, and the load need not count for it.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
FINAL, MASKED = 0x80, 0x80
NO_MASK = bytes(4)
END_OF_HEAD = b"\r\n\r\n"
OPEN_TIMEOUT_S = 60.0

OnMessage = Callable[[bytes], None]


class ClosedError(Exception):
    """The server closed the socket, or never opened it."""


class WebSocket(asyncio.Protocol):
    """One socket. `on_message` gets the payload of each message, as it comes."""

    def __init__(self, on_message: OnMessage, request: bytes) -> None:
        self._on_message = on_message
        self._request = request
        self._rest = b""
        self._is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Those of uvloop are not of this class, but do what it does.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if not self._is_open and not self._read_head():
            return
        at = 0
        while (frame := _frame(self._rest, at)) is not None:
            opcode, start, at = frame
            self._take(opcode, self._rest[start:at])
        self._rest = self._rest[at:]

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ClosedError(self._rest.decode("latin-1")[:200]))
        if not self.closed.done():
            self.closed.set_result("cut off")

    def send(self, payload: bytes, opcode: int = TEXT) -> None:
        """Send one message."""
        size = len(payload)
        if size < 126:
            head = bytes((FINAL | opcode, MASKED | size))
        else:
            head = bytes((FINAL | opcode, MASKED | 126)) + size.to_bytes(2, "big")
        self._transport.write(head + NO_MASK + payload)

    def cut(self) -> None:
        """Drop the connection."""
        self._transport.abort()

    def _read_head(self) -> bool:
        head, end, rest = self._rest.partition(END_OF_HEAD)
        if not end:
            return False
        if not head.startswith(b"HTTP/1.1 101"):
            self._transport.abort()
            return False
        self._rest, self._is_open = rest, True
        self.opened.set_result(None)
        return True

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode in (TEXT, BINARY):
            self._on_message(payload)
        elif opcode == PING:
            self.send(payload, PONG)
        elif opcode == CLOSE and not self.closed.done():
            self.closed.set_result(f"{int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}")


async def connect(url: str, on_message: OnMessage, *, subprotocol: str = "") -> WebSocket:
    """Open a socket. Raises ClosedError, with the answer, where the server does not let it in."""
    parts = urlsplit(url)
    asked = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {asked} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
        *([f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []),
    ]
    request = "\r\n".join(lines).encode() + END_OF_HEAD
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(
        lambda: WebSocket(on_message, request), parts.hostname or "localhost", parts.port or 80
    )
    async with asyncio.timeout(OPEN_TIMEOUT_S):
        await socket.opened
    return socket


def _frame(buffer: bytes, at: int) -> tuple[int, int, int] | None:
    """Return the opcode of the frame at a place, and where its payload starts and ends, once it is whole."""
    if len(buffer) < at + 2:
        return None
    size, start = buffer[at + 1], at + 2
    if size >= 126:
        start += 2 if size == 126 else 8
        size = int.from_bytes(buffer[at + 2 : start], "big")
    if len(buffer) < start + size:
        return None
    assert buffer[at] & FINAL, "a message in parts"
    return buffer[at] & 0x0F, start, start + size
