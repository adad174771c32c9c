"""A zone copy with very many in it: its snapshot comes in pages, and is the same zone in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from random import Random

import msgspec
import pytest
from aether_sdk.streams import Streams, Update
from asgiref.sync import sync_to_async
from django.conf import settings

from aether.kernel import live, realtime
from aether.kernel.live.presence import refresh
from aether.protocol.codec import Encoded, update_frame
from aether.protocol.world import PlayerCame, PlayerSeen, PlayerWalked, ZoneChanged
from apps.world import positions, selectors, services
from apps.world.keeper import Keeper
from apps.world.positions import Position
from apps.world.rules import interest
from tests.world import cast
from tests.world.viewer import Viewer, everybody_in, watching

pytestmark = pytest.mark.django_db(transaction=True)

TOWN, STREAM = "lastmoor.1", "zone:lastmoor.1"
LONG_WAY = [(100 + n % 2, 100) for n in range(64)]


def stranger(number: int, *, path: list[tuple[int, int]] | None = None) -> PlayerSeen:
    return PlayerSeen(
        id=10_000_000 + number,
        name=f"Ñamewîthlétters{number}"[:16],
        class_id="kitewright",
        level=100,
        cell=(100, 100),
        path=path or [],
        started_at=1_795_888_919.1234567,
        step_ms=200,
    )


def crowd(count: int, *, path: list[tuple[int, int]] | None = None) -> None:
    """Show people who have no rows: only their being seen matters here."""
    positions.place(
        *(Position(zone="lastmoor", instance=TOWN, seen=stranger(n, path=path)) for n in range(count))
    )


@pytest.fixture
async def hub() -> AsyncIterator[None]:
    await realtime.start()
    yield
    await realtime.stop()
    await live.connections.close_aredis()


async def test_a_thousand_come_in_pages_and_are_the_snapshot_in_the_end(hub: None) -> None:
    alice = await sync_to_async(cast.character)()
    await sync_to_async(crowd)(1000, path=LONG_WAY)
    async with watching(alice, STREAM) as viewer:
        kinds = [kind for kind, _, _ in viewer.frames]
        assert kinds[0] == "world.snapshot"
        assert len(kinds) > 1
        assert set(kinds[1:]) == {"world.changed"}
        numbers = [n for _, (n, _), _ in viewer.frames]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert numbers[-1] == realtime.local_head(STREAM)
        assert viewer.frames[0][2].players[0].id == alice
        now = await sync_to_async(selectors.snapshot)(TOWN, character_id=alice)
        assert viewer.folded() == everybody_in(now)


async def test_programs_apply_every_page_in_turn(hub: None) -> None:
    alice = await sync_to_async(cast.character)()
    await sync_to_async(crowd)(1000)
    streams = Streams()
    async with watching(alice, STREAM) as viewer:
        told = [Update(kind, STREAM, first, last, {}) for kind, (first, last), _ in viewer.frames]
    assert len(told) > 2
    assert {streams.take(update) for update in told} == {"apply"}
    assert streams.behind({STREAM: told[-1].last}) == []


async def test_what_happens_while_the_pages_come_is_told_after_them(hub: None) -> None:
    alice = await sync_to_async(cast.character)()
    await refresh([alice])
    await sync_to_async(crowd)(600)
    keeper = Keeper("lastmoor.1", Random(1))
    async with watching(alice, STREAM) as first:
        await services.move(character_id=alice, path=[(13, 17)])
        await keeper.tick()
        async with watching(alice, STREAM) as second:
            await services.move(character_id=alice, path=[(12, 17)])
            await keeper.tick()
            now = await sync_to_async(selectors.snapshot)(TOWN, character_id=alice)
            assert first.folded() == second.folded() == everybody_in(now)


@pytest.mark.parametrize("form", ["json", "msgpack"])
async def test_no_page_is_larger_than_an_update_may_be(form: str) -> None:
    await sync_to_async(crowd)(1000, path=LONG_WAY)
    alice = await sync_to_async(cast.character)()
    snapshot = await sync_to_async(selectors.snapshot)(TOWN, character_id=alice)
    walks = [
        PlayerWalked(id=seen.id, path=LONG_WAY, started_at=seen.started_at, step_ms=200)
        for seen in snapshot.players
    ]
    comings = [PlayerCame(player=seen) for seen in snapshot.players]
    told = ZoneChanged(changes=[*walks, *comings])
    for update in (snapshot, told):
        pages = update.pages()
        frames = [update_frame(STREAM, (2**52, 2**52), Encoded.of(page), form) for page in pages]  # type: ignore[arg-type]
        sizes = [len(frame.encode() if isinstance(frame, str) else frame) for frame in frames]
        assert max(sizes) <= settings.GATEWAY["update_bytes"]
        # The bound is that of JSON, which is the longer form; it must not be a wild guess.
        assert form == "msgpack" or len(pages) < 2 * sum(sizes) / settings.GATEWAY["update_bytes"] + 2


def test_pages_leave_nobody_out_and_keep_the_order() -> None:
    changes = [PlayerWalked(id=n, path=LONG_WAY[: n % 60 + 1], started_at=0.0, step_ms=1) for n in range(999)]
    pages = ZoneChanged(changes=list(changes)).pages()
    assert [change for page in pages for change in msgspec.structs.asdict(page)["changes"]] == changes


MOOR = "reedmoor_flats.1"


def on_the_moor(name: str, cell: tuple[int, int]) -> int:
    character_id = cast.character(name)
    cast.put(character_id, "reedmoor_flats", cell)
    return character_id


async def walk_at_once(who: int, *path: tuple[int, int]) -> None:
    """Let somebody walk a way that was begun long ago."""
    known = await positions.read(who)
    assert known is not None
    was, position = known
    seen = msgspec.structs.replace(position.seen, cell=path[-1], path=list(path), started_at=1.0, step_ms=200)
    walked = PlayerWalked(id=who, path=seen.path, started_at=1.0, step_ms=200)
    await positions.replace_all([positions.step(was, msgspec.structs.replace(position, seen=seen), walked)])


async def test_on_a_large_map_one_sees_who_is_near(hub: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interest, "WHOLE_UP_TO", 16)
    alice, bob, eve = [
        await sync_to_async(on_the_moor)(name, cell)
        for name, cell in (("Alice", (2, 24)), ("Bob", (40, 24)), ("Eve", (20, 24)))
    ]
    keeper = Keeper(MOOR, Random(1))
    async with watching(alice, f"zone:{MOOR}") as viewer:
        assert people(viewer) == {alice, eve}
        await keeper.tick()
        await walk_at_once(bob, (40, 24), (31, 24))
        await keeper.tick()
        assert people(viewer) == {alice, bob, eve}
        await walk_at_once(eve, (20, 24), (40, 24))
        await keeper.tick()
        assert people(viewer) == {alice, bob}


async def test_who_walks_on_a_large_map_sees_others_come_and_go(
    hub: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interest, "WHOLE_UP_TO", 16)
    alice, bob, eve = [
        await sync_to_async(on_the_moor)(name, cell)
        for name, cell in (("Alice", (2, 24)), ("Bob", (40, 24)), ("Eve", (3, 24)))
    ]
    keeper = Keeper(MOOR, Random(1))
    async with watching(alice, f"zone:{MOOR}") as viewer:
        await keeper.tick()
        await walk_at_once(alice, (2, 24), (36, 24))
        await keeper.tick()
        assert people(viewer) == {alice, bob}
        numbers = [n for _, n, _ in viewer.frames]
        assert all(after[0] <= before[1] + 1 for before, after in pairwise(numbers))
        await walk_at_once(alice, (36, 24), (3, 24))
        await keeper.tick()
        assert people(viewer) == {alice, eve}


def people(viewer: Viewer) -> set[int]:
    return {who for kind, who in viewer.folded() if kind == "player"}
