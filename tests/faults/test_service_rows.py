"""Combat in processes of its own that die or stand still: the others go on with what they had."""

from __future__ import annotations

import asyncio
import time
from random import Random

import pytest

from tests.faults.platform import Platform
from tests.faults.playing import company
from tests.faults.test_gateway_rows import POINTS, has_died, stands_still
from tests.faults.test_redis_rows import nobody_is_deaf

TAKEN_OVER_WITHIN_S = 5.0


@pytest.mark.parametrize(
    "points", [POINTS[1:3], pytest.param((POINTS[0], POINTS[3]), marks=pytest.mark.chaos)], ids="+".join
)
async def test_f01_services_killed_at_any_point_lose_nothing(
    apart: Platform, random: Random, points: tuple[str, str]
) -> None:
    """Both die, each at a point of its own, at a command that chance has chosen."""
    apart.arm(
        {
            service: f"{point}=exit:{random.randint(5, 30)}"
            for service, point in zip(apart.services, points, strict=True)
        }
    )
    async with company(apart, random, duels=3, traders=1) as players:
        for service in apart.services:
            await has_died(service, players)
            await asyncio.to_thread(apart.restart, service)
        await players.acknowledged(15)
        assert (await players.check())["ok"]
    assert not players.history.resumed_s, "a socket was dropped"


@pytest.mark.chaos
async def test_f27_a_service_that_stood_still_writes_nothing_old(apart: Platform, random: Random) -> None:
    """It stops with a write in hand; the other one takes its battles over; then it goes on."""
    zombie, _ = apart.services
    apart.arm({zombie: f"before_tx=stop:{random.randint(5, 30)}"})
    async with company(apart, random, duels=3, traders=1) as players:
        await stands_still(zombie, players)
        await nobody_is_deaf(players)
        zombie.resume()
        await players.acknowledged(30)
        assert (await players.check())["ok"]


@pytest.mark.chaos
async def test_f01_another_service_takes_battles_over_at_once(apart: Platform, random: Random) -> None:
    """The figure: how long until every duel has gone on."""
    took_s: list[float] = []
    async with company(apart, random, duels=6, traders=0) as players:
        for turn in range(8):
            service = apart.services[turn % 2]
            await players.play(random.uniform(0.5, 1.5))
            service.kill()
            began = time.monotonic()
            await nobody_is_deaf(players, within_s=20)
            took_s.append(time.monotonic() - began)
            await asyncio.to_thread(apart.restart, service)
        assert (await players.check())["ok"]
    print("F01 services: every duel went on after " + ", ".join(f"{each:.1f}" for each in took_s) + " s")
    assert max(took_s) <= TAKEN_OVER_WITHIN_S
