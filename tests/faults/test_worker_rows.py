"""Workers and relays that die, crash or stand still, and messages that nobody can read."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from random import Random

import pytest
from kombu import Connection

from tests.faults.platform import Platform
from tests.faults.playing import company
from tests.faults.test_broker_rows import COUNTS, drained
from tests.faults.test_gateway_rows import has_died

CRASHES = 4
NONSENSE = (b"", b"\xff\xfe", b"{", b"[[], {}, {}]", b'[["one"], {}, {"chord": 1}]')


@pytest.mark.chaos
async def test_f03_a_worker_killed_between_effect_and_acknowledgement_repeats_nothing(
    platform: Platform, random: Random
) -> None:
    worker = platform.roles["worker"]
    platform.arm({worker: f"task_done_before_ack=exit:{random.randint(2, 6)}"})
    async with company(platform, random) as players:
        async with asyncio.timeout(60):
            while "exitcode 137" not in worker.log.read_text():
                await players.play(0.05)
        # A child of the pool has died at its n-th job; now the whole worker does.
        await asyncio.to_thread(platform.restart, worker)
        await drained(players)
        assert (await players.check())["ok"]


@pytest.mark.chaos
@pytest.mark.parametrize("point", ["outbox_before_publish", "after_publish_before_mark"])
async def test_f03_a_relay_killed_around_a_publication_loses_and_repeats_nothing(
    platform: Platform, random: Random, point: str
) -> None:
    relay = platform.roles["relay"]
    platform.arm({relay: f"{point}=exit:{random.randint(2, 8)}"})
    async with company(platform, random) as players:
        await has_died(relay, players, within_s=60)
        platform.restart(relay)
        await players.acknowledged(10)
        await drained(players)
        assert (await players.check())["ok"]


async def test_f04_children_that_crash_are_replaced_and_their_jobs_done(
    platform: Platform, random: Random
) -> None:
    worker = platform.roles["worker"]
    crashed = 0
    async with company(platform, random) as players:
        while crashed < CRASHES:
            await players.acknowledged(8)
            for child in worker.children():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGSEGV)
                    crashed += 1
        await drained(players)
        assert (await players.check())["ok"]
    assert worker.is_running


@pytest.mark.chaos
async def test_f05_turns_resolve_while_the_worker_stands_still(platform: Platform, random: Random) -> None:
    worker = platform.roles["worker"]
    async with company(platform, random) as players:
        await players.acknowledged(10)
        worker.pause()
        try:
            await players.acknowledged(25)
        finally:
            worker.resume()
        await drained(players)
        assert (await players.check())["ok"]


async def test_f22_messages_that_nobody_can_read_stop_no_others(platform: Platform, random: Random) -> None:
    async with company(platform, random) as players:
        await players.acknowledged(10)
        await asyncio.to_thread(send_nonsense, platform)
        await players.acknowledged(15)
        await drained(players)
        assert (await players.check())["ok"]
    assert platform.roles["worker"].is_running


@pytest.mark.chaos
async def test_f22_a_fact_that_nobody_can_read_is_parked_and_others_flow(
    platform: Platform, random: Random
) -> None:
    platform.backstage(
        "query",
        sql="INSERT INTO kernel_outboxfact (type, payload) VALUES ('item.gained', '{}') RETURNING id",
    )
    async with company(platform, random) as players:
        await players.acknowledged(15)
        async with asyncio.timeout(90):
            while not (await players.backlog())["parked"]:
                await players.play(0.5)
        platform.backstage("query", sql="DELETE FROM kernel_failedfact RETURNING id")
        assert (await players.check())["ok"]
    assert platform.backstage("query", sql=COUNTS)


def send_nonsense(platform: Platform) -> None:
    with Connection(platform.rabbit.url) as connection:
        producer = connection.Producer()
        for queue in ("kernel", "economy"):
            for body in NONSENSE:
                for content_type in ("application/json", "application/x-python-serialize", "text/plain"):
                    producer.publish(
                        body, routing_key=queue, content_type=content_type, content_encoding="utf-8"
                    )
