"""The long run: faults by chance, one after the other, while players play; then everything must hold."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from tests.faults.platform import Platform
from tests.faults.playing import Company, company, quantile
from tests.faults.proxy import FaultProxy
from tests.faults.test_gateway_rows import POINTS as COMMAND_POINTS

MINUTES = float(os.environ.get("MINUTES") or 5)
POINTS = {
    "gateway": COMMAND_POINTS,
    "combat": COMMAND_POINTS,
    "relay": ("outbox_before_publish", "after_publish_before_mark"),
    "worker": ("task_done_before_ack",),
}
Break = Callable[[Platform, Company, Random], Awaitable[str]]


async def kill_a_role(platform: Platform, players: Company, random: Random) -> str:
    role = random.choice(list(platform.roles.values()))
    role.kill()
    await players.play(random.uniform(0, 2))
    return f"kill -9 {role.name}"


async def arm_a_role(platform: Platform, players: Company, random: Random) -> str:
    role = random.choice(list(platform.roles.values()))
    point = f"{random.choice(POINTS[role.name.partition('-')[0]])}=exit:{random.randint(1, 40)}"
    await asyncio.to_thread(platform.arm, {role: point})
    await players.play(random.uniform(2, 5))
    return f"{role.name} with {point}"


async def stop_a_gateway(platform: Platform, players: Company, random: Random) -> str:
    gateway = random.choice(platform.gateways)
    gateway.stop()
    while gateway.is_running:
        await players.play(0.05)
    return f"SIGTERM to {gateway.name}"


async def pause_a_role(platform: Platform, players: Company, random: Random) -> str:
    role = random.choice(list(platform.roles.values()))
    role.pause()
    try:
        await players.play(random.uniform(0.5, 6))
    finally:
        role.resume()
    return f"SIGSTOP to {role.name}"


async def stop_postgres(platform: Platform, players: Company, random: Random) -> str:
    how = random.choice((signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))
    await asyncio.to_thread(platform.postgres.stop, how)
    await players.play(random.uniform(0, 2))
    await asyncio.to_thread(platform.postgres.start)
    return f"{how.name} to PostgreSQL"


async def stop_redis(platform: Platform, players: Company, random: Random) -> str:
    platform.redis.kill()
    await players.play(random.uniform(0, 5))
    platform.redis.start()
    return "kill -9 Redis"


async def wipe_redis(platform: Platform, players: Company, random: Random) -> str:
    platform.redis.client.flushall()
    await players.play(random.uniform(0, 1))
    return "FLUSHALL"


async def stop_rabbit(platform: Platform, players: Company, random: Random) -> str:
    await asyncio.to_thread(platform.rabbit.stop)
    await players.play(random.uniform(0, 4))
    await asyncio.to_thread(platform.rabbit.start)
    return "RabbitMQ stopped"


async def break_a_link(platform: Platform, players: Company, random: Random) -> str:
    name, links = random.choice(list(platform.links.items()))
    proxy = random.choice((platform.front, *links.all()))
    fault = random.choice(
        (
            {"latency_s": 0.05, "jitter_s": 0.2},
            {"bytes_per_s": 50_000.0},
            {"slice_bytes": 7},
            {"limit_bytes": random.randint(1, 5000)},
            {"is_hole": True},
        )
    )
    directions = random.choice((("up",), ("down",), ("up", "down")))
    proxy.break_(*directions, **fault)
    await players.play(random.uniform(0.5, 4))
    proxy.heal()
    return f"{_name_of(proxy, platform)} of {name}: {directions} {fault}"


async def cut_a_link(platform: Platform, players: Company, random: Random) -> str:
    links = random.choice(list(platform.links.values()))
    proxy = random.choice((platform.front, *links.all()))
    return f"{proxy.cut()} connections of {_name_of(proxy, platform)} reset"


BREAKS: tuple[Break, ...] = (
    kill_a_role,
    arm_a_role,
    stop_a_gateway,
    pause_a_role,
    stop_postgres,
    stop_redis,
    wipe_redis,
    stop_rabbit,
    break_a_link,
    cut_a_link,
)


@pytest.mark.chaos
async def test_whatever_breaks_everything_holds(platform: Platform, random: Random, seed: int) -> None:
    print(f"\nAgain: make chaos SEED={seed} MINUTES={MINUTES:g} CHAOS=test_chaos.py")
    until = time.monotonic() + 60 * MINUTES
    resumed: list[float] = []
    rounds = acknowledged = 0
    while time.monotonic() < until:
        arrange = random.choice((platform.serve_combat_here, platform.serve_combat_apart))
        await asyncio.to_thread(arrange)
        print(f"combat {'apart' if platform.services else 'in the gateways'}", flush=True)
        async with company(platform, random, duels=3, traders=3) as players:
            await players.acknowledged(10)
            for _ in range(random.randint(2, 5)):
                print("  ", await random.choice(BREAKS)(platform, players, random), flush=True)
                await asyncio.to_thread(platform.restore)
                await players.play(random.uniform(0, 2))
            await players.acknowledged(10, within_s=60)
            counts = await players.check()
        resumed += players.history.resumed_s
        acknowledged += players.history.count("ok")
        rounds += 1
        print(f"round {rounds}: {counts}", flush=True)
    print(f"{rounds} rounds, {acknowledged} durable commands acknowledged, none lost; {len(resumed)} drops,")
    resumed = resumed or [0.0]
    print(f"resumed after p50 {quantile(resumed, 0.5):.2f} s, p95 {quantile(resumed, 0.95):.2f} s")
    assert rounds


def _name_of(proxy: FaultProxy, platform: Platform) -> str:
    if proxy is platform.front:
        return "front"
    names = ("database", "redis", "broker")
    return next(name for links in platform.links.values() for name in names if getattr(links, name) is proxy)
