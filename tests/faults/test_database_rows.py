"""PostgreSQL that stops, dies, is cut off in mid-commit, stands still or deadlocks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest

from tests.faults.platform import DATABASE, Platform
from tests.faults.playing import company, quantile

RESUMED_WITHIN_S = 10.0
REFUSED_WITHIN_S = 6.0
LOCKING_ATTEMPTS = 10
"""A lock is waited for two seconds at most, then the same command once more on a fresh connection."""

ANSWERED_DURING_MIGRATION_S = 1.0
BEFORE_INDEXES = ("economy", "0004_no_hot_row")
SMALL_DISK_MB = 400
HOW = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)


async def restart_postgres(platform: Platform, how: signal.Signals) -> float:
    """Stop PostgreSQL in a way, start it, and return when it takes connections again."""
    await asyncio.to_thread(platform.postgres.stop, how)
    await asyncio.to_thread(platform.postgres.start)
    return time.time()


async def test_f09_play_goes_on_after_postgres_was_stopped_in_any_way(
    platform: Platform, random: Random
) -> None:
    async with company(platform, random) as players:
        for how in HOW:
            await players.acknowledged(random.randint(10, 40))
            accepting_at = await restart_postgres(platform, how)
            await players.acknowledged(10)
            resumed_s = players.history.first_ok_after(accepting_at)
            assert resumed_s is not None
            assert resumed_s <= RESUMED_WITHIN_S
        assert (await players.check())["ok"]


@pytest.mark.chaos
async def test_f09_fifty_immediate_stops_lose_nothing(platform: Platform, random: Random) -> None:
    async with company(platform, random) as players:
        for _ in range(50):
            await players.play(random.uniform(0.1, 1.5))
            await restart_postgres(platform, signal.SIGQUIT)
        await players.acknowledged(20)
        assert (await players.check())["ok"]


async def test_f10_a_connection_cut_around_a_commit_leaves_no_doubt(
    platform: Platform, random: Random
) -> None:
    """The link dies after so many bytes of a question or an answer, COMMIT and its answer included."""
    cuts = 0
    async with company(platform, random, duels=2, traders=3) as players:
        for _ in range(30):
            for gateway in platform.gateways:
                link = platform.links[gateway.name].database
                link.break_(random.choice(("up", "down")), limit_bytes=random.randint(1, 3000))
            await players.play(0.15)
            for gateway in platform.gateways:
                cuts += platform.links[gateway.name].database.spent()
        platform.restore()
        await players.acknowledged(20)
        counts = await players.check()
    assert cuts >= 20
    assert counts["ok"] >= 20


async def test_f11_a_locked_table_is_refused_in_time_and_nobody_is_dropped(
    platform: Platform, random: Random
) -> None:
    async with company(platform, random) as players:
        await players.acknowledged(20)
        began = time.time()
        with locked(platform, "LOCK TABLE journal, command_receipt, economy_entry IN ACCESS EXCLUSIVE MODE"):
            await players.play(5.0)
        await players.acknowledged(20)
        assert (await players.check())["ok"]
    assert not players.history.resumed_s, "a socket was dropped"
    waits = players.history.refused_after(began)
    assert waits, "nothing was refused while the tables were locked"
    assert max(waits) <= REFUSED_WITHIN_S


@pytest.mark.chaos
@pytest.mark.skipif(os.getuid() != 0, reason="only root may make a small disk: a full one was NOT tried")
async def test_f12_on_a_full_disk_nothing_is_acknowledged_that_is_not_kept(
    platform: Platform, random: Random
) -> None:
    with platform.postgres.on_a_small_disk(SMALL_DISK_MB) as disk:
        async with company(platform, random, duels=2, traders=4) as players:
            await players.acknowledged(20)
            ballast = filled(disk)
            began = time.time()
            async with asyncio.timeout(60):
                while len(players.history.refused_after(began)) < 20:
                    await players.play(0.1)
            ballast.unlink()
            if not platform.postgres.is_accepting():  # it stops where even its log finds no room
                await asyncio.to_thread(platform.postgres.start)
            await players.acknowledged(20)
            assert (await players.check())["ok"]


def filled(disk: Path) -> Path:
    """Fill a disk to its last byte; return the file that does."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return ballast


@pytest.mark.chaos
async def test_f13_deadlocks_are_tried_again_or_refused_and_half_of_nothing_is_done(
    platform: Platform, random: Random
) -> None:
    """Somebody locks the wallets of two traders in every order, again and again."""
    async with company(platform, random, duels=1, traders=4) as players:
        await players.acknowledged(10)
        owners = [player.id for player in players.players]
        with wallets_locked_in_any_order(platform, owners, random):
            await players.play(4.0)
        await players.acknowledged(20)
        assert (await players.check())["ok"]
    assert platform.backstage("query", sql="SELECT deadlocks FROM pg_stat_database WHERE datname = 'aether'")


