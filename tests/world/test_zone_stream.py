"""The law of zones: a snapshot and the changes after it give a later snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from random import Random

import pytest
from asgiref.sync import sync_to_async

from aether.kernel import live, realtime
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.live.presence import refresh
from apps.world import ground, positions, selectors, services
from apps.world.keeper import GRACE_S, Keeper
from apps.world.models import CharacterPlace, MonsterGroup
from apps.world.rules.walking import neighbours
from tests.world import cast
from tests.world.conftest import Clock
from tests.world.viewer import everybody_in, watching

pytestmark = pytest.mark.django_db(transaction=True)

MOOR = cast.FIRST_MOOR
STREAM = ground.stream_of(MOOR)


@pytest.fixture
async def hub() -> AsyncIterator[None]:
    await realtime.start()
    yield
    await realtime.stop()
    await live.connections.close_aredis()


async def act(who: int, rng: Random, time: Clock) -> None:
    """Do something that others can see; a refusal is fine."""
    time.go(rng.uniform(0, 2))
    try:
        match rng.randrange(7):
            case 0 | 1 | 2:
                position = await sync_to_async(positions.find)(who)
                cell = selectors.cell_of(position) if position else (2, 24)
                await services.move(character_id=who, path=[rng.choice(neighbours(cell))])
            case 3:
                await sync_to_async(services.leave)(character_id=who)
            case 4:
                await sync_to_async(services.enter)(character_id=who)
            case 5:
                await sync_to_async(services.set_in_battle)(character_ids=[who], battle_id=who)
            case 6:
                await CharacterPlace.objects.filter(pk=who).aupdate(battle=None)
                await services.emote(character_id=who, gesture="wave")
    except GameError:
        return


@pytest.mark.parametrize("seed", range(4))
async def test_a_snapshot_and_what_follows_give_the_later_snapshot(hub: None, time: Clock, seed: int) -> None:
    rng = Random(seed)
    watcher = await sync_to_async(cast.character)()
    actors = [await sync_to_async(cast.character)(name) for name in ("Bob", "Carla")]
    for who in (watcher, *actors):
        await sync_to_async(cast.put)(who, cast.MOOR, (2, 24))
    await refresh([watcher, *actors])
    keeper = Keeper(cast.FIRST_MOOR, Random(seed))
    async with AsyncExitStack() as viewers:
        seen_by = []
        for turn in range(40):
            if turn % 8 == 0:
                seen_by.append(await viewers.enter_async_context(watching(watcher, STREAM)))
            await act(rng.choice(actors), rng, time)
            if rng.random() < 0.4:
                await keeper.tick()
        await keeper.tick()
        now = await sync_to_async(selectors.snapshot)(MOOR, character_id=watcher)
        for viewer in seen_by:
            assert viewer.folded() == everybody_in(now)


async def test_a_tick_is_one_update_that_leaves_out_overtaken_walks(hub: None, time: Clock) -> None:
    alice = await sync_to_async(cast.character)()
    keeper = Keeper("lastmoor.1", Random(1))
    await refresh([alice])
    await keeper.tick()
    async with watching(alice, "zone:lastmoor.1") as viewer:
        await services.move(character_id=alice, path=[(13, 17)])
        await services.move(character_id=alice, path=[(14, 18)])
        await keeper.tick()
        _, (kind, numbers, update) = viewer.frames
        assert kind == "world.changed"
        assert [change.path[-1] for change in update.changes] == [(14, 18)]
        assert numbers[0] == numbers[1]
        await keeper.tick()
        assert len(viewer.frames) == 2


async def test_only_who_stands_in_a_zone_sees_it(hub: None) -> None:
    alice = await sync_to_async(cast.character)()
    with pytest.raises(NotFoundError):
        async with watching(alice, STREAM):
            pass


async def test_who_has_lost_its_socket_leaves_after_a_while(hub: None, time: Clock) -> None:
    alice = await sync_to_async(cast.character)()
    await refresh([alice])
    keeper = Keeper("lastmoor.1", Random(1))
    await keeper.tick()
    await sync_to_async(live.redis().delete)("presence")
    time.go(3)
    await keeper.tick()
    assert [seen.id for seen in await sync_to_async(positions.everybody)("lastmoor.1")] == [alice]
    time.go(GRACE_S + 1)
    await keeper.tick()
    assert await sync_to_async(positions.everybody)("lastmoor.1") == []


async def test_a_wiped_redis_is_rebuilt_by_the_tick(hub: None, time: Clock) -> None:
    alice = await sync_to_async(cast.character)()
    await refresh([alice])
    keeper = Keeper("lastmoor.1", Random(1))
    await keeper.tick()
    await sync_to_async(live.redis().flushdb)()
    await refresh([alice])
    time.go(3)
    await keeper.tick()
    assert [seen.id for seen in await sync_to_async(positions.everybody)("lastmoor.1")] == [alice]


async def test_who_went_over_without_a_word_is_seen_in_the_old_copy_no_more(hub: None, time: Clock) -> None:
    """The process died behind the commit, and the keeper of the new copy was the first to mend it."""
    alice, bob = [await sync_to_async(cast.character)(name) for name in ("Alice", "Bob")]
    await refresh([alice, bob])
    old, new = Keeper("lastmoor.1", Random(1)), Keeper("lastmoor.2", Random(1))
    async with watching(alice, "zone:lastmoor.1") as viewer:
        await CharacterPlace.objects.filter(pk=bob).aupdate(instance="lastmoor.2")
        await new.tick()
        await old.tick()
        assert ("player", bob) not in viewer.folded()
    assert await positions.count("lastmoor.1") == 1
    assert [seen.id for seen in await sync_to_async(positions.everybody)("lastmoor.2")] == [bob]


async def test_a_zone_in_which_nobody_is_sleeps(hub: None, time: Clock) -> None:
    keeper = Keeper(cast.FIRST_MOOR, Random(1))
    assert not await keeper.tick()
    assert not await MonsterGroup.objects.aexists()
    alice = await sync_to_async(cast.character)()
    await sync_to_async(cast.put)(alice, cast.MOOR, (2, 24))
    await refresh([alice])
    time.go(1)
    assert await keeper.tick()
    assert await MonsterGroup.objects.filter(state="roaming").aexists()
