"""A server of its own for a measurement: fresh data folder, free port, one core; gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

PROJECT = Path(__file__).resolve().parents[1]
SERVER_CORE, LOAD_CORE = 0, 1
START_TIMEOUT_S = 90.0
SETTLE_TIMEOUT_S = 300.0
PEER_DATABASE_URL = "BENCH_DATABASE_URL"
"""Where `own_database` says where its database is, for those who are not the platform."""

KEEP_DATABASE = """
import sys
from aether.settings import embedded_postgres, environment
print(embedded_postgres.database_url(environment.data_folder()), flush=True)
sys.stdin.read()
"""


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """Yield the environment of a fresh data folder, with its database running on every core."""
    folder = Path(tempfile.mkdtemp(prefix="aether-bench-"))
    environment = os.environ | {
        "DATA": str(folder),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "aether.settings.embedded",
        "COMMANDS_PER_20_S": "1000000",
        "COMMAND_BURST": "100000",
        "UNAUTHENTICATED_PER_ADDRESS": "1000",
        "SIGN_UPS_PER_MINUTE": "10000",
    }
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEP_DATABASE],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert keeper.stdout is not None
        environment[PEER_DATABASE_URL] = keeper.stdout.readline().strip()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0"],
            cwd=PROJECT,
            env=environment,
            check=True,
        )
        yield environment
    finally:
        keeper.communicate()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server() -> Iterator[tuple[str, int]]:
    """Serve the game and yield its address and process; `pin` it to a core when the load begins."""
    with own_database() as environment, serving(environment) as served:
        yield served


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Serve the game on a database of its own that runs already."""
    with (Path(environment["DATA"]) / "server.log").open("w+") as log:
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "manage.py", "play", "--port", str(port)],
            cwd=PROJECT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", server, Path(log.name))
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()
            server.wait(30)


def until_facts_are_handled(database_url: str) -> None:
    """Wait until new characters have been given what they are given: that is work of its own."""
    deadline = time.monotonic() + SETTLE_TIMEOUT_S
    with psycopg.connect(database_url, autocommit=True) as connection:
        while connection.execute("SELECT 1 FROM kernel_outboxfact WHERE due_at IS NOT NULL").fetchone():
            if time.monotonic() > deadline:
                raise RuntimeError("facts are still not handled")
            connection.execute("SELECT pg_sleep(0.2)")


def pin(core: int, process: int = 0) -> None:
    """Keep a process (0: the calling one) with all its threads on one core, where there are several."""
    cores = sorted(os.sched_getaffinity(process))
    if len(cores) > 1:
        for thread in os.listdir(f"/proc/{process or 'self'}/task"):
            os.sched_setaffinity(int(thread), {cores[core % len(cores)]})


def seconds_used(process: int) -> float:
    """Return the processor time that a process has taken so far, all its threads together."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.TransportError:
            pass
        try:
            server.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}")
