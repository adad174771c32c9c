"""A node is a stream: who took each charge, when it was spent and grown again, and how it stood ever."""

from __future__ import annotations

import html
from datetime import timedelta
from random import Random

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from aether.kernel import clock, content
from aether.kernel.journal.verifying import Survey
from apps.economy.making import NodeDef
from apps.world import node_selectors, object_selectors, services
from apps.world.errors import StaleObjectError
from apps.world.models import CharacterPlace, ObjectSnapshot, WorldObject
from apps.world.rules.nodes import WHOLE, after_taking, charges_left
from apps.world.rules.objects import ObjectMoved, ObjectReset, Standing
from apps.world.services import node_streams
from tests.accounts import cast as accounts
from tests.console.conftest import game_master, sign_in
from tests.world import cast
from tests.world.conftest import Clock
from tests.world.test_gathering import INSTANCE, REEDS, beside_the_reeds, charges, finish
from tests.world.test_thing_effects import beside

pytestmark = pytest.mark.django_db(transaction=True)


def reap(who: int, time: Clock) -> None:
    services.begin_gathering(character_id=who, node_id=REEDS)
    assert finish(time) == 1


def row() -> WorldObject:
    return WorldObject.objects.get(instance=INSTANCE, object_id=REEDS, is_node=True)


def events() -> list[tuple[int, str, str, str]]:
    found = object_selectors.history(row().pk)
    return [
        (each.actor_id, each.event.before, each.event.state, each.event.cause)
        for each in found
        if isinstance(each.event, ObjectMoved)
    ]


def reed_bed() -> NodeDef:
    return content.current().get(NodeDef, "reed_bed")


def test_who_took_each_charge_is_in_the_stream_of_the_node(time: Clock) -> None:
    alice, bob = beside_the_reeds(), beside_the_reeds("Bob")
    for who in (alice, bob, alice):
        reap(who, time)
    assert events() == [
        (alice, WHOLE, "2", "gather"),
        (bob, "2", "1", "gather"),
        (alice, "1", "0", "gather"),
    ]
    *_, last = object_selectors.history(row().pk)
    assert isinstance(last.event, ObjectMoved)
    assert 60 <= last.event.whole_at - clock.now() <= 120
    assert list(Survey().flaws()) == []


def test_a_spent_node_is_whole_again_without_a_write(time: Clock) -> None:
    alice = beside_the_reeds()
    for _ in range(3):
        reap(alice, time)
    whole_at = object_selectors.standing_of(row()).whole_at
    time.now = whole_at - 0.1
    assert charges() == 0
    time.now = whole_at
    assert charges() == 3
    assert object_selectors.standing_of(row()).state == WHOLE
    assert (row().state, row().version) == ("0", 3)


def test_that_it_has_grown_is_written_down_when_somebody_comes(time: Clock) -> None:
    alice = beside_the_reeds()
    for _ in range(3):
        reap(alice, time)
    time.go(3600)
    reap(alice, time)
    assert events()[3:] == [(0, "0", WHOLE, "time"), (alice, WHOLE, "2", "gather")]


def test_who_is_there_is_told_when_it_has_grown(time: Clock) -> None:
    alice = beside_the_reeds()
    for _ in range(3):
        reap(alice, time)
    services.keep_objects(INSTANCE)
    assert row().version == 3
    time.go(121)
    services.keep_objects(INSTANCE)
    assert (row().state, row().version, row().returns_at) == (WHOLE, 4, None)
    assert events()[-1] == (0, "0", WHOLE, "time")


def test_whoever_knows_an_older_version_takes_nothing(time: Clock) -> None:
    alice, bob = beside_the_reeds(), beside_the_reeds("Bob")
    reap(alice, time)
    stale = row()
    reap(bob, time)
    with pytest.raises(StaleObjectError), transaction.atomic():
        node_streams.take_charge(stale, reed_bed(), character_id=alice, rng=Random(1))
    assert (charges(), row().version) == (1, 2)


def test_how_a_node_stood_at_any_moment_can_be_read(time: Clock) -> None:
    alice = beside_the_reeds()
    begin = clock.utc_now()
    for _ in range(3):
        reap(alice, time)
    spent, whole_at = clock.utc_now(), object_selectors.standing_of(row()).whole_at
    time.go(3600)
    reap(alice, time)

    def state(moment: object) -> str:
        return object_selectors.as_of(row(), moment).state  # type: ignore[arg-type]

    grown = spent + timedelta(seconds=whole_at - spent.timestamp())
    assert state(begin) == WHOLE
    assert state(begin + timedelta(seconds=4)) == "2"
    assert state(spent) == state(grown - timedelta(seconds=1)) == "0"
    assert state(grown + timedelta(seconds=1)) == WHOLE
    assert state(clock.utc_now()) == "2"


def test_snapshots_keep_a_much_used_node_cheap(time: Clock) -> None:
    beside_the_reeds()
    node = node_selectors.ground.node_of(cast.MOOR, REEDS)
    moments = {}
    with transaction.atomic():
        while (standing := node_streams.locked_node(cast.MOOR, INSTANCE, node)).version < 204:
            node_streams.take_charge(standing, reed_bed(), character_id=7, rng=Random(1))
            moments[standing.version] = (standing.state, clock.utc_now())
            time.go(1 if standing.state != "0" else 200)
    assert ObjectSnapshot.objects.filter(object=row()).count() == 4
    for version, (state, moment) in moments.items():
        assert object_selectors.as_of(row(), moment)[:2] == (state, version)
    with CaptureQueriesContext(connection) as asked:
        object_selectors.as_of(row(), moments[max(moments)][1])
    assert len(asked) == 3


