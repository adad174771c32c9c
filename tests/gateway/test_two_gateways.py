"""Two gateways in processes of their own, on one real Redis and PostgreSQL: it does not matter which one."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from aether_sdk import Rest

from tests.processes import Gateway, arrive, empty_redis, on_real_redis, start_gateway, stop
from tests.wire import Wire

pytestmark = [pytest.mark.django_db(transaction=True), on_real_redis]


@pytest.fixture
def gateways(alone_on_real_services: None) -> Iterator[tuple[Gateway, Gateway]]:
    empty_redis()
    one, other = start_gateway(), start_gateway()
    yield one, other
    stop(one.process, other.process)


async def _enter(wire: Wire, rest: Rest, character: int) -> dict[str, Any]:
    welcome = await wire.hello((await rest.ticket(character)).secret)
    assert "ok" in await wire.call("world.enter")
    return welcome


async def test_people_on_two_gateways_are_in_one_world(gateways: tuple[Gateway, Gateway]) -> None:
    here, there = gateways
    alice, alices = await arrive(here, "aldith")
    bob, bobs = await arrive(there, "berwin")
    async with Wire(here.ws) as one, Wire(there.ws) as other:
        await _enter(one, alice, alices)
        await _enter(other, bob, bobs)
        while not (await other.update("chat.snapshot"))["s"].startswith("chat:zone:"):
            pass
        assert "ok" in await one.call("chat.say", {"channel": "zone", "text": "Can you hear me over there?"})
        line = await other.update("chat.line")
        assert line["d"]["line"]["text"] == "Can you hear me over there?"


async def test_a_login_elsewhere_takes_over(gateways: tuple[Gateway, Gateway]) -> None:
    here, there = gateways
    alice, alices = await arrive(here, "aldith")
    await arrive(there, "berwin")
    async with Wire(here.ws) as old, Wire(there.ws) as new:
        await _enter(old, alice, alices)
        await _enter(new, alice, alices)
        assert await old.close_code() == 4409
        assert "ok" in await new.call("accounts.profile")


async def test_a_session_goes_on_elsewhere_when_its_gateway_is_told_to_stop(
    gateways: tuple[Gateway, Gateway],
) -> None:
    here, there = gateways
    alice, alices = await arrive(here, "aldith")
    await arrive(there, "berwin")
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
