"""How fast value moves: postings spread, on one hot account, to one seller, and the loot of battles.

Eight writers, a process each, post as soon as their last posting is committed. They use the embedded
database, or a new one on the server of `DATABASE_URL`, which is dropped afterwards.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench.report import Figures, timed
from bench.server import PROJECT, own_database

WRITERS = 8
SECONDS = 8.0


def run(work: str, *, writers: int = WRITERS, seconds: float = SECONDS) -> Figures:
    """Let the writers do one kind of work, and audit the ledger afterwards."""
    with _database() as environment:
        _manage(environment, "-m", "bench.ledger_writer", "prepare")
        times, processor_s = _write(environment, work, writers, seconds)
        _manage(environment, "manage.py", "audit_ledger")
    note = f"{writers} writers, {processor_s / len(times) * 1e6:.0f} µs of their processor time each"
    return timed(work, times, took_s=seconds, note=note)


def _write(environment: dict[str, str], work: str, writers: int, seconds: float) -> tuple[list[float], float]:
    """Return how long each posting took, and the processor time of all of them."""
    command = [sys.executable, "-m", "bench.ledger_writer", work, str(seconds), str(writers)]
    started = [
        subprocess.Popen(
            [*command, str(number)],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(writers)
    ]
    try:
        for writer in started:
            assert writer.stdout is not None
            if writer.stdout.readline() != "ready\n":
                raise RuntimeError("a writer did not start")
        for writer in started:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()
        done = [json.loads(writer.communicate()[0]) for writer in started]
    finally:
        for writer in started:
            writer.kill()
            writer.wait()
    return [time for each in done for time in each["times_s"]], sum(each["processor_s"] for each in done)


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        with own_database() as environment:
            yield environment
        return
    name = f"aether_bench_{os.getpid()}"
    own = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
    environment = os.environ | {
        "DATABASE_URL": own,
        "DATA": str(PROJECT / ".cache" / "bench"),
        "DJANGO_SETTINGS_MODULE": "aether.settings.embedded",
    }
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            _manage(environment, "manage.py", "migrate", "--verbosity=0")
            yield environment
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _manage(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL)