def test_taking_a_charge_asks_the_database_three_times(time: Clock) -> None:
    """As often as when a node was a row that was counted down."""
    reap(beside_the_reeds(), time)
    node = node_selectors.ground.node_of(cast.MOOR, REEDS)
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        standing = node_streams.locked_node(cast.MOOR, INSTANCE, node)
        node_streams.take_charge(standing, reed_bed(), character_id=7, rng=Random(1))
    assert len([query for query in asked if not query["sql"].startswith(("BEGIN", "COMMIT"))]) == 3


def test_what_the_content_made_another_kind_of_node_begins_anew(time: Clock) -> None:
    alice = beside_the_reeds()
    reap(alice, time)
    WorldObject.objects.filter(pk=row().pk).update(definition="iron_seam")
    assert charges() == 3
    reap(alice, time)
    assert events()[1:] == [(0, "2", WHOLE, "content"), (alice, WHOLE, "2", "gather")]
    assert row().definition == "reed_bed"


def test_the_database_keeps_charges_from_going_below_none(time: Clock) -> None:
    reap(beside_the_reeds(), time)
    with pytest.raises(IntegrityError):
        WorldObject.objects.filter(pk=row().pk).update(state="-1")


@given(st.integers(1, 100), st.integers(0, 120))
def test_a_node_gives_as_often_as_it_has_charges(whole: int, tries: int) -> None:
    state, given_out = WHOLE, 0
    for _ in range(tries):
        if (after := after_taking(state, whole)) is not None:
            state, given_out = after, given_out + 1
    assert given_out == min(whole, tries)
    assert charges_left(state, whole) == whole - given_out


def test_a_thing_that_had_the_name_of_a_node_in_another_release_is_not_the_node(time: Clock) -> None:
    a_thing(REEDS, INSTANCE, cast.MOOR)
    alice = beside_the_reeds()
    reap(alice, time)
    assert charges() == 2
    services.keep_objects(INSTANCE)
    call_command("migrate", "world", "0008", verbosity=0)
    call_command("migrate", "world", verbosity=0)
    assert charges() == 2


def test_a_node_that_had_the_name_of_a_thing_in_another_release_is_not_the_thing() -> None:
    alice = beside("kiln_lever", "cinder_terraces")
    instance = CharacterPlace.objects.get(pk=alice).instance
    for name in ("kiln_lever", "kiln_door"):
        here = {"instance": instance, "zone": "cinder_terraces", "object_id": name}
        WorldObject.objects.create(**here, definition="reed_bed", is_node=True, state="1", version=9)
    seen = object_selectors.inspected(alice, "kiln_lever", "en").object
    done = services.interact(character_id=alice, object_id="kiln_lever", version=seen.version)
    assert (seen.state, seen.version, done.seen.state, done.seen.version) == ("up", 0, "down", 1)


def a_thing(name: str, instance: str, zone: str) -> None:
    WorldObject.objects.create(
        instance=instance, zone=zone, object_id=name, definition="notice_board", state="up"
    )


# The console


def read(address: str, language: str = "en") -> str:
    cache.clear()
    game_master()
    page = sign_in("gwen").get(address, headers={"accept-language": language})
    return html.unescape(page.content.decode())


def test_the_console_says_who_took_what_of_a_node(time: Clock) -> None:
    reap(beside_the_reeds(), time)
    page = read(f"/gm/world/worldobject/{row().pk}/change/", "fr")
    assert "Roselière 3/3" in page
    assert "Roselière 2/3" in page
    assert ">Alice<" in page


def test_the_console_tells_the_past_of_nodes_too(time: Clock) -> None:
    reap(beside_the_reeds(), time)
    page = read(f"/gm/pages/objects-as-of/?instance={INSTANCE}&at=1970-01-12T13:46:40")
    assert "Reed bed 3/3" in page
    assert "Reed bed 2/3" in page


def test_the_staff_makes_a_node_whole_with_a_reason_and_as_an_event(time: Clock) -> None:
    alice = beside_the_reeds()
    for _ in range(3):
        reap(alice, time)
    services.reset_object(actor=accounts.game_master("gwin"), row_id=row().pk, reason="a bare moor")
    *_, last = object_selectors.history(row().pk)
    assert isinstance(last.event, ObjectReset)
    assert (last.event.staff, last.event.before, last.event.state) == ("gwin", "0", WHOLE)
    assert (charges(), row().returns_at) == (3, None)


# The way from rows that are counted down, and back


def test_nodes_become_streams_and_counted_rows_again(time: Clock) -> None:
    alice = beside_the_reeds()
    for _ in range(3):
        reap(alice, time)
    due = row().returns_at
    try:
        call_command("migrate", "world", "0008", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT node_id, definition, charges, respawn_at FROM world_resourcenode")
            assert cursor.fetchall() == [(REEDS, "reed_bed", 0, due)]
            cursor.execute("UPDATE world_resourcenode SET charges = 1, respawn_at = NULL")
    finally:
        call_command("migrate", "world", verbosity=0)
    assert charges() == 1
    assert object_selectors.as_of(row(), clock.utc_now()) == Standing("1", 1)
    reap(alice, time)
    assert events() == [(0, WHOLE, "1", "migration"), (alice, "1", "0", "gather")]
    assert list(Survey().flaws()) == []
