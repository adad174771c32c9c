"""A TCP proxy that misbehaves on demand: slow, narrow, silent in one direction, cut after so many bytes.

It runs on a loop in a thread of its own, so that tests may block. All chance comes from its seed.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any, Literal, TypeVar

Direction = Literal["up", "down"]
"""`up` is from the client to the server."""

Address = tuple[str, int]
T = TypeVar("T")

READ_BYTES = 65_536
CONNECT_S = 2.0
RESET = struct.pack("ii", 1, 0)
BOTH: tuple[Direction, Direction] = ("up", "down")


@dataclass(slots=True)
class Fault:
    """What happens to bytes of one direction. Zero means: nothing of the kind."""

    latency_s: float = 0.0
    jitter_s: float = 0.0
    bytes_per_s: float = 0.0
    slice_bytes: int = 0
    limit_bytes: int = 0
    """The connection that carries the byte after these, counted from now over all of them, is reset."""

    is_spent: bool = False
    is_hole: bool = False
    """Nothing passes. TCP sends again what was lost, so it arrives once the hole is closed."""


class FaultProxy:
    """Listens on `port` and passes connections on to the first of `upstreams`, in turn, that takes them."""

    def __init__(self, upstreams: Sequence[Address], *, seed: int = 0) -> None:
        self.upstreams = list(upstreams)
        self.faults: dict[Direction, Fault] = {"up": Fault(), "down": Fault()}
        self.is_refusing = False
        self._random = Random(seed)
        self._turn = itertools.count()
        self._links: set[_Link] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port = int(self._listener.getsockname()[1])
        self._server: asyncio.Server | None = None
        _on_loop(self._start())

    @property
    def connections(self) -> int:
        """Return how many connections pass through now."""
        return len(self._links)

    def break_(self, *directions: Direction, **fault: Any) -> None:
        """Let bytes of these directions (none named: both) suffer a fault, on old and new connections."""
        _call(lambda: self.faults.update({name: Fault(**fault) for name in directions or BOTH}))

    def spent(self) -> int:
        """Return how many of the directions have had their limit reached since they were broken."""
        return sum(fault.is_spent for fault in self.faults.values())

    def heal(self) -> None:
        """Behave; what was held back goes on."""
        self.is_refusing = False
        self.break_()

    def cut(self) -> int:
        """Reset every connection; return how many."""
        return _call(lambda: [link.reset() for link in list(self._links)]).__len__()

    def refuse(self) -> None:
        """Reset every connection and take no new one, as if nobody listened."""
        self.is_refusing = True
        self.cut()

    def close(self) -> None:
        """Stop listening and drop everything."""
        _call(self._close)

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._accept, sock=self._listener)

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for link in list(self._links):
            link.reset()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_refusing:
            _reset(writer)
            return
        there = await self._connect()
        if there is None:
            _reset(writer)
            return
        link = _Link((reader, writer), there)
        self._links.add(link)
        try:
            await link.carry(self.faults, self._random)
        finally:
            self._links.discard(link)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        first, upstreams = next(self._turn), list(self.upstreams)
        for at in range(len(upstreams)):
            address = upstreams[(first + at) % len(upstreams)]
            with suppress(OSError):
                async with asyncio.timeout(CONNECT_S):
                    return await asyncio.open_connection(*address)
        return None


class _Link:
    """One connection through the proxy."""

    def __init__(
        self,
        here: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        there: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._here, self._there = here, there
        self._tasks: list[asyncio.Task[None]] = []

    async def carry(self, faults: dict[Direction, Fault], random: Random) -> None:
        """Pass bytes both ways until one side is done."""
        ways: list[tuple[Direction, asyncio.StreamReader, asyncio.StreamWriter]] = [
            ("up", self._here[0], self._there[1]),
            ("down", self._there[0], self._here[1]),
        ]
        self._tasks = [
            asyncio.create_task(_pump(reader, writer, lambda name=name: faults[name], random))  # type: ignore[misc]
            for name, reader, writer in ways
        ]
        try:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            if any(task.done() and not task.cancelled() and task.exception() for task in self._tasks):
                self.reset()
            await asyncio.wait(self._tasks, timeout=1.0)
        finally:
            self.reset()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def reset(self) -> None:
        """Break it off on both sides."""
        for task in self._tasks:
            task.cancel()
        for _, writer in (self._here, self._there):
            _reset(writer)


class _LimitReachedError(Exception):
    pass


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault_now: Callable[[], Fault], random: Random
) -> None:
    """Carry bytes one way; the end of the stream waits for a hole to close like everything else."""
    while True:
        chunk = await reader.read(READ_BYTES)
        while fault_now().is_hole:
            await asyncio.sleep(0.01)
        if not chunk:
            with suppress(OSError, RuntimeError):
                writer.write_eof()
            return
        await _pass_on(chunk, writer, fault_now(), random)


async def _pass_on(chunk: bytes, writer: asyncio.StreamWriter, fault: Fault, random: Random) -> None:
    delay_s = fault.latency_s + (random.uniform(0, fault.jitter_s) if fault.jitter_s else 0.0)
    if delay_s:
        await asyncio.sleep(delay_s)
    size = fault.slice_bytes or len(chunk)
    for start in range(0, len(chunk), size):
        part = chunk[start : start + size]
        if fault.limit_bytes:
            if len(part) >= fault.limit_bytes:
                writer.write(part[: fault.limit_bytes])
                fault.limit_bytes, fault.is_spent = 0, True
                raise _LimitReachedError
            fault.limit_bytes -= len(part)
        writer.write(part)
        await writer.drain()
        if fault.bytes_per_s:
            await asyncio.sleep(len(part) / fault.bytes_per_s)
        elif fault.slice_bytes:
            await asyncio.sleep(0)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, not FIN."""
    sock = writer.get_extra_info("socket")
    with suppress(OSError):
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


def _call(work: Callable[[], T]) -> T:
    """Do something on the loop of the proxies, and wait for it."""

    async def run() -> T:
        return work()

    return _on_loop(run())


def _on_loop(work: Any) -> Any:
    return asyncio.run_coroutine_threadsafe(work, _loop()).result(10)


_running: list[asyncio.AbstractEventLoop] = []


def _loop() -> asyncio.AbstractEventLoop:
    if not _running:
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, name="fault proxies", daemon=True).start()
        _running.append(loop)
    return _running[0]
