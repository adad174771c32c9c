"""Drain: tell every socket that the server goes, then close it with 1012; its client resumes elsewhere.

The server listens no more, so that whatever stands before it, a plain TCP balancer too, sends everybody who
comes to another gateway at once. Sockets go one after the other over a few seconds and are served until
their turn comes, so that nobody waits and the others are not overrun.
"""

from __future__ import annotations

import asyncio
import random
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

from aether.gateway.registry import Registry

PATIENCE_S = 3.0


async def drain(registry: Registry, *, spread_ms: int) -> None:
    """Refuse new sockets, drain the others, and return when they are gone or patience has ended."""
    registry.is_draining = True
    loop = registry.hub.loop
    for socket in list(registry.sockets):
        loop.call_later(random.uniform(0, spread_ms / 1000), socket.drain, 0)
    deadline = loop.time() + spread_ms / 1000 + PATIENCE_S
    while registry.sockets and loop.time() < deadline:
        await asyncio.sleep(0.02)


def drain_on_signals(find: Callable[[], Registry | None]) -> Callable[[], None]:
    """On SIGTERM and SIGINT, drain first, then let the server's own handler act. Return the undo."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    loop = asyncio.get_running_loop()
    before: dict[int, Any] = {}

    def take(number: int, frame: FrameType | None) -> None:
        registry, server = find(), before[number]
        if registry is None or registry.is_draining:
            _pass_on(server, number, frame)
            return
        loop.call_soon_threadsafe(
            lambda: loop.create_task(_drain_then(registry, server, lambda: _pass_on(server, number, frame)))
        )

    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.getsignal(number)
        signal.signal(number, take)

    def undo() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return undo


async def _drain_then(registry: Registry, handler: Any, after: Callable[[], None]) -> None:
    stop_listening(handler)
    await drain(registry, spread_ms=registry.limits.drain_spread_ms)
    after()


def stop_listening(handler: Any) -> None:
    """Close the listeners of the server whose method handles the signal; its connections stay."""
    server = getattr(handler, "__self__", None)
    if isinstance(server, uvicorn.Server):
        for listener in server.servers:
            listener.close()


def _pass_on(handler: Any, number: int, frame: FrameType | None) -> None:
    if callable(handler):
        handler(number, frame)
    elif handler == signal.SIG_DFL:
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
