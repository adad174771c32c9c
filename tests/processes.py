"""Gateways and services in processes of their own, on real Redis and the database of the tests."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from dataclasses import dataclass

import httpx
import pytest
import redis
from aether_sdk import Rest
from aether_sdk.errors import AetherError
from amqp.exceptions import NotAllowed, NotFound
from kombu import Connection

from aether.celery import QUEUES
from tests.kernel.facts.test_killed import PROJECT, database_url

REDIS = os.environ.get("TEST_REDIS_URL", "")
START_S = 60
STOP_S = 20

Process = subprocess.Popen[bytes]

on_real_redis = pytest.mark.skipif(
    not REDIS and os.environ.get("AETHER_REQUIRE") != "all",
    reason="TEST_REDIS_URL names no Redis: processes of their own were NOT tried together",
)


@dataclass(frozen=True, slots=True)
class Gateway:
    port: int
    process: Process

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/"


def empty_redis() -> None:
    assert REDIS, "AETHER_REQUIRE=all asks for TEST_REDIS_URL"
    redis.Redis.from_url(REDIS).flushdb()


def start_gateway(**variables: str) -> Gateway:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = ["-m", "uvicorn", "aether.asgi:application", "--port", str(port), "--log-level", "warning"]
    sockets = ["--ws", "websockets-sansio", "--timeout-graceful-shutdown", "10"]
    return Gateway(port, _start([*command, *sockets], variables))


def start_service(*arguments: str, **variables: str) -> Process:
    """Start `manage.py runservice` with these arguments."""
    return _start(["manage.py", "runservice", *arguments], variables)


def start_worker(broker_url: str) -> Process:
    queues = ["-Q", ",".join(QUEUES), "-c", "1", "-l", "warning"]
    return _start(["-m", "celery", "-A", "aether.celery", "worker", *queues], {"BROKER_URL": broker_url})


def start_relay(broker_url: str) -> Process:
    return _start(["manage.py", "runrelay"], {"BROKER_URL": broker_url})


def ensure_virtual_host(broker_url: str) -> None:
    """Make the virtual host of an address, if it is not there; empty its queues, if it is."""
    with Connection(broker_url, connect_timeout=2) as broker:
        try:
            broker.connect()
        except NotAllowed:
            name, user = broker.virtual_host, broker.userid
            for command in (["add_vhost", name], ["set_permissions", "-p", name, user, ".*", ".*", ".*"]):
                subprocess.run(["rabbitmqctl", "--quiet", *command], check=True)
            return
        for queue in QUEUES:
            with contextlib.suppress(NotFound):
                broker.default_channel.queue_purge(queue)


def stop(*processes: Process) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(STOP_S)


def _start(command: list[str], variables: dict[str, str]) -> Process:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "aether.settings.services",
        "SECRET_KEY": "only-for-tests-" * 5,
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_TLS": "no",
        "DATABASE_URL": database_url(),
        "REDIS_URL": REDIS,
        "BROKER_URL": "amqp://nobody:nothing@127.0.0.1:1//",
        "ALLOW_WEAK_CREDENTIALS": "yes",
    }
    return subprocess.Popen([sys.executable, *command], env=environment | variables, cwd=PROJECT)


async def arrive(gateway: Gateway, account: str) -> tuple[Rest, int]:
    """Sign up and make a character, as soon as the gateway is up."""
    rest = Rest(gateway.http)
    async with asyncio.timeout(START_S):
        while True:
            assert gateway.process.poll() is None, "the gateway did not start"
            with contextlib.suppress(OSError, AetherError, ValueError, httpx.TransportError):
                await rest.sign_up(account, "a long and quiet passphrase")
                break
            await asyncio.sleep(0.1)
    return rest, int((await rest.create_character(account.capitalize(), "anchorite"))["id"])
