"""The end of a server: its sockets are told, what is under way is answered, and new ones are refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import websockets

from aether.gateway.draining import drain, stop_listening
from tests import cast
from tests.serving import Served
from tests.wire import Wire


async def test_a_draining_server_says_so_and_refuses_new_sockets(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.update("chat.snapshot")
        await drain(server.registry, spread_ms=100)
        (frame,) = [json.loads(frame) async for frame in until_closed(wire)]
        assert frame["t"] == "drain"
        assert frame["d"]["reconnect_in_ms"] == 0
        assert wire.socket.close_code == 1012
        with pytest.raises(websockets.InvalidStatus) as refused:
            await wire_of(server)
        assert refused.value.response.status_code == 503


async def test_a_command_under_way_is_answered_before_the_end(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.call("ping")
        await wire.send({"t": "accounts.profile", "id": "under-way"})
        (socket,) = server.registry.sockets
        async with asyncio.timeout(5):
            while not socket.is_busy:
                await asyncio.sleep(0)
        await drain(server.registry, spread_ms=0)
        assert (await wire.reply())["re"] == "under-way"
        assert await wire.close_code() == 1012


async def test_a_socket_is_served_until_its_turn_to_go_comes(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        draining = asyncio.create_task(drain(server.registry, spread_ms=600_000))
        while not server.registry.is_draining:
            await asyncio.sleep(0)
        assert "ok" in await wire.call("accounts.profile")
        draining.cancel()


async def test_who_goes_listens_no_more_and_goes_on_with_those_it_has(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        stop_listening(server.server.handle_exit)
        with pytest.raises(ConnectionRefusedError):
            await wire_of(server)
        assert "ok" in await wire.call("accounts.profile")


async def wire_of(server: Served) -> None:
    async with Wire(server.socket_url):
        pass


async def until_closed(wire: Wire) -> AsyncIterator[str | bytes]:
    try:
        while True:
            yield await asyncio.wait_for(wire.socket.recv(), 5)
    except websockets.ConnectionClosed:
        return
