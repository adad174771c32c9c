"""Redis that is wiped, dies, is out of reach of one gateway, is full or busy: it holds nothing of value."""

from __future__ import annotations

import asyncio
import contextlib
import time
from random import Random

import pytest
import redis

from tests.faults.platform import Platform
from tests.faults.playing import Company, company
from tests.faults.proxy import Direction

DEAF_AT_MOST_S = 5.0
BUSY = "while true do end"


async def nobody_is_deaf(players: Company, *, within_s: float = DEAF_AT_MOST_S + 5.0) -> None:
    """Every duel goes on: both of its players see what the other does, or they would not take turns."""
    before = {player.id: player.turns for player in players.fighters}
    deadline = time.monotonic() + within_s
    while any(player.turns == before[player.id] for player in players.fighters):
        deaf = [f"{player.turns - before[player.id]} turns: {player}" for player in players.fighters]
        assert time.monotonic() < deadline, "\n".join(deaf)
        await players.play(0.05)


async def test_f14_a_wiped_redis_leaves_nobody_deaf(platform: Platform, random: Random) -> None:
    async with company(platform, random) as players:
        await players.acknowledged(20)
        for _ in range(5):
            platform.redis.client.flushall()
            await players.play(random.uniform(0.1, 0.6))
        await nobody_is_deaf(players)
        assert (await players.check())["ok"]


@pytest.mark.chaos
async def test_f15_battles_and_trade_go_on_without_redis(platform: Platform, random: Random) -> None:
    async with company(platform, random) as players:
        await players.acknowledged(20)
        platform.redis.kill()
        await players.play(1.0)
        died_at = time.time()
        await players.acknowledged(15)
        assert players.history.first_ok_after(died_at) is not None
        await players.play(random.uniform(0, 3))
        platform.redis.start()
        await nobody_is_deaf(players, within_s=20)
        assert (await players.check())["ok"]


@pytest.mark.chaos
@pytest.mark.parametrize("directions", [("up",), ("up", "down")], ids=str)
async def test_f16_a_gateway_cut_off_from_redis_alone_splits_no_brain(
    platform: Platform, random: Random, directions: tuple[Direction, ...]
) -> None:
    alone, _ = platform.gateways
    async with company(platform, random, duels=3) as players:
        await players.acknowledged(20)
        platform.links[alone.name].redis.break_(*directions, is_hole=True)
        await players.play(1.0)
        await players.acknowledged(20)
        platform.links[alone.name].redis.heal()
        await nobody_is_deaf(players, within_s=20)
        assert (await players.check())["ok"]


@pytest.mark.chaos
async def test_f17_a_full_or_busy_redis_stops_no_battle_and_lets_nobody_in_unproven(
    platform: Platform, random: Random
) -> None:
    async with company(platform, random) as players:
        await players.acknowledged(20)
        platform.redis.client.config_set("maxmemory", "1mb")
        await players.acknowledged(15)
        refused = await asyncio.to_thread(platform.try_ticket, players.players[0].token)
        assert refused in (500, 503)
        platform.redis.client.config_set("maxmemory", "0")
        await asyncio.to_thread(keep_busy, platform, 1.5)
        await nobody_is_deaf(players, within_s=20)
        assert (await players.check())["ok"]


def keep_busy(platform: Platform, seconds: float) -> None:
    """Run a script that does not end, then have it killed."""
    client = redis.Redis(port=platform.redis.port, socket_timeout=seconds)
    with contextlib.suppress(redis.TimeoutError, redis.ResponseError):
        client.eval(BUSY, 0)
    with contextlib.suppress(redis.ResponseError):
        platform.redis.client.script_kill()
