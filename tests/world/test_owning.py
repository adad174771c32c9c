"""Who runs a copy: one process, by PostgreSQL's word, whoever comes, goes, dies or stands still."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from random import Random

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from aether.kernel import live, realtime
from aether.kernel.live.presence import refresh
from apps.world import owning, positions, reports, services
from apps.world.models import CharacterPlace, ZoneCopy
from apps.world.owning import chosen, key_of
from apps.world.ticking import Keepers
from tests.world import cast

pytestmark = pytest.mark.django_db(transaction=True)

COPIES = [f"lastmoor.{number}" for number in range(1, 21)]


@pytest.fixture
async def hub() -> AsyncIterator[None]:
    await realtime.start()
    yield
    await realtime.stop()
    await live.connections.close_aredis()


def crowded(count: int) -> None:
    """Have somebody in each of so many copies."""
    ZoneCopy.objects.bulk_create(
        ZoneCopy(id=instance, zone="lastmoor", number=number)
        for number, instance in enumerate(COPIES[:count], start=1)
    )
    CharacterPlace.objects.bulk_create(
        CharacterPlace(
            character_id=number,
            zone="lastmoor",
            instance=instance,
            x=14,
            y=17,
            bind_zone="lastmoor",
            is_present=True,
        )
        for number, instance in enumerate(COPIES[:count], start=1)
    )


async def share(*keepers: Keepers) -> None:
    for _ in range(2):  # what one gives up the next may take
        for each in keepers:
            await each.share()


def test_each_copy_falls_to_one_process_and_few_move_when_one_goes() -> None:
    everybody = [11, 12, 13, 14]
    before = {instance: chosen(instance, everybody) for instance in COPIES}
    after = {instance: chosen(instance, everybody[:-1]) for instance in COPIES}
    assert all(after[copy] == process for copy, process in before.items() if process != 14)
    assert len(set(map(key_of, COPIES))) == len(COPIES)
    many = Counter(chosen(f"moor.{number}", everybody) for number in range(1000))
    assert all(200 <= count <= 300 for count in many.values())


async def test_processes_share_the_copies_and_never_run_the_same_one(hub: None) -> None:
    await sync_to_async(crowded)(20)
    async with owning.owning() as first, owning.owning() as second, owning.owning() as third:
        keepers = [Keepers(each, Random(1)) for each in (first, second, third)]
        await share(*keepers)
        held = [each.held for each in (first, second, third)]
        assert sorted(instance for some in held for instance in some) == sorted(COPIES)
        assert all(held), "each has a part"


async def test_who_goes_leaves_its_copies_to_the_others(hub: None) -> None:
    await sync_to_async(crowded)(20)
    async with owning.owning() as first:
        async with owning.owning() as second:
            await share(Keepers(first, Random(1)), Keepers(second, Random(1)))
            assert second.held
            assert len(first.held) < 20
        keepers = Keepers(first, Random(1))
        await until(lambda: len(first.held) == 20, keepers)


async def test_a_process_that_stands_still_loses_its_copies(
    hub: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owning, "SILENT_MAX_S", 0.5)
    await sync_to_async(crowded)(4)
    async with AsyncExitStack() as stack:
        still = await stack.enter_async_context(owning.owning())
        await Keepers(still, Random(1)).share()
        assert len(still.held) == 4
        second = await stack.enter_async_context(owning.owning())
        await until(lambda: len(second.held) == 4, Keepers(second, Random(1)))
        with pytest.raises(Exception, match=r"idle-session timeout|closed"):
            await still.wanted()


async def until(is_so: Callable[[], bool], keepers: Keepers) -> None:
    async with asyncio.timeout(10):
        while not is_so():
            await keepers.share()
            await asyncio.sleep(0.02)


async def test_fifty_copies_take_one_connection(hub: None) -> None:
    await sync_to_async(crowded)(20)
    before = await sync_to_async(connections)()
    async with owning.owning() as ownership:
        await Keepers(ownership, Random(1)).share()
        assert len(ownership.held) == 20
        assert await sync_to_async(connections)() == before + 1


def connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE classid = 30574 AND objid = 0 AND granted")
        return int(cursor.fetchone()[0])


async def test_a_copy_without_people_is_run_by_nobody(hub: None) -> None:
    await sync_to_async(services.open_shared)("lastmoor")
    async with owning.owning() as ownership:
        keepers = Keepers(ownership, Random(1))
        await keepers.share()
        assert not ownership.held
        alice = await sync_to_async(cast.character)()
        await keepers.share()
        assert ownership.held == {"lastmoor.1"}
        assert list(await sync_to_async(reports.latest)()) == ["lastmoor.1"]
        await sync_to_async(services.leave)(character_id=alice)
        await keepers.share()
        assert not ownership.held
        assert not await sync_to_async(reports.latest)()


async def test_a_draining_copy_is_run_until_it_is_closed(hub: None) -> None:
    await sync_to_async(crowded)(1)
    await CharacterPlace.objects.all().adelete()
    await ZoneCopy.objects.all().aupdate(state="draining")
    stop = asyncio.Event()
    async with owning.owning() as ownership:
        running = asyncio.create_task(Keepers(ownership, Random(1)).keep_until(stop))
        async with asyncio.timeout(10):
            while await ZoneCopy.objects.exclude(state="closed").aexists():
                await asyncio.sleep(0.02)
        stop.set()
        await running
        assert (await ZoneCopy.objects.aget()).closed_at is not None


async def test_copies_are_rebuilt_after_a_wiped_redis_while_people_are_in_them(hub: None) -> None:
    await sync_to_async(services.open_shared)("lastmoor", capacity=1)
    people = [await sync_to_async(cast.character)(name) for name in ("Alice", "Bob", "Carla")]
    stop = asyncio.Event()
    async with owning.owning() as ownership:
        running = asyncio.create_task(Keepers(ownership, Random(1)).keep_until(stop))
        await sync_to_async(live.redis().flushdb)()
        await refresh(people)
        async with asyncio.timeout(10):
            while len(await sync_to_async(shown)()) < len(people):
                await asyncio.sleep(0.02)
        stop.set()
        await running
    assert await sync_to_async(shown)() == people


def shown() -> list[int]:
    copies = ZoneCopy.objects.order_by("pk").values_list("pk", flat=True)
    return [seen.id for copy in copies for seen in positions.everybody(copy)]


async def test_an_unknown_zone_is_left_alone(hub: None) -> None:
    await sync_to_async(crowded)(1)
    await CharacterPlace.objects.all().aupdate(instance="sunken_city.1")
    async with owning.owning() as ownership:
        await Keepers(ownership, Random(1)).share()
        assert ownership.held == set()
