"""How many sockets an account has, whatever way they come in, and what becomes of a hello that fails."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from aether.gateway import greeting
from aether.gateway.registry import Registry
from aether.gateway.watch import Watch
from aether.kernel.errors import UnavailableError
from aether.kernel.live import sessions
from tests import cast
from tests.cast import Player
from tests.serving import Served
from tests.wire import Wire

SOCKETS = 9


async def spectator() -> Player:
    """Return somebody who watches only."""
    alice = await cast.alice()
    return Player(alice.account_id, None, "", alice.session_key)  # type: ignore[arg-type]


def resuming(welcome: dict[str, Any]) -> dict[str, Any]:
    return {"resume": {"session": welcome["session"], "secret": welcome["secret"]}}


async def test_hellos_at_once_open_no_more_than_five_sockets(server: Served) -> None:
    watcher = await spectator()
    tickets = [await watcher.ticket() for _ in range(SOCKETS)]
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(Wire(server.socket_url)) for _ in tickets]
        replies = await asyncio.gather(
            *(wire.call("hello", {"ticket": ticket}) for wire, ticket in zip(wires, tickets, strict=True))
        )
        assert sum("ok" in reply for reply in replies) == 5
        welcome = [wire for wire, reply in zip(wires, replies, strict=True) if "ok" in reply]
        assert all(["ok" in await wire.call("ping") for wire in welcome])


async def test_resuming_opens_no_more_than_five_sockets(server: Served) -> None:
    watcher = await spectator()
    dropped = []
    for _ in range(SOCKETS):
        async with Wire(server.socket_url) as wire:
            dropped.append(await wire.hello(await watcher.ticket()))
        while server.registry.sockets:
            await asyncio.sleep(0)
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(Wire(server.socket_url)) for _ in dropped]
        replies = [
            await wire.call("hello", resuming(each)) for wire, each in zip(wires, dropped, strict=True)
        ]
        assert sum("ok" in reply for reply in replies) == 5


async def test_a_session_that_is_resumed_leaves_no_second_socket(server: Served) -> None:
    watcher = await spectator()
    async with Wire(server.socket_url) as first, Wire(server.socket_url) as second:
        welcome = await first.hello(await watcher.ticket())
        assert "ok" in await second.call("hello", resuming(welcome))
        assert await first.close_code() == 4409
        assert "ok" in await second.call("ping")


async def test_the_watch_leaves_a_socket_alone_that_is_about_to_claim(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = await cast.alice()
    await sessions.claim_character(alice.character_id, sessions.SessionId("an-earlier-one"))
    admit = Registry.admit

    def admit_and_look(registry: Registry, socket: Any) -> None:
        admit(registry, socket)
        registry.hub.spawn(Watch(registry)._refresh())

    monkeypatch.setattr(Registry, "admit", admit_and_look)
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        assert "ok" in await wire.call("ping")


async def test_a_hello_that_fails_half_way_leaves_no_socket_that_acts(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(*_arguments: object) -> None:
        raise UnavailableError

    alice = await cast.alice()
    monkeypatch.setattr(greeting, "_claim", unavailable)
    async with Wire(server.socket_url) as wire:
        reply = await wire.call("hello", {"ticket": await alice.ticket()})
        assert (reply["err"]["code"], reply["err"]["retry"]) == ("unavailable", True)
        assert await wire.close_code() == 1012
