"""Things that all see: every change is an event, of two at once one wins, and doors stand in the way."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from aether.kernel import clock, journal, live
from aether.kernel.audit import ReasonMissingError
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.journal import StreamKind
from aether.protocol.world import ObjectMoved as ObjectMovedOnWire
from aether.protocol.world import ObjectSeen
from apps.world import barriers, ground, object_selectors, positions, selectors, services
from apps.world.errors import BlockedError, NothingToDoError, StaleObjectError, TooFarError
from apps.world.models import ObjectSnapshot, WorldObject
from apps.world.rules.objects import ObjectMoved, Standing, folded
from tests.world import cast
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

CINDER = "cinder_terraces"
COPY = "cinder_terraces.1"
LEVER, DOOR = "kiln_lever", "kiln_door"
BESIDE_THE_LEVER = (7, 11)
BEFORE_THE_DOOR = (2, 9)


def at_the_lever(name: str = "Alice") -> int:
    character_id = cast.character(name)
    cast.put(character_id, CINDER, BESIDE_THE_LEVER)
    return character_id


def pull(character_id: int, version: int | None = None) -> ObjectSeen:
    return services.interact(character_id=character_id, object_id=LEVER, action="pull", version=version).seen


def seen(character_id: int, object_id: str) -> ObjectSeen:
    found = selectors.snapshot(COPY, character_id=character_id).objects
    return next(each for each in found if each.id == object_id)


def row(object_id: str) -> WorldObject:
    return WorldObject.objects.get(instance=COPY, object_id=object_id)


def pending(instance: str = COPY) -> list[ObjectSeen]:
    changes = async_to_sync(positions.take_changes)([instance])[instance]
    return [change.object for change in changes if isinstance(change, ObjectMovedOnWire)]


def walk(character_id: int, *path: tuple[int, int]) -> None:
    async_to_sync(services.move)(character_id=character_id, path=list(path))


def test_a_lever_opens_its_door_for_everybody() -> None:
    alice, bob = at_the_lever(), cast.character("Bob")
    cast.put(bob, CINDER, BEFORE_THE_DOOR)
    with pytest.raises(BlockedError):
        walk(bob, (2, 10))
    assert pull(alice).state == "down"
    assert seen(bob, DOOR).state == "open"
    assert {(each.id, each.state) for each in pending()} == {(LEVER, "down"), (DOOR, "open")}
    walk(bob, (2, 10), (2, 11))


def test_what_happened_to_a_thing_is_in_its_stream() -> None:
    alice = at_the_lever()
    pull(alice)
    (chapter,) = object_selectors.history(row(DOOR).pk)
    assert (chapter.version, chapter.actor_id) == (1, alice)
    assert chapter.event == ObjectMoved(
        object=f"{COPY}/{DOOR}",
        definition=DOOR,
        before="closed",
        state="open",
        by="character",
        cause=f"object:{LEVER}",
    )
    assert journal.head_of(journal.Stream(StreamKind.OBJECT, row(DOOR).pk)).hash == bytes(row(DOOR).hash)


def test_who_has_seen_an_older_version_is_refused_and_told_the_present_one() -> None:
    alice, bob = at_the_lever(), at_the_lever("Bob")
    known = seen(bob, LEVER).version
    pull(alice, known)
    with pytest.raises(StaleObjectError) as refusal:
        pull(bob, known)
    assert refusal.value.details == {"state": "down", "version": 1}
    assert row(LEVER).version == 1


def test_of_two_at_one_lever_at_the_same_moment_one_wins() -> None:
    people = [at_the_lever(name) for name in ("Alice", "Bob", "Carol", "Dave")]
    together = Barrier(len(people))

    def at_once(character_id: int) -> str:
        together.wait()
        try:
            return pull(character_id, 0).state
        except GameError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        outcomes = sorted(pool.map(at_once, people))
    assert outcomes == ["down", *["world.stale_object"] * 3]
    assert row(LEVER).version == row(DOOR).version == 1
    assert [each.event.state for each in object_selectors.history(row(DOOR).pk)] == ["open"]


def test_a_pulled_lever_and_its_door_go_back_by_themselves(time: Clock) -> None:
    pull(at_the_lever())
    time.go(59)
    services.keep_objects(COPY)
    assert row(DOOR).state == "open"
    time.go(2)
    services.keep_objects(COPY)
    assert (row(DOOR).state, row(LEVER).state) == ("closed", "up")
    assert [each.event.cause for each in object_selectors.history(row(DOOR).pk)] == [
        f"object:{LEVER}",
        "time",
    ]


def test_what_is_due_has_gone_back_before_anybody_does_anything(time: Clock) -> None:
    alice = at_the_lever()
    pull(alice)
    time.go(61)
    assert pull(alice).version == 3


def test_a_door_does_not_close_on_whoever_stands_in_it(time: Clock) -> None:
    alice, bob = at_the_lever(), cast.character("Bob")
    pull(alice)
    cast.put(bob, CINDER, (2, 10))
    time.go(61)
    services.keep_objects(COPY)
    assert (row(DOOR).state, row(LEVER).state) == ("open", "up")
    cast.put(bob, CINDER, (2, 11))
    services.keep_objects(COPY)
    assert row(DOOR).state == "closed"


def test_who_was_on_the_way_stops_before_a_door_that_closes(time: Clock) -> None:
    alice, bob = at_the_lever(), cast.character("Bob")
    pull(alice)
    cast.put(bob, CINDER, (4, 9))
    walk(bob, (3, 9), (2, 9), (2, 10), (2, 11))
    time.go(0.1)
    services.interact(character_id=alice, object_id=LEVER, action="push")
    time.go(10)
    assert selectors.place_of(bob).cell == (2, 9)


def test_what_cannot_be_done_is_refused() -> None:
    alice = at_the_lever()
    with pytest.raises(NothingToDoError):
        services.interact(character_id=alice, object_id=LEVER, action="push")
    with pytest.raises(TooFarError):
        services.interact(character_id=alice, object_id=DOOR)
    with pytest.raises(NotFoundError):
        services.interact(character_id=alice, object_id="reedmoor_chest")
    assert not WorldObject.objects.filter(version__gt=0).exists()


def test_doors_are_known_again_after_redis_has_lost_everything() -> None:
    alice, bob = at_the_lever(), cast.character("Bob")
    pull(alice)
    live.redis().flushdb()
    cast.put(bob, CINDER, BEFORE_THE_DOOR)
    walk(bob, (2, 10))
    assert selectors.place_of(bob).cell in ((2, 9), (2, 10))
    assert asyncio.run(barriers.closed_cells(CINDER, COPY)) == frozenset()


def test_a_server_killed_before_it_could_tell_is_mended_by_the_next_tick() -> None:
    """What was committed is in the snapshot at once; the paths follow with the next look at the doors."""
    alice, bob = at_the_lever(), cast.character("Bob")
    barriers.restore(CINDER, COPY)
    pull(alice)
    live.redis().delete("world:doors:" + COPY)
    barriers.keep(COPY, [barriers.Door(DOOR, 0, True)])
    pending()
    assert seen(bob, DOOR).state == "open"
    services.mend_doors(CINDER, COPY)
    assert [each.state for each in pending()] == ["open"]
    cast.put(bob, CINDER, BEFORE_THE_DOOR)
    walk(bob, (2, 10))


def test_an_older_word_of_a_door_never_replaces_a_newer_one() -> None:
    barriers.keep(COPY, [barriers.Door(DOOR, 7, False)])
    barriers.keep(COPY, [barriers.Door(DOOR, 6, True)])
    assert asyncio.run(barriers.closed_cells(CINDER, COPY)) == frozenset()


def test_a_closed_door_stands_in_the_way_of_battles_too() -> None:
    door = ground.thing_of(CINDER, DOOR).cell
    assert object_selectors.blocked_cells(CINDER, COPY) == {door: frozenset({"walk", "sight"})}
    pull(at_the_lever())
    assert object_selectors.blocked_cells(CINDER, COPY) == {door: frozenset()}


def test_the_staff_resets_a_thing_with_a_reason_and_as_an_event() -> None:
    pull(at_the_lever())
    staff = get_user_model().objects.create_user("gm", password="correct horse battery")
    with pytest.raises(ReasonMissingError):
        services.reset_object(actor=staff, row_id=row(DOOR).pk, reason=" ")
    services.reset_object(actor=staff, row_id=row(DOOR).pk, reason="stuck")
    assert (row(DOOR).state, row(DOOR).version) == ("closed", 2)
    *_, last = object_selectors.history(row(DOOR).pk)
    assert (last.event.staff, last.event.reason) == ("gm", "stuck")  # type: ignore[union-attr]


def test_how_a_thing_stood_at_any_moment_can_be_read(time: Clock) -> None:
    alice = at_the_lever()
    moments = [clock.utc_now()]
    for _ in range(27):
        for action in ("pull", "push"):
            time.go(1)
            services.interact(character_id=alice, object_id=LEVER, action=action)
            moments.append(clock.utc_now())
    assert ObjectSnapshot.objects.filter(object__object_id=LEVER).count() == 1
    for version in (0, 1, 2, 49, 50, 51, 54):
        expected = Standing("down" if version % 2 else "up", version)
        assert object_selectors.as_of(row(LEVER), moments[version]) == expected
    assert object_selectors.as_of(row(LEVER), moments[0] - timedelta(days=1)) == Standing("up", 0)


EVENTS = st.lists(
    st.sampled_from(["open", "closed", "ajar"]).map(
        lambda state: ObjectMoved(
            object="a.1/b", definition="b", before="", state=state, by="clock", cause="time"
        )
    ),
    max_size=120,
)


@given(EVENTS, st.integers(0, 120))
def test_a_snapshot_and_what_followed_is_everything_that_happened(events: list[ObjectMoved], at: int) -> None:
    begin = Standing("closed", 0)
    assert folded(folded(begin, events[:at]), events[at:]) == folded(begin, events)
    assert folded(begin, events).version == len(events)
