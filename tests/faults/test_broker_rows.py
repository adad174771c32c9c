"""RabbitMQ that stops, raises alarms, forgets and repeats itself: the outbox keeps every fact."""

from __future__ import annotations

import asyncio
import time
from random import Random

import pytest

from tests.faults.platform import QUEUES, Platform
from tests.faults.playing import Company, company

DRAINED_WITHIN_S = 60.0


async def drained(players: Company) -> float:
    """Let them stop, and return how long it took until every fact had arrived."""
    await players.stop()
    began = time.monotonic()
    while (await players.backlog())["pending"]:
        assert time.monotonic() - began < DRAINED_WITHIN_S, "facts are still on their way"
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def test_f18_without_rabbitmq_play_goes_on_and_facts_wait(platform: Platform, random: Random) -> None:
    async with company(platform, random) as players:
        await players.acknowledged(10)
        await asyncio.to_thread(platform.rabbit.stop)
        try:
            await players.acknowledged(25)
            waiting = (await players.backlog())["pending"]
        finally:
            await asyncio.to_thread(platform.rabbit.start)
        assert waiting > 0
        print(f"F18: {waiting} facts waited, drained in {await drained(players):.1f} s")
        assert (await players.check())["ok"]


@pytest.mark.chaos
async def test_f19_an_alarm_blocks_publishers_and_no_player(platform: Platform, random: Random) -> None:
    async with company(platform, random) as players:
        await players.acknowledged(10)
        await asyncio.to_thread(platform.rabbit.control, "set_vm_memory_high_watermark", "absolute", "1")
        try:
            await players.acknowledged(25, within_s=20)
        finally:
            await asyncio.to_thread(platform.rabbit.control, "set_vm_memory_high_watermark", "0.6")
        await drained(players)
        assert (await players.check())["ok"]


@pytest.mark.chaos
async def test_f20_purged_queues_are_filled_again(platform: Platform, random: Random) -> None:
    worker = platform.roles["worker"]
    async with company(platform, random) as players:
        await players.acknowledged(10)
        worker.pause()
        try:
            await players.acknowledged(10)
            await asyncio.to_thread(messages_waiting, platform)
            for queue in QUEUES:
                await asyncio.to_thread(platform.rabbit.control, "purge_queue", queue)
        finally:
            worker.resume()
        print(f"F20: drained in {await drained(players):.1f} s")
        assert (await players.check())["ok"]


async def test_f21_messages_that_come_again_in_any_order_do_nothing_twice(
    platform: Platform, random: Random
) -> None:
    async with company(platform, random) as players:
        await players.acknowledged(15)
        await drained(players)
        before = await asyncio.to_thread(platform.backstage, "query", sql=COUNTS)
        sent = await asyncio.to_thread(platform.backstage, "redeliver", times=2)
        await asyncio.to_thread(platform.all_consumed)
        assert sent > 10
        assert await asyncio.to_thread(platform.backstage, "query", sql=COUNTS) == before
        assert (await players.check())["ok"]


COUNTS = (
    "SELECT (SELECT count(*) FROM kernel_handledfact), (SELECT count(*) FROM economy_line),"
    " (SELECT count(*) FROM journal), (SELECT sum(xp_total) FROM accounts_character)"
)


def messages_waiting(platform: Platform) -> None:
    platform.until_messages(lambda waiting: waiting > 0)
