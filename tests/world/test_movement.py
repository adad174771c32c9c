"""Moving in the world: timed by the server, over exits, and after Redis has forgotten."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from msgspec.structs import replace
from redis.exceptions import ConnectionError as RedisConnectionError

from aether.kernel import live
from aether.kernel.transactions import transactional
from aether.protocol.world import PlayerLeft, PlayerSeen
from apps.world import positions, selectors, services
from apps.world.errors import BadPathError, InBattleError, NotInWorldError, TooFarError
from apps.world.models import CharacterPlace
from apps.world.rules.walking import STEP_MS
from apps.world.services.checkpoints import keep_positions
from tests.world import cast
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

STEP_S = STEP_MS / 1000
WEST = [(13, 17), (12, 17)]


async def test_a_character_begins_in_lastmoor() -> None:
    alice = await sync_to_async(cast.character)()
    place = await sync_to_async(selectors.place_of)(alice)
    assert (place.zone, place.cell) == (cast.TOWN, cast.SQUARE)


async def test_a_walk_takes_its_time(time: Clock) -> None:
    alice = await sync_to_async(cast.character)()
    walk = await services.move(character_id=alice, path=WEST)
    assert walk.path == [cast.SQUARE, *WEST]
    assert walk.started_at == time.now
    time.go(STEP_S)
    assert (await sync_to_async(selectors.place_of)(alice)).cell == WEST[0]
    time.go(STEP_S)
    assert (await sync_to_async(selectors.place_of)(alice)).cell == WEST[1]


async def test_a_new_walk_goes_on_from_the_next_cell(time: Clock) -> None:
    alice = await sync_to_async(cast.character)()
    await services.move(character_id=alice, path=WEST)
    time.go(STEP_S / 2)
    walk = await services.move(character_id=alice, path=[(13, 16)])
    assert walk.path == [cast.SQUARE, WEST[0], (13, 16)]
    assert walk.started_at == time.now - STEP_S / 2


async def test_who_asks_twice_at_once_walks_both_ways() -> None:
    alice = await sync_to_async(cast.character)()
    first, second = await asyncio.gather(
        services.move(character_id=alice, path=[WEST[0]]), services.move(character_id=alice, path=[WEST[1]])
    )
    assert first.path == [cast.SQUARE, WEST[0]]
    assert second.path[-1] == WEST[1]


async def test_those_who_walk_at_once_share_two_trips(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [await sync_to_async(cast.character)(name) for name in ("Alice", "Bob", "Carla", "Dora")]
    trips = []
    commands = live.aredis().execute_command

    async def counted(name: str, *rest: object, **options: object) -> object:
        trips.append(name)
        return await commands(name, *rest, **options)

    monkeypatch.setattr(live.aredis(), "execute_command", counted)
    await asyncio.gather(*(services.move(character_id=who, path=WEST) for who in people))
    assert trips == ["MGET", "EVAL"]


async def test_nobody_jumps() -> None:
    alice = await sync_to_async(cast.character)()
    with pytest.raises(BadPathError) as refused:
        await services.move(character_id=alice, path=[(20, 15)])
    assert refused.value.details == {"cell": list(cast.SQUARE)}


async def test_nobody_walks_before_entering_the_world() -> None:
    with pytest.raises(NotInWorldError):
        await services.move(character_id=99, path=WEST)


async def test_who_fights_neither_walks_nor_travels() -> None:
    alice = await sync_to_async(cast.character)()
    await sync_to_async(cast.put)(alice, cast.TOWN, (30, 14))
    await sync_to_async(services.set_in_battle)(character_ids=[alice], battle_id=7)
    with pytest.raises(InBattleError):
        await services.move(character_id=alice, path=[(29, 14)])
    with pytest.raises(InBattleError):
        await sync_to_async(services.travel)(character_id=alice, exit_id="moor_gate")


async def test_an_exit_is_taken_from_beside_it() -> None:
    alice = await sync_to_async(cast.character)()
    with pytest.raises(TooFarError):
        await sync_to_async(services.travel)(character_id=alice, exit_id="moor_gate")
    await sync_to_async(cast.put)(alice, cast.TOWN, (30, 15))
    there, before = await sync_to_async(services.travel)(character_id=alice, exit_id="moor_gate")
    assert (there.zone, there.cell, before) == (cast.MOOR, (2, 24), "lastmoor.1")
    assert await sync_to_async(positions.everybody)("lastmoor.1") == []
    assert [seen.id for seen in await sync_to_async(positions.everybody)(there.instance)] == [alice]


async def test_a_wiped_redis_costs_a_few_steps_at_most(time: Clock) -> None:
    alice = await sync_to_async(cast.character)()
    await services.move(character_id=alice, path=WEST)
    time.go(STEP_S)
    here = await sync_to_async(positions.everybody)("lastmoor.1")
    await sync_to_async(keep_positions)("lastmoor.1", here)
    await sync_to_async(live.redis().flushdb)()
    walk = await services.move(character_id=alice, path=[WEST[1]])
    assert walk.path == WEST


async def test_a_step_taken_at_once_by_two_is_taken_by_one() -> None:
    """Whatever trips to Redis are shared: who acts on a position that has changed since is refused."""
    alice, bob = [await sync_to_async(cast.character)(name) for name in ("Alice", "Bob")]
    known = await positions.read_all([alice, bob])
    steps = []
    for n, who in enumerate((alice, bob, alice), start=2):
        was, position = known[who]
        risen = replace(position, seen=replace(position.seen, level=n))
        steps.append(positions.step(was, risen, PlayerLeft(id=n)))
    assert await positions.replace_all(steps) == [True, True, False]
    here = await sync_to_async(positions.everybody)("lastmoor.1")
    assert [seen.level for seen in here] == [2, 3]
    told = await positions.take_changes(["lastmoor.1"])
    assert told["lastmoor.1"][-2:] == [PlayerLeft(id=2), PlayerLeft(id=3)]


def test_a_new_level_moves_nobody_back() -> None:
    alice = cast.character()

    @transactional
    def rise() -> None:
        transaction.on_commit(lambda: stand(alice, WEST[0]))
        services.show_level(character_id=alice, level=2)

    rise()
    (seen,) = positions.everybody("lastmoor.1")
    assert (seen.cell, seen.level) == (WEST[0], 2)


def test_who_moves_while_its_looks_change_stays_where_it_is() -> None:
    alice = cast.character()
    cells = iter(WEST)

    def rise(seen: PlayerSeen) -> PlayerSeen:
        if cell := next(cells, None):
            stand(alice, cell)
        return replace(seen, level=2)

    positions.change_looks(alice, rise)
    (seen,) = positions.everybody("lastmoor.1")
    assert (seen.cell, seen.level) == (WEST[1], 2)


def stand(character_id: int, cell: tuple[int, int]) -> None:
    """Be on a cell at once, as another process writes it."""
    there = positions._decoded(live.redis().get(positions._at(character_id)))
    assert there is not None
    positions.place(replace(there, seen=replace(there.seen, cell=cell)))


async def test_a_checkpoint_keeps_where_people_stand_in_its_zone_copy(time: Clock) -> None:
    alice = await sync_to_async(cast.character)()
    await services.move(character_id=alice, path=WEST)
    time.go(9)
    here = await sync_to_async(positions.everybody)("lastmoor.1")
    await sync_to_async(keep_positions)("elsewhere.1", here)
    assert (await CharacterPlace.objects.aget(character_id=alice)).cell != WEST[-1]
    await sync_to_async(keep_positions)("lastmoor.1", here)
    assert (await CharacterPlace.objects.aget(character_id=alice)).cell == WEST[-1]


async def test_without_redis_the_checkpoint_says_where_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = await sync_to_async(cast.character)()

    def down() -> None:
        raise RedisConnectionError("refused")

    monkeypatch.setattr(positions, "redis", down)
    place = await sync_to_async(selectors.place_of)(alice)
    assert (place.zone, place.cell) == (cast.TOWN, cast.SQUARE)
    assert await sync_to_async(positions.find_all)([alice]) == {}


async def test_a_wiped_redis_is_rebuilt_for_everybody() -> None:
    alice = await sync_to_async(cast.character)()
    bob = await sync_to_async(cast.character)("Bob")
    before = await sync_to_async(positions.everybody)("lastmoor.1")
    await sync_to_async(live.redis().flushdb)()
    await sync_to_async(services.reconcile)("lastmoor.1", [])
    assert await sync_to_async(positions.everybody)("lastmoor.1") == before
    assert [seen.id for seen in before] == [alice, bob]


async def test_who_leaves_comes_back_to_the_same_cell(time: Clock) -> None:
    alice = await sync_to_async(cast.character)()
    await services.move(character_id=alice, path=WEST)
    time.go(9)
    await sync_to_async(services.leave)(character_id=alice)
    assert await sync_to_async(positions.everybody)("lastmoor.1") == []
    place = await sync_to_async(services.enter)(character_id=alice)
    assert place.cell == WEST[-1]


async def test_entering_again_does_not_stop_a_walk(time: Clock) -> None:
    alice = await sync_to_async(cast.character)()
    await services.move(character_id=alice, path=WEST)
    time.go(STEP_S / 2)
    assert (await sync_to_async(services.enter)(character_id=alice)).cell == WEST[0]
    assert (await sync_to_async(positions.everybody)("lastmoor.1"))[0].path == [cast.SQUARE, *WEST]


async def test_a_cell_that_nobody_can_stand_on_any_more_leads_home() -> None:
    alice = await sync_to_async(cast.character)()
    await sync_to_async(services.leave)(character_id=alice)
    await CharacterPlace.objects.filter(pk=alice).aupdate(x=0, y=0)
    assert (await sync_to_async(services.enter)(character_id=alice)).cell == cast.SQUARE
