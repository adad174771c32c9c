"""The server's entry: HTTP to Django, sockets to the gateway, the lifespan to what runs beside them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aether.settings.embedded")

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.signals import request_finished
from django.db import connections

on_loop = get_asgi_application()

from aether import celery  # noqa: E402 - Django must be set up before
from aether.gateway import running  # noqa: E402
from aether.gateway.consumer import GatewayConsumer  # noqa: E402
from aether.gateway.draining import drain_on_signals  # noqa: E402
from aether.http import OneTripHandler  # noqa: E402
from aether.kernel import interpreter, tracing  # noqa: E402
from aether.kernel.database_threads import close_shared, share_connections  # noqa: E402

SOCKET_PATH = "/ws/"
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked of the event loop itself, not of the threads that people wait for.

However long those wait, `/healthz` answers. The other two do their work in a database thread, which may
have to be waited for as well.
"""

if settings.PROFILE == "embedded":
    from aether import mending  # noqa: F401 - its background task runs in this profile only

if settings.DATABASE_CONNECTIONS:
    share_connections(settings.DATABASE_CONNECTIONS)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Any], Awaitable[None]]

http = OneTripHandler()
sockets = GatewayConsumer()


def _close_connections(**_signal: object) -> None:
    """What a request over HTTP has held goes back to those that threads share."""
    connections.close_all()


request_finished.connect(_close_connections, sender=OneTripHandler)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route one ASGI connection."""
    match scope["type"]:
        case "lifespan":
            await _live(receive, send)
        case "websocket" if scope["path"] == SOCKET_PATH:
            await sockets(scope, receive, send)
        case "websocket":
            await send({"type": "websocket.close"})
        case "http" if scope["path"] in PROBES:
            await on_loop(scope, receive, send)
        case _:
            tracing.begin()
            await http(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """Start with the server and stop with it; a start that fails is said, and ends the server."""
    await receive()
    try:
        await _start()
    except Exception as error:  # noqa: BLE001 - the edge of the process
        await _stop()
        await send({"type": "lifespan.startup.failed", "message": f"aether does not start: {error}"})
        return
    undo = drain_on_signals(running.registry)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    undo()
    await _stop()
    await send({"type": "lifespan.shutdown.complete"})


async def _start() -> None:
    interpreter.share_fairly()
    await running.start()
    if settings.PROFILE == "embedded":
        await asyncio.to_thread(celery.start_embedded)
    if settings.SPARE_THE_COLLECTOR:
        interpreter.spare_the_collector()


async def _stop() -> None:
    if settings.PROFILE == "embedded":
        await asyncio.to_thread(celery.stop_embedded)
    await running.stop()
    await asyncio.to_thread(http.close)
    await asyncio.to_thread(close_shared)
