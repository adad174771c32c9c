"""The Python client: signs up, plays, and comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aether_sdk
import pytest
from aether_sdk import Client, ConnectionLostError, RefusedError, Rest

from aether.kernel import realtime
from aether.protocol.accounts import NoticeReceived
from tests.cast import PASSWORD
from tests.serving import Served
from tests.wire import Wire


@pytest.fixture
async def rest(server: Served) -> AsyncIterator[Rest]:
    async with Rest(server.http_url) as rest:
        await rest.sign_up("wren", PASSWORD)
        yield rest


def notice(key: str) -> NoticeReceived:
    return NoticeReceived(key=key)


def drop_everybody(server: Served) -> None:
    for socket in list(server.registry.sockets):
        socket.cut_off()


async def test_a_program_that_finds_no_room_is_told_to_come_again(server: Served, rest: Rest) -> None:
    wren = await rest.create_character("Wren", "anchorite")
    async with AsyncExitStack() as crowd:
        for _ in range(server.registry.limits.unauthenticated_per_address):
            await crowd.enter_async_context(Wire(server.socket_url))
        with pytest.raises(RefusedError) as refused:
            async with Client.playing(rest, wren["id"]):
                pytest.fail("there was room")
        assert (refused.value.code, refused.value.retry) == ("http_429", True)
    async with Client.playing(rest, wren["id"]) as client:
        assert (await client.command("accounts.profile"))["name"] == "Wren"


async def test_a_program_signs_up_and_plays(rest: Rest) -> None:
    wren = await rest.create_character("Wren", "anchorite")
    assert [each["name"] for each in await rest.characters()] == ["Wren"]
    async with Client.playing(rest, wren["id"]) as client:
        assert (await client.command("accounts.profile"))["name"] == "Wren"
        with pytest.raises(RefusedError) as refused:
            await client.command("accounts.allocate", vigor=900)
        assert refused.value.code.startswith("accounts.")


@pytest.mark.parametrize("form", ["json", "msgpack"])
async def test_a_dropped_client_misses_nothing_and_gets_nothing_twice(
    server: Served, rest: Rest, form: str
) -> None:
    wren = await rest.create_character("Wren", "anchorite")
    async with Client.playing(rest, wren["id"], form=form) as client:
        await client.update("me.snapshot")
        await realtime.tell_character_now(wren["id"], notice("one"))
        assert (await client.update("accounts.notice")).body["key"] == "one"
        drop_everybody(server)
        for key in ("two", "three"):
            await realtime.tell_character_now(wren["id"], notice(key))
        told = [(await client.update("accounts.notice")).body["key"] for _ in range(2)]
        assert told == ["two", "three"]
        assert client.welcome["resumed"] is True
        await realtime.tell_character_now(wren["id"], notice("four"))
        assert (await client.update("accounts.notice")).body["key"] == "four"


async def test_a_command_goes_through_a_drop(server: Served, rest: Rest) -> None:
    wren = await rest.create_character("Wren", "anchorite")
    async with Client.playing(rest, wren["id"]) as client:
        drop_everybody(server)
        assert (await client.command("accounts.profile"))["name"] == "Wren"


async def test_a_wiped_redis_costs_a_ticket_and_nothing_else(server: Served, rest: Rest) -> None:
    from aether.kernel.live import redis

    wren = await rest.create_character("Wren", "anchorite")
    async with Client.playing(rest, wren["id"]) as client:
        before = (await client.update("me.snapshot")).last
        redis().flushdb()
        drop_everybody(server)
        assert (await client.update("me.snapshot")).last >= before
        assert client.welcome["resumed"] is False
        await realtime.tell_character_now(wren["id"], notice("after"))
        assert (await client.update("accounts.notice")).body["key"] == "after"


async def test_the_newest_client_plays(rest: Rest) -> None:
    wren = await rest.create_character("Wren", "anchorite")
    async with Client.playing(rest, wren["id"]) as old, Client.playing(rest, wren["id"]) as new:
        assert (await new.command("accounts.profile"))["name"] == "Wren"
        with pytest.raises(ConnectionLostError) as lost:
            await old.update("never")
        assert lost.value.close_code == 4409


async def test_signing_out_ends_the_connection(rest: Rest) -> None:
    wren = await rest.create_character("Wren", "anchorite")
    async with Client.playing(rest, wren["id"]) as client:
        await rest.sign_out()
        with pytest.raises((ConnectionLostError, RefusedError)):
            await client.update("never")


async def test_the_example_of_the_readme_works(server: Served, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (Path(aether_sdk.__file__).parents[1] / "README.md").read_text()
    example = readme.split("```python\n")[1].split("```")[0]
    example = example.replace("http://localhost:8000", server.http_url).replace("asyncio.run(main())", "")
    names: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), names)
    playing = asyncio.create_task(names["main"]())
    said = ""
    async with asyncio.timeout(20):
        while "world.snapshot" not in said and not playing.done():
            await asyncio.sleep(0.01)
            said += capsys.readouterr().out
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    assert "standing in" in said
    assert "me.snapshot" in said
