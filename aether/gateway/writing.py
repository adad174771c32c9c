"""Writing to a socket at once: no task, no message, and a frame that goes to many is built once.

Sending through ASGI costs a coroutine, and a WebSocket frame built anew for each socket. The server that
this game is served by keeps the transport within reach; where it has enough to do already, or another
server is in charge, a frame goes the way of ASGI, which waits. What goes to one socket in one turn of the
event loop leaves together, as every write is a call of the system.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from aether.protocol.codec import Frame

WriteAtOnce = Callable[[Frame], bool]
"""Sends a frame and returns True, or returns False where it cannot leave now."""

TEXT, BINARY = 0x81, 0x82
SHORT_MAX, MEDIUM_MAX = 125, 0xFFFF
TURN_BYTES_MAX = 65_536

_last: tuple[Frame, bytes] = (b"", b"")


def write_at_once_of(send: Any) -> WriteAtOnce | None:
    """Return how to write at once to the connection that `send` belongs to, if its server lets us."""
    protocol = getattr(send, "__self__", None)
    return _Writer(protocol) if isinstance(protocol, WebSocketsSansIOProtocol) else None


class _Writer:
    """What goes to one connection in this turn of the loop."""

    __slots__ = ("_protocol", "_size", "_waiting")

    def __init__(self, protocol: WebSocketsSansIOProtocol) -> None:
        self._protocol = protocol
        self._waiting: list[bytes] = []
        self._size = 0

    def __call__(self, frame: Frame) -> bool:
        protocol = self._protocol
        # `writable` is cleared while the peer reads more slowly than we write.
        if not protocol.writable.is_set() or protocol.close_sent or protocol.transport.is_closing():
            return False
        wire = framed(frame)
        if not self._waiting:
            protocol.loop.call_soon(self._flush)
        self._waiting.append(wire)
        self._size += len(wire)
        if self._size > TURN_BYTES_MAX:
            # Only a write tells whether the transport has enough.
            self._flush()
        return True

    def _flush(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting and not self._protocol.transport.is_closing():
            self._protocol.transport.write(waiting[0] if len(waiting) == 1 else b"".join(waiting))


def framed(frame: Frame) -> bytes:
    """Return a payload as it travels. One that goes to many sockets in a row is framed once."""
    global _last
    known, wire = _last
    if frame is known:
        return wire
    kind, payload = (TEXT, frame.encode()) if isinstance(frame, str) else (BINARY, frame)
    size = len(payload)
    if size <= SHORT_MAX:
        head = bytes((kind, size))
    elif size <= MEDIUM_MAX:
        head = bytes((kind, 126)) + size.to_bytes(2)
    else:
        head = bytes((kind, 127)) + size.to_bytes(8)
    wire = head + payload
    _last = (frame, wire)
    return wire
