"""What logs show, and what they never show."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from aether_sdk import Rest
from aether_sdk.errors import AetherError

from aether.kernel import tracing
from aether.settings import logs
from tests.kernel.facts.test_killed import PROJECT, database_url
from tests.wire import Wire

START_S = 60
PASSWORD = "a long and quiet passphrase"
SAID = "meet me behind the mill"


def test_a_traceback_shows_no_local_variable(capsys: pytest.CaptureFixture[str]) -> None:
    ticket = "-".join(["only", "in", "memory"])
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        structlog.get_logger().exception("a command failed", type="hello")
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert ticket not in told


@pytest.mark.parametrize(
    "said",
    [
        {"ticket": "hush"},
        {"Authorization": "Bearer hush"},
        {"details": {"resume": {"secret": "hush"}}},
        {"event": "cannot reach amqp://aether:hush@rabbit/"},
        {"event": "Authorization: Bearer hush"},
        {"exception": "ValueError: {'password': 'hush', 'name': 'anna'}"},
        {"error": ValueError("sessionid=hush; path=/")},
        {"frames": ["a", ("b", "ticket=hush")]},
    ],
)
def test_a10_what_is_secret_is_removed_wherever_it_stands(said: dict[str, Any]) -> None:
    assert "hush" not in repr(logs.scrub(None, "", dict(said)))


def test_what_is_not_secret_stays() -> None:
    line = {"event": "a subscriber failed on a fact", "fact": 7, "subscriber": "quests.greet", "ms": 1.5}
    assert logs.scrub(None, "", dict(line)) == line


def test_lines_of_the_standard_library_bear_the_request_too(capsys: pytest.CaptureFixture[str]) -> None:
    with tracing.following("abc-1"):
        logging.getLogger("apps.combat").warning("a battle is parked")
    assert "abc-1" in capsys.readouterr().err


@pytest.fixture
def chatty_server(transactional_db: None, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server in a process of its own that tells everything it can tell, as JSON."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {"DATABASE_URL": database_url(), "LOG_LEVEL": "debug", "LOG_FORMAT": "json"}
    variables["DJANGO_SETTINGS_MODULE"] = "aether.settings.test"
    command = [sys.executable, "-m", "uvicorn", "aether.asgi:application", "--port", str(port)]
    log = tmp_path / "server.log"
    with log.open("w") as told:
        server = subprocess.Popen(
            [*command, "--ws", "websockets-sansio", "--no-access-log"],
            env=os.environ | variables,
            cwd=PROJECT,
            stderr=told,
        )
        try:
            yield f"127.0.0.1:{port}", log
        finally:
            server.terminate()
            server.wait(20)


async def test_a10_a_request_is_followed_to_the_subscriber_and_no_secret_is_told(
    chatty_server: tuple[str, Path],
) -> None:
    address, log = chatty_server
    secrets = await _play(address)
    lines = await _lines_with(log, "fact handled", "zone.entered")

    entered = [line for line in lines if line.get("type") == "world.enter"]
    handled = [line for line in lines if line.get("type") == "zone.entered"]
    assert entered[0]["request_id"]
    assert {line["request_id"] for line in handled} == {entered[0]["request_id"]}
    told = log.read_text()
    assert [secret for secret in secrets if secret in told] == []


async def _play(address: str) -> list[str]:
    """Sign up, enter, say something, and send what is refused; return what nobody may read of it."""
    rest = Rest(f"http://{address}")
    await _sign_up(rest)
    character = int((await rest.create_character("Aldith", "anchorite"))["id"])
    ticket = (await rest.ticket(character)).secret
    async with Wire(f"ws://{address}/ws/") as wire:
        welcome = await wire.hello(ticket)
        assert "ok" in await wire.call("world.enter")
        assert "ok" in await wire.call("chat.say", {"channel": "zone", "text": SAID})
        assert "err" in await wire.call("chat.say", {"channel": "zone", "text": SAID, "ticket": ticket})
        assert "err" in await wire.call("hello", {"ticket": ticket})
        await wire.send("{" + ticket)
    return [PASSWORD, ticket, welcome["secret"], SAID]


async def _sign_up(rest: Rest) -> None:
    async with asyncio.timeout(START_S):
        while True:
            with contextlib.suppress(OSError, AetherError, ValueError, httpx.TransportError):
                await rest.sign_up("aldith", PASSWORD)
                return
            await asyncio.sleep(0.1)


async def _lines_with(log: Path, *words: str) -> list[dict[str, Any]]:
    """Return the lines of the log as soon as one of them has all these words."""
    async with asyncio.timeout(START_S):
        while not any(all(word in line for word in words) for line in log.read_text().splitlines()):
            await asyncio.sleep(0.1)
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
