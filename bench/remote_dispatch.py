"""`remote_dispatch`: what it costs a command that another process executes it.

Two gateways on one database and one Redis: for one combat is local, for the other a service executes it.
Players move about in the placement of a duel, each move committed; the gateways take turns, second by second,
so that whatever else the machine does falls on both alike.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any

import httpx
from aether_sdk import Client, Rest

from bench.report import Figures, quantile
from bench.server import PROJECT, free_port, own_database

DUELS = 3
ROUNDS = 8
ROUND_S = 1.0
START_S = 60.0
PASSWORD = "a long and quiet passphrase"
NAMES = ("Aldith", "Berwin", "Cuthred", "Dunstan", "Eadgyth", "Frideswide")


def run() -> Figures:
    """Measure with a Redis, gateways and a service of our own."""
    with own_database() as environment, _redis() as redis_url:
        services = environment | {
            "ALLOW_WEAK_CREDENTIALS": "yes",
            "ALLOWED_HOSTS": "127.0.0.1",
            "BEHIND_TLS": "no",
            "BROKER_URL": "amqp://nobody:nothing@127.0.0.1:1//",
            "DATABASE_URL": environment["BENCH_DATABASE_URL"],
            "DJANGO_SETTINGS_MODULE": "aether.settings.services",
            "REDIS_URL": redis_url,
            "SECRET_KEY": "only-for-measuring-" * 4,
        }
        apart = services | {"REMOTE_APPS": "combat"}
        with (
            _running(["manage.py", "runservice", "combat"], apart),
            _gateway(services) as local,
            _gateway(apart) as remote,
        ):
            command = [sys.executable, "-m", "bench.remote_dispatch", local, remote]
            done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE)
    times: list[list[float]] = [sorted(each) for each in json.loads(done.stdout)]
    (here, here_99), (there, there_99) = ((quantile(each, 0.5), quantile(each, 0.99)) for each in times)
    return Figures(
        name="remote_dispatch",
        p50_ms=round((there - here) * 1000, 2),
        p99_ms=round((there_99 - here_99) * 1000, 2),
        count=sum(map(len, times)),
        load_average=round(os.getloadavg()[0], 1),
        note=f"local {here * 1000:.2f}, remote {there * 1000:.2f} ms at the median",
    )


@contextmanager
def _redis() -> Iterator[str]:
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        redis.terminate()
        redis.wait(10)


@contextmanager
def _gateway(environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    sockets = ["--loop", "uvloop", "--ws", "websockets-sansio", "--timeout-graceful-shutdown", "5"]
    command = ["-m", "uvicorn", "aether.asgi:application", "--port", str(port), *sockets]
    with _running(command, environment) as gateway:
        _wait_until_up(f"http://127.0.0.1:{port}/readyz", gateway)
        yield f"http://127.0.0.1:{port}"


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(url, timeout=2).is_success:
                return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
            break
    raise RuntimeError(f"{url} does not answer")


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, *command], cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


async def load(urls: list[str]) -> list[list[float]]:
    """Return how long each command took, by gateway."""
    async with AsyncExitStack() as stack:
        players = [await _players(url, f"{number}", stack) for number, url in enumerate(urls)]
        everybody = [[await _duellist(*each) for each in await _duels(those)] for those in players]
        times: list[list[float]] = [[] for _ in urls]
        for duellists, taken in [*zip(everybody, times, strict=True)] * ROUNDS:
            until = time.perf_counter() + ROUND_S
            for some in await asyncio.gather(*(_move_about(*each, until) for each in duellists)):
                taken += some
    return times


async def _players(url: str, mark: str, stack: AsyncExitStack) -> list[tuple[Client, int]]:
    players = []
    for name in NAMES[: 2 * DUELS]:
        rest = await stack.enter_async_context(Rest(url, timeout_s=60))
        await rest.sign_up(f"{name.lower()}{mark}", PASSWORD)
        character = int((await rest.create_character(name + "ab"[int(mark)], "kitewright"))["id"])
        client = await stack.enter_async_context(Client.playing(rest, character))
        await client.command("world.enter")
        players.append((client, character))
    return players


async def _duels(players: list[tuple[Client, int]]) -> list[tuple[Client, int, int]]:
    """Let each two begin a duel; return every player with their battle and team."""
    fighting = []
    for (one, _), (other, others) in zip(players[::2], players[1::2], strict=True):
        challenge = (await one.command("combat.challenge", character=others))["challenge"]
        battle = (await other.command("combat.accept", challenge=challenge))["battle"]
        fighting += [(one, battle, 0), (other, battle, 1)]
    return fighting


async def _duellist(client: Client, battle: int, team: int) -> tuple[Client, int, list[Any]]:
    shown = (await client.update("combat.snapshot")).body["battle"]
    return client, battle, shown["placement"][team]


async def _move_about(client: Client, battle: int, cells: list[Any], until: float) -> list[float]:
    """Take one place after the other, in closed loop."""
    times = []
    for cell in itertools.cycle(cells):
        began = time.perf_counter()
        if began > until:
            break
        await client.command("combat.place", battle=battle, cell=cell)
        times.append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    print(json.dumps(asyncio.run(load(sys.argv[1:]))))
