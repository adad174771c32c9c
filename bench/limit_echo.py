"""`limit_echo`: how many frames a second the bare server echoes, run as ours but with no application."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bench import closed_loop
from bench.closed_loop import Tally
from bench.report import Figures
from bench.server import PROJECT, free_port
from bench.websocket import connect

CLIENTS = 50
FRAME = b'{"t":"combat.move","id":"c123456","d":{"battle":123456789,"path":[[7,8]]}}'
SERVE = "serve"

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def run(*, seconds: float = closed_loop.SECONDS) -> Figures:
    """Measure uvicorn on one core."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "bench.limit_echo", SERVE, str(port)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            server.stdout.readline()
            return closed_loop.drive(
                "limit_echo",
                "bench.limit_echo",
                server=server.pid,
                arguments=[f"ws://127.0.0.1:{port}/", "--seconds", str(seconds)],
            )
        finally:
            server.terminate()


async def echo(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Send back every frame as it came."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "text": message["text"]})


def serve(port: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aether.settings.embedded")
    from aether.operations.play import AnnouncingServer, server_config

    config = server_config()
    config.app, config.lifespan, config.port = echo, "off", port
    with contextlib.suppress(KeyboardInterrupt):
        AnnouncingServer(config, lambda: print("up", flush=True)).run()


class Caller:
    """One client with one frame under way at a time."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._heard: asyncio.Future[bytes]

    async def arrive(self, url: str) -> None:
        self._socket = await connect(url, lambda frame: self._heard.set_result(frame))

    async def go_on(self, until: float) -> None:
        while (began := time.perf_counter()) < until:
            self._heard = asyncio.get_running_loop().create_future()
            self._socket.send(FRAME)
            if await self._heard != FRAME:
                raise RuntimeError("another frame came back")
            self._tally.times_s.append(time.perf_counter() - began)


async def arrive(url: str, tally: Tally) -> list[Caller]:
    callers = [Caller(tally) for _ in range(CLIENTS)]
    await asyncio.gather(*(caller.arrive(url) for caller in callers))
    return callers


def main() -> None:
    if sys.argv[1] == SERVE:
        serve(int(sys.argv[2]))
        return
    given = closed_loop.arguments("Load of echoes.").parse_args()
    closed_loop.people()
    closed_loop.load(lambda tally: arrive(given.url, tally), given)


if __name__ == "__main__":
    main()
