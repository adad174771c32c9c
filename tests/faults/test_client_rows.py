"""Clients on bad lines, in crowds, or of another version; and messages that an older server does not know."""

from __future__ import annotations

import asyncio
import time
from random import Random

import msgspec
import pytest
from aether_sdk import Client, ConnectionLostError, Rest, Ticket

from tests.faults.platform import Platform
from tests.faults.playing import company
from tests.faults.proxy import FaultProxy

RESUMED_WITHIN_S = 15.0
TAKEN_OVER = 4409


async def test_f07_what_a_newer_server_has_told_is_skipped_with_a_snapshot(
    platform: Platform, random: Random
) -> None:
    """While versions are mixed, `me` and the bus hold updates that this server has never heard of."""
    async with company(platform, random, duels=1, traders=1) as players:
        await players.acknowledged(5)
        trader = players.players[-1]
        await players.stop()
        redis = platform.redis.client
        redis.publish("aether:bus", b"\xc1 not a message")
        redis.publish("aether:bus", msgspec.msgpack.encode(["newer", "a_new_kind", 1, 2]))
        key = f"me:{{{trader.id}}}"
        redis.rpush(f"{key}:kept", b'economy.of_tomorrow {"new":true}')
        redis.incr(f"{key}:head")
        trader.client.streams.seen["me"] = int(redis.get(f"{key}:head")) - 1
        answer = await trader.ask("resume", s="me", **{"from": trader.client.streams.seen["me"] + 1})
        assert answer["is_snapshot"]
        assert (await players.check())["ok"]
    for gateway in platform.gateways:
        assert await asyncio.to_thread(platform.await_well, gateway, 10.0) < 10


@pytest.mark.chaos
async def test_f23_a_slow_line_harms_nobody_else(platform: Platform, random: Random) -> None:
    """Everybody shares one narrow line, 200 kbit/s with 100 ms of latency."""
    platform.front.break_(latency_s=0.05, jitter_s=0.05, bytes_per_s=25_000)
    try:
        async with company(platform, random, duels=1, traders=1) as players:
            await players.acknowledged(20)
            assert (await players.check())["ok"] >= 20
            assert not players.history.resumed_s
    finally:
        platform.front.heal()


async def test_f24_a_half_open_line_is_taken_over_at_once(platform: Platform, random: Random) -> None:
    line = FaultProxy([("127.0.0.1", platform.front.port)])
    (person,) = platform.backstage("newcomers", count=1, npc="maren_sallow", glim=1)
    near = Rest.signed_in(platform.url, person["token"])
    far = Rest.signed_in(f"http://127.0.0.1:{line.port}", person["token"])
    try:
        async with near, far, Client.playing(far, person["id"]) as old:
            assert await old.command("accounts.profile")
            line.break_(is_hole=True)
            began = time.monotonic()
            async with Client.playing(near, person["id"]) as new:
                assert await new.command("accounts.profile")
                assert time.monotonic() - began < 5
                line.heal()
                async for _ in old:
                    pass
                with pytest.raises(ConnectionLostError) as lost:
                    await old.command("ping")
                assert lost.value.close_code == TAKEN_OVER
    finally:
        line.close()


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.chaos)])
async def test_f25_a_crowd_resumes_after_its_gateway_died(platform: Platform, count: int) -> None:
    tickets = iter(platform.backstage("tickets", count=count))
    url = f"ws://127.0.0.1:{platform.front.port}/ws/"

    async def ticket() -> Ticket:
        return Ticket(next(tickets), url)

    crowd = [Client(ticket) for _ in range(count)]
    try:
        for at in range(0, count, 50):
            await asyncio.gather(*(client.__aenter__() for client in crowd[at : at + 50]))
        platform.gateways[0].kill()
        began = time.monotonic()
        async with asyncio.timeout(60):
            answers = await asyncio.gather(*(client.command("ping") for client in crowd))
        took_s = time.monotonic() - began
        print(f"F25: {count} sockets, half of them dropped, all answered after {took_s:.1f} s")
        assert len(answers) == count
        assert took_s <= RESUMED_WITHIN_S
    finally:
        await asyncio.gather(*(client.close() for client in crowd))
