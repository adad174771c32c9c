"""Two gateways in processes of their own, on one real Redis and PostgreSQL: it does not matter which one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import redis
from aether_sdk import Rest
from aether_sdk.errors import AetherError

from tests.kernel.facts.test_killed import PROJECT, database_url
from tests.wire import Wire

REDIS = os.environ.get("TEST_REDIS_URL")
START_S = 60

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not REDIS and os.environ.get("AETHER_REQUIRE") != "all",
        reason="TEST_REDIS_URL names no Redis: two gateways were NOT tried together",
    ),
]


@dataclass(frozen=True, slots=True)
class Gateway:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/"


@pytest.fixture
def gateways(alone_on_real_services: None) -> Iterator[tuple[Gateway, Gateway]]:
    assert REDIS, "AETHER_REQUIRE=all asks for TEST_REDIS_URL"
    redis.Redis.from_url(REDIS).flushdb()
    one, other = _start(), _start()
    yield one, other
    for gateway in (one, other):
        gateway.process.terminate()
    for gateway in (one, other):
        gateway.process.wait(20)


def _start() -> Gateway:
    assert REDIS
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
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
    command = ["-m", "uvicorn", "aether.asgi:application", "--port", str(port), "--log-level", "warning"]
    sockets = ["--ws", "websockets-sansio", "--timeout-graceful-shutdown", "10"]
    return Gateway(port, subprocess.Popen([sys.executable, *command, *sockets], env=environment, cwd=PROJECT))


async def _arrive(gateway: Gateway, account: str) -> tuple[Rest, int]:
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


async def _enter(wire: Wire, rest: Rest, character: int) -> dict[str, Any]:
    welcome = await wire.hello((await rest.ticket(character)).secret)
    assert "ok" in await wire.call("world.enter")
    return welcome


async def test_people_on_two_gateways_are_in_one_world(gateways: tuple[Gateway, Gateway]) -> None:
    here, there = gateways
    alice, alices = await _arrive(here, "aldith")
    bob, bobs = await _arrive(there, "berwin")
    async with Wire(here.ws) as one, Wire(there.ws) as other:
        await _enter(one, alice, alices)
        await _enter(other, bob, bobs)
        await other.update("chat.snapshot")
        assert "ok" in await one.call("chat.say", {"channel": "zone", "text": "Can you hear me over there?"})
        line = await other.update("chat.line")
        assert line["d"]["line"]["text"] == "Can you hear me over there?"


async def test_a_login_elsewhere_takes_over(gateways: tuple[Gateway, Gateway]) -> None:
    here, there = gateways
    alice, alices = await _arrive(here, "aldith")
    await _arrive(there, "berwin")
    async with Wire(here.ws) as old, Wire(there.ws) as new:
        await _enter(old, alice, alices)
        await _enter(new, alice, alices)
        assert await old.close_code() == 4409
        assert "ok" in await new.call("accounts.profile")


async def test_a_session_goes_on_elsewhere_when_its_gateway_is_told_to_stop(
    gateways: tuple[Gateway, Gateway],
) -> None:
    here, there = gateways
    alice, alices = await _arrive(here, "aldith")
    await _arrive(there, "berwin")
    async with Wire(here.ws) as first:
        welcome = await _enter(first, alice, alices)
        seen = (await first.update("me.snapshot"))["n"][1]
        here.process.send_signal(signal.SIGTERM)
        await first.update("drain")
        assert await first.close_code() == 1012
    async with Wire(there.ws) as second:
        shown = {"session": welcome["session"], "secret": welcome["secret"], "seen": {"me": seen}}
        resumed = (await second.call("hello", {"resume": shown}))["ok"]
        assert resumed["resumed"] is True
        assert resumed["topics"]["me"] >= seen
        assert "ok" in await second.call("accounts.profile")
