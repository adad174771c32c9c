"""A port to listen on, or one sentence that says why not."""

from __future__ import annotations

import errno
import socket


class PortError(Exception):
    """The port cannot be listened on; the text says why and what to do."""


def listen(host: str, port: int, *, command: str) -> socket.socket:
    """Listen on `host:port`; `command` is how people choose another port."""
    if not 0 < port < 65536:
        raise PortError(f"{port} is not a port: choose one from 1 to 65535, as in {command} PORT=8001.")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortError(
                f"Port {port} is taken: choose another, as in {command} PORT={port + 1}."
            ) from error
        raise PortError(f"Port {port} on {host} cannot be used: {error.strerror}.") from error
    return listener


def as_port(text: str, *, command: str) -> int:
    """Return what people wrote as a port."""
    if not (text.isascii() and text.isdigit()):
        raise PortError(f"{text!r} is not a port: choose one from 1 to 65535, as in {command} PORT=8001.")
    return int(text)
