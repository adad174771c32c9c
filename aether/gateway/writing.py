"""Writing to a socket at once: no task, no message, and a frame that goes to many is built once.

Sending through ASGI costs a coroutine, and a WebSocket frame built anew for each socket. The server that
this game is served by keeps the transport within reach; where it has enough to do already, or another
server is in charge, a frame goes the way of ASGI, which waits.
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

_last: tuple[Frame, bytes] = (b"", b"")


def write_at_once_of(send: Any) -> WriteAtOnce | None:
    """Return how to write at once to the connection that `send` belongs to, if its server lets us."""
    protocol = getattr(send, "__self__", None)
    if not isinstance(protocol, WebSocketsSansIOProtocol):
        return None

    def write(frame: Frame) -> bool:
        # `writable` is cleared while the peer reads more slowly than we write.
        if not protocol.writable.is_set() or protocol.close_sent or protocol.transport.is_closing():
            return False
        protocol.transport.write(framed(frame))
        return True

    return write


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