@pytest.mark.chaos
async def test_f32_a_changed_row_is_found_and_stops_its_battle_alone(
    platform: Platform, random: Random
) -> None:
    """A blank more in a row of a battle that is being fought; the gateways forget it and read it again."""
    async with company(platform, random, duels=3, traders=1) as players:
        await players.acknowledged(30)
        fighter = next(each for each in players.fighters if each.battle and each.battle.phase == "fighting")
        assert fighter.battle is not None
        battle = fighter.battle.id
        for gateway in platform.gateways:
            gateway.kill()
        change_a_row(platform, battle, "payload || ' '")
        assert [flaw.partition(":")[0] for flaw in platform.backstage("flaws")] == [
            f"battle {battle}, version 2"
        ]
        await asyncio.to_thread(platform.restore)
        async with asyncio.timeout(60):
            while not (stopped := await asyncio.to_thread(stopped_battles, platform)):
                await players.play(0.1)
        assert stopped == [[battle]]
        await players.acknowledged(30)
        change_a_row(platform, battle, "substr(payload, 1, length(payload) - 1)")
        assert (await players.check())["ok"]


def change_a_row(platform: Platform, battle: int, payload: str) -> None:
    platform.postgres.execute(
        "SET session_replication_role = replica;"
        f" UPDATE journal SET payload = {payload} WHERE kind = 1 AND id = {battle} AND version = 2",
        DATABASE,
    )


def stopped_battles(platform: Platform) -> object:
    return platform.backstage("query", sql="SELECT id FROM combat_battlerecord WHERE status = 3")


@pytest.mark.chaos
async def test_f08_a_migration_lets_people_play(platform: Platform, random: Random) -> None:
    """The indexes of the ledger are taken down and built again, beside a report that reads for long."""
    async with company(platform, random, duels=2, traders=4) as players:
        await players.acknowledged(20)
        began = time.time()
        with locked(platform, "LOCK TABLE economy_line, economy_balance, journal IN ACCESS SHARE MODE"):
            back = asyncio.create_task(asyncio.to_thread(platform.backstage, "migrate", to=BEFORE_INDEXES))
            await players.play(3.0)
        while not back.done():
            await players.play(0.1)
        await back
        there = asyncio.create_task(asyncio.to_thread(platform.backstage, "migrate"))
        while not there.done():
            await players.play(0.1)
        await there
        waits = players.history.waits_after(began)
        assert (await players.check())["ok"]
    print(
        f"F08: {len(waits)} commands meanwhile, p99 {quantile(waits, 0.99):.2f} s, longest {max(waits):.2f} s"
    )
    assert quantile(waits, 0.99) <= ANSWERED_DURING_MIGRATION_S
    assert not players.history.resumed_s, "a socket was dropped"


@contextlib.contextmanager
def locked(platform: Platform, statement: str) -> Iterator[None]:
    url = platform.postgres.url(platform.postgres.port, DATABASE)
    with psycopg.connect(url) as connection:
        for _ in range(LOCKING_ATTEMPTS):
            try:
                connection.execute(statement)  # type: ignore[call-overload]
                break
            except psycopg.errors.DeadlockDetected:
                connection.rollback()  # a command that held one of the tables wanted another one
        else:
            pytest.fail("the tables are never all free at once")
        yield
        connection.rollback()


@contextlib.contextmanager
def wallets_locked_in_any_order(platform: Platform, owners: list[int], random: Random) -> Iterator[None]:
    is_over = threading.Event()

    def lock() -> None:
        with psycopg.connect(platform.postgres.url(platform.postgres.port, DATABASE)) as connection:
            while not is_over.is_set():
                with contextlib.suppress(psycopg.errors.DeadlockDetected), connection.transaction():
                    for owner in random.sample(owners, len(owners)):
                        connection.execute(
                            "SELECT FROM economy_account WHERE owner_id = %s AND owner_type = 'character'"
                            " ORDER BY id DESC FOR UPDATE",
                            [owner],
                        )
                        connection.execute(
                            "SELECT FROM economy_balance b JOIN economy_account a ON a.id = b.account_id"
                            " WHERE owner_id = %s ORDER BY b.account_id DESC FOR UPDATE OF b",
                            [owner],
                        )
                        is_over.wait(0.01)

    thread = threading.Thread(target=lock)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
