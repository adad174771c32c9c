"""The shape of a measurement under load: the server on one core, the load, in closed loop, on another.

`drive` starts a load and waits for its figures; `count` is what the load itself does once everybody is there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec

from bench.report import Figures, timed
from bench.server import LOAD_CORE, PROJECT, SERVER_CORE, pin, seconds_used

SECONDS = 15.0
WARM_UP_S = 3.0
STUCK_AFTER_S = 120.0
HERE, GO = "here", "go"
PROFILE = "BENCH_PROFILE"
"""The variable that names a file for a flame graph (.svg), or for its stacks as text."""


class Tally:
    """What the clients of a load note, all in one: how long each operation took, and what was refused."""

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.refusals: Counter[str] = Counter()

    def forget(self) -> None:
        self.times_s.clear()
        self.refusals.clear()


class Client(Protocol):
    """One of those who each have one operation under way at a time."""

    async def go_on(self, until: float) -> None:
        """Do one operation after the other until `time.perf_counter()` says so."""


def drive(
    name: str,
    module: str,
    *,
    server: int,
    arguments: Sequence[str] = (),
    people: object = None,
    settle: Callable[[], None] = lambda: None,
) -> Figures:
    """Run a load against a process; that one gets its one core once everybody is there, and settled."""
    command = [sys.executable, "-m", module, *arguments, "--server", str(server)]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as load:
        assert load.stdin is not None
        assert load.stdout is not None
        load.stdin.write(json.dumps(people) + "\n")
        load.stdin.flush()
        if load.stdout.readline().strip() == HERE:
            settle()
            pin(SERVER_CORE, server)
        with profiled(server):
            figures, _ = load.communicate(f"{GO}\n")
    if load.returncode:
        raise RuntimeError(f"the load of {name} failed")
    return msgspec.structs.replace(msgspec.json.decode(figures, type=Figures), name=name)


@contextmanager
def profiled(server: int) -> Iterator[None]:
    """Sample a Python server while it is measured, where a file for its flame graph is named.

    Counted is who holds the interpreter: threads that wait would fill the picture otherwise.
    """
    file = os.environ.get(PROFILE)
    if not file:
        yield
        return
    form = "flamegraph" if file.endswith(".svg") else "raw"
    sampler = Path(sys.executable).with_name("py-spy")
    command = [str(sampler), "record", "--pid", str(server), "--output", file, "--format", form]
    command += ["--gil", "--function"]
    with subprocess.Popen(command) as sampling:
        yield
        sampling.send_signal(signal.SIGINT)


def arguments(description: str) -> argparse.ArgumentParser:
    """Return what every load takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--warm-up", type=float)
    parser.add_argument("--server", type=int, required=True, help="the process whose time is counted")
    return parser


def people() -> Any:
    """Return whom `drive` has given to this load. Call once, first."""
    return json.loads(sys.stdin.readline())


def load(arrive: Callable[[Tally], Awaitable[Sequence[Client]]], given: argparse.Namespace) -> None:
    """Let everybody arrive, count for a while, and print the figures: the whole of a load."""
    import uvloop

    async def run() -> Figures:
        tally = Tally()
        clients = await arrive(tally)
        print(HERE, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        pin(LOAD_CORE)
        warm_up_s = min(WARM_UP_S, given.seconds) if given.warm_up is None else given.warm_up
        return await count(clients, tally, seconds=given.seconds, server=given.server, warm_up_s=warm_up_s)

    print(msgspec.json.encode(uvloop.run(run())).decode())


async def count(
    clients: Sequence[Client], tally: Tally, *, seconds: float, server: int, warm_up_s: float = 0.0
) -> Figures:
    """Warm up, then count what the clients do, and the time of the server and of this process."""
    await _go_on(clients, warm_up_s)
    tally.forget()
    began, server_s, own_s = time.perf_counter(), seconds_used(server), time.process_time()
    await _go_on(clients, seconds)
    took = time.perf_counter() - began
    server_s, own_s = seconds_used(server) - server_s, time.process_time() - own_s
    notes = [f"{code} {number}" for code, number in tally.refusals.most_common()]
    notes.append(f"server {server_s / took:.0%} busy, load {own_s / took:.0%}")
    figures = timed("", tally.times_s, took_s=took, note=", ".join(notes))
    figures.server_us = round(server_s / max(1, figures.count) * 1e6, 1)
    return figures


async def _go_on(clients: Sequence[Client], seconds: float) -> None:
    async with asyncio.timeout(seconds + STUCK_AFTER_S):
        until = time.perf_counter() + seconds
        await asyncio.gather(*(client.go_on(until) for client in clients))
