"""Ports for servers that tests start."""

from __future__ import annotations

import random
import socket

RANGE = range(15_000, 30_000)
"""Below those that the system gives to who connects: one of these could not be listened on a moment later."""

_dice = random.SystemRandom()


def free_port() -> int:
    return next(port for port in iter(_any_port, None) if _is_free(port))


def two_free_ports() -> tuple[int, int]:
    """Return two that follow one another."""
    port = next(port for port in iter(_any_port, None) if _is_free(port) and _is_free(port + 1))
    return port, port + 1


def _any_port() -> int:
    return _dice.choice(RANGE)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
