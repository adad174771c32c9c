"""`idle_connections`: what a socket costs that only stays: said hello as a character, follows `me`, beats.

The characters stand in no zone: what a zone costs depends on who else is there. The server is that of
`make play`, so what its Redis keeps of a session counts as well.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvloop

from bench.population import populate
from bench.report import Figures
from bench.server import own_database, seconds_used, serving
from bench.websocket import WebSocket, connect

CONNECTIONS = 5_000
FIRST = 500
"""So many come and go before: what the server needs once is not what a connection costs."""
ARRIVING_AT_ONCE = 16
TRIES = 5
IDLE_S = 10.0
SUBPROTOCOL = "aether.v1.json"
BEAT, ANSWER = b'{"t":"beat"', b'{"re":'

_encode = msgspec.json.Encoder().encode
_numbers = itertools.count(1)
Person = tuple[str, int]


def run(*, connections: int = CONNECTIONS, first: int = FIRST, idle_s: float = IDLE_S) -> Figures:
    """Measure the server's memory before and after everybody has come."""
    with own_database() as environment:
        people = populate(environment, first + connections, kind="crowd")
        with serving(environment) as (url, process):
            return uvloop.run(measured(url, process, people, first=first, idle_s=idle_s))


async def measured(url: str, process: int, people: Sequence[Person], *, first: int, idle_s: float) -> Figures:
    """Let the first come and go and the others come and stay."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as rest:
        for idler in await _arrive(rest, people[:first]):
            idler.leave()
        before_kb = resident_kb(process)
        began = time.perf_counter()
        idlers = await _arrive(rest, people[first:])
        arrived_s = time.perf_counter() - began
        came_kb, used_s = resident_kb(process), seconds_used(process)
        await asyncio.sleep(idle_s)
        used_s = seconds_used(process) - used_s
        stayed_kb = resident_kb(process)
    gone = sum(not idler.is_here for idler in idlers)
    for idler in idlers:
        idler.leave()
    count = len(idlers)
    return Figures(
        name="idle_connections",
        kb_per_connection=round((max(came_kb, stayed_kb) - before_kb) / count, 1),
        count=count,
        note=f"{before_kb // 1000} MB before, {count / arrived_s:.0f} arrivals/s, "
        f"{used_s / max(idle_s, 0.1):.0%} of a core while idle, {gone} closed",
    )


class Idler:
    """One who says hello, and after that only that it still lives."""

    def __init__(self) -> None:
        self._answered: asyncio.Future[bytes]
        self._socket: WebSocket

    async def arrive(self, rest: httpx.AsyncClient, token: str, character: int) -> None:
        """Get a ticket, open a socket, say hello; again, where a busy server asks for that."""
        for _ in range(TRIES):
            answer = await self._say_hello(rest, token, character)
            if "ok" in answer:
                return
            self._socket.cut()
            if not answer["err"]["retry"]:
                break
        raise RuntimeError(f"not let in: {answer}")

    async def _say_hello(self, rest: httpx.AsyncClient, token: str, character: int) -> dict[str, Any]:
        made = await rest.post(
            "/api/v1/socket-tickets", json={"character": character}, headers={"X-Session-Token": token}
        )
        ticket = made.raise_for_status().json()
        self._answered = asyncio.get_running_loop().create_future()
        self._socket = await connect(ticket["url"], self._hear, subprotocol=SUBPROTOCOL)
        hello = {"ticket": ticket["ticket"], "client": "bench/1"}
        self._socket.send(_encode({"t": "hello", "id": "hello", "d": hello}))
        return dict(msgspec.json.decode(await self._answered))

    @property
    def is_here(self) -> bool:
        return not self._socket.closed.done()

    def leave(self) -> None:
        self._socket.cut()

    def _hear(self, frame: bytes) -> None:
        if frame.startswith(BEAT):
            self._socket.send(_encode({"t": "ping", "id": f"p{next(_numbers)}", "d": {}}))
        elif frame.startswith(ANSWER) and not self._answered.done():
            self._answered.set_result(frame)


async def _arrive(rest: httpx.AsyncClient, people: Sequence[Person]) -> list[Idler]:
    arriving = asyncio.Semaphore(ARRIVING_AT_ONCE)

    async def arrive(token: str, character: int) -> Idler:
        async with arriving:
            idler = Idler()
            await idler.arrive(rest, token, character)
            return idler

    return await asyncio.gather(*(arrive(*person) for person in people))


def resident_kb(process: int) -> int:
    """Return how much memory a process has that is really there."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1000
