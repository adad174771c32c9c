"""A gateway and two combat services in processes of their own: it does not matter which one of them acts."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.processes import (
    Gateway,
    Process,
    arrive,
    empty_redis,
    on_real_redis,
    start_gateway,
    start_service,
    stop,
)
from tests.wire import Wire

pytestmark = [pytest.mark.django_db(transaction=True), on_real_redis]


@pytest.fixture
def services(alone_on_real_services: None) -> Iterator[list[Process]]:
    empty_redis()
    running = [combat("--shard", f"{number}/2") for number in range(2)]
    yield running
    stop(*running)


@pytest.fixture
def gateway(services: list[Process]) -> Iterator[Gateway]:
    gateway = start_gateway(REMOTE_APPS="combat")
    yield gateway
    stop(gateway.process)


def combat(*arguments: str) -> Process:
    return start_service("combat", *arguments, REMOTE_APPS="combat")


async def duellists(gateway: Gateway, stack: AsyncExitStack) -> tuple[Wire, Wire, int]:
    """Let two people come, and begin a duel in which both are ready."""
    sockets: list[tuple[Wire, int]] = []
    for account in ("aldith", "berwin"):
        rest, character = await arrive(gateway, account)
        wire = await stack.enter_async_context(Wire(gateway.ws))
        await wire.hello((await rest.ticket(character)).secret)
        assert "ok" in await wire.call("world.enter")
        sockets.append((wire, character))
    (one, _), (other, others) = sockets
    challenge = (await until_ok(one, "combat.challenge", {"character": others}))["challenge"]
    battle = (await until_ok(other, "combat.accept", {"challenge": challenge}))["battle"]
    for wire in (one, other):
        assert "turn" in await until_ok(wire, "combat.ready", {"battle": battle})
    return one, other, battle


async def until_ok(wire: Wire, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send a command again and again, as its refusal says one may, with the same id; return its reply."""
    async with asyncio.timeout(30):
        while True:
            command_id = f"{kind}:{body.get('battle')}:{len(wire.updates)}"
            reply = await wire.call(kind, body, id=command_id)
            if "ok" in reply:
                return dict(reply["ok"])
            assert reply["err"]["retry"], reply
            await asyncio.sleep(0.05)


async def end_a_turn(one: Wire, other: Wire, battle: int) -> int:
    """Let whoever has the turn end it; return which turn it is then."""
    for wire in (one, other):
        reply = await wire.call("combat.end_turn", {"battle": battle})
        while reply.get("err", {}).get("code") == "unavailable":
            reply = await wire.call("combat.end_turn", {"battle": battle}, id=reply["re"])
        if "ok" in reply:
            return int(reply["ok"]["turn"])
        assert reply["err"]["code"] == "combat.not_your_turn", reply
    raise AssertionError("nobody has the turn")


async def test_who_watches_at_a_gateway_is_told_by_the_services(gateway: Gateway) -> None:
    async with AsyncExitStack() as stack:
        one, other, battle = await duellists(gateway, stack)
        rest, character = await arrive(gateway, "cadoc")
        watching = await stack.enter_async_context(Wire(gateway.ws))
        await watching.hello((await rest.ticket(character)).secret)
        assert "ok" in await watching.call("world.enter")
        await until_ok(watching, "combat.spectate", {"battle": battle})
        last = (await watching.update("combat.snapshot"))["n"][1]
        for _ in range(3):
            await end_a_turn(one, other, battle)
            told = await watching.update("combat.events")
            assert told["n"][0] == last + 1
            last = told["n"][1]
        assert (await one.update("combat.spectators"))["d"] == {"battle": battle, "spectators": 1}


async def test_a_duel_survives_each_of_its_services_being_killed(
    gateway: Gateway, services: list[Process]
) -> None:
    async with AsyncExitStack() as stack:
        one, other, battle = await duellists(gateway, stack)
        turns = [await end_a_turn(one, other, battle)]
        services[0].send_signal(signal.SIGKILL)
        turns += [await end_a_turn(one, other, battle) for _ in range(3)]
        services.append(combat("--partitions", "0-15"))
        services[1].send_signal(signal.SIGKILL)
        turns += [await end_a_turn(one, other, battle) for _ in range(3)]
    assert turns == list(range(turns[0], turns[0] + 7))
