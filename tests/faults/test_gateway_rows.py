"""Gateways that die, stop, stand still and come back: what was acknowledged stays, and play goes on."""

from __future__ import annotations

import asyncio
import time
from random import Random

import pytest

from tests.faults.platform import Platform, Role
from tests.faults.playing import Company, company, quantile

POINTS = ("before_tx", "after_append", "after_commit_before_reply", "after_reply_before_doorbell")
RESUMED_WITHIN_S = 3.0
INTERRUPTED_AT_MOST_S = 2.0


async def has_died(role: Role, players: Company, *, within_s: float = 30) -> None:
    """Let them play until a role is no more."""
    deadline = time.monotonic() + within_s
    while role.is_running:
        assert time.monotonic() < deadline, f"{role.name} lives"
        await players.play(0.02)
    role.wait()


@pytest.mark.parametrize(
    "points", [POINTS[:2], pytest.param(POINTS[2:], marks=pytest.mark.chaos)], ids="+".join
)
async def test_f01_a_gateway_killed_at_any_point_loses_nothing(
    platform: Platform, random: Random, points: tuple[str, str]
) -> None:
    """Both gateways die, each at a point of its own, at a command that chance has chosen."""
    platform.arm(
        {
            gateway: f"{point}=exit:{random.randint(15, 60)}"
            for gateway, point in zip(platform.gateways, points, strict=True)
        }
    )
    async with company(platform, random, duels=2, traders=2) as players:
        for gateway in platform.gateways:
            await has_died(gateway, players)
            await asyncio.to_thread(platform.restart, gateway)
        await players.acknowledged(20)
        assert (await players.check())["ok"]
    assert players.history.resumed_s


@pytest.mark.chaos
@pytest.mark.parametrize("point", POINTS)
async def test_f01_players_of_a_killed_gateway_resume_elsewhere(
    platform: Platform, random: Random, point: str
) -> None:
    """The figure: how long they were without a socket."""
    resumed: list[float] = []
    async with company(platform, random, duels=5, traders=5) as players:
        for turn in range(4):
            gateway = platform.gateways[turn % 2]
            await asyncio.to_thread(platform.arm, {gateway: f"{point}=exit:{random.randint(50, 150)}"})
            await spread(platform, players)
            before = len(players.history.resumed_s)
            await has_died(gateway, players, within_s=60)
            await players.acknowledged(30)
            resumed += players.history.resumed_s[before:]
            await asyncio.to_thread(platform.restart, gateway)
        assert (await players.check())["ok"]
    assert len(resumed) >= 8
    p95 = quantile(resumed, 0.95)
    print(f"F01 {point}: {len(resumed)} sockets resumed, p50 {quantile(resumed, 0.5):.2f} s, p95 {p95:.2f} s")
    assert p95 <= RESUMED_WITHIN_S


async def spread(platform: Platform, players: Company) -> None:
    """Have everybody reconnect, so that each gateway gets its share of the players."""
    sockets = len(players.history.resumed_s) + len(players.players)
    platform.front.cut()
    async with asyncio.timeout(60):
        while len(players.history.resumed_s) < sockets:
            await players.play(0.05)


async def test_f02_battles_go_on_after_every_gateway_was_killed(platform: Platform, random: Random) -> None:
    async with company(platform, random, duels=3, traders=1) as players:
        await players.acknowledged(40)
        for gateway in platform.gateways:
            gateway.kill()
        turns = timeouts(platform)
        await asyncio.sleep(1.0)
        for gateway in platform.gateways:
            gateway.start()
        await asyncio.to_thread(platform.await_well, platform.gateways[0])
        well_at = time.time()
        await players.acknowledged(20)
        resumed_s = players.history.first_ok_after(well_at)
        assert resumed_s is not None
        assert resumed_s <= 5.0
        assert timeouts(platform) == turns
        assert (await players.check())["ok"]


async def test_f06_a_planned_restart_interrupts_nobody_for_long(platform: Platform, random: Random) -> None:
    async with company(platform, random, duels=3, traders=3) as players:
        await players.acknowledged(20)
        for gateway in platform.gateways:
            gateway.stop()
            await has_died(gateway, players)
            await asyncio.to_thread(platform.restart, gateway)
            await players.acknowledged(20)
        counts = await players.check()
    interrupted = players.history.resumed_s
    assert len(interrupted) >= len(platform.gateways)
    p99 = quantile(interrupted, 0.99)
    print(
        f"F06: {len(interrupted)} sockets, p50 {quantile(interrupted, 0.5):.2f} s, p99 {p99:.2f} s, {counts}"
    )
    assert p99 <= INTERRUPTED_AT_MOST_S


async def test_f27_a_zombie_cannot_write_what_others_have_moved_on(
    platform: Platform, random: Random
) -> None:
    """A gateway stands still with a write in hand; meanwhile its players go on elsewhere."""
    zombie, _ = platform.gateways
    platform.arm({zombie: f"before_tx=stop:{random.randint(20, 60)}"})
    async with company(platform, random, duels=3, traders=1) as players:
        await stands_still(zombie, players)
        port = platform.port_of(zombie)
        platform.front.upstreams = [there for there in platform.front.upstreams if there[1] != port]
        platform.front.cut()
        try:
            await players.acknowledged(40)
            zombie.resume()
            await asyncio.to_thread(platform.await_well, zombie)
            await players.acknowledged(20)
        finally:
            platform.front.upstreams.append(("127.0.0.1", port))
        counts = await players.check()
    assert counts["ok"] > 60


async def stands_still(role: Role, players: Company, *, within_s: float = 60) -> None:
    """Let them play until a role has stopped where it is."""
    async with asyncio.timeout(within_s):
        while not role.is_stopped:
            await players.play(0.02)


def timeouts(platform: Platform) -> int:
    """Return how many turns have ended by themselves."""
    found = platform.backstage(
        "query",
        sql="SELECT count(*) FROM journal"
        " WHERE kind = 1 AND convert_from(payload, 'UTF8') ~* 'turn_?timeout'",
    )
    return int(found[0][0])
