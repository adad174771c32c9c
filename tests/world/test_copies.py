"""Copies of zones: capacity, company, and one's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from aether.kernel.transactions import transactional
from apps.chat import services as chat
from apps.chat.models import Friend, Party, PartyMember
from apps.world import positions, services
from apps.world.models import CharacterPlace, MonsterGroup, ZoneCopy
from apps.world.rules.copies import Room, choose, most_with_company, to_merge
from apps.world.services.copies import populations
from tests.world import cast

TOWN = "lastmoor"

rooms = st.lists(
    st.builds(
        Room,
        copy=st.just(""),
        number=st.integers(1, 9),
        capacity=st.integers(1, 100),
        population=st.integers(0, 120),
        company=st.integers(0, 4),
        friends=st.integers(0, 4),
    ),
    max_size=6,
).map(lambda found: [room._replace(copy=f"z.{at}", number=at) for at, room in enumerate(found, start=1)])


@given(rooms)
def test_nobody_is_sent_to_a_copy_without_room(found: list[Room]) -> None:
    chosen = {room.copy: room for room in found}.get(choose(found) or "")
    if chosen is None:
        assert all(not room.has_room for room in found)
        assert not any(room.company and room.has_room_for_company for room in found)
    elif chosen.company:
        assert chosen.population < most_with_company(chosen.capacity)
    else:
        assert chosen.population < chosen.capacity
        assert not any(room.company and room.has_room_for_company for room in found)


@given(rooms)
def test_without_company_one_goes_where_most_friends_are(found: list[Room]) -> None:
    alone = [room._replace(company=0) for room in found]
    chosen = {room.copy: room for room in alone}.get(choose(alone, "z.1") or "")
    if chosen is not None:
        assert chosen.friends == max(room.friends for room in alone if room.has_room)


@given(rooms)
def test_only_the_smaller_of_two_thin_copies_is_given_up(found: list[Room]) -> None:
    given_up = to_merge(found)
    thin = [room for room in found if room.is_thin]
    assert (given_up is not None) == (len(thin) > 1)
    if given_up is not None:
        smallest = next(room for room in found if room.copy == given_up)
        assert smallest.is_thin
        assert smallest.population == min(room.population for room in thin)


def small_town(capacity: int) -> ZoneCopy:
    return services.open_shared(TOWN, capacity=capacity)


def where(*characters: int) -> list[str]:
    found = dict(CharacterPlace.objects.values_list("character_id", "instance"))
    return [found[who] for who in characters]


def befriend(*characters: int) -> None:
    party = Party.objects.create(leader_id=characters[0])
    PartyMember.objects.bulk_create(PartyMember(party=party, character_id=who) for who in characters)


pytestmark = pytest.mark.django_db(transaction=True)


def test_a_full_copy_gets_another_beside_it() -> None:
    small_town(2)
    people = [cast.character(name) for name in ("Alice", "Bob", "Carla")]
    assert where(*people) == ["lastmoor.1", "lastmoor.1", "lastmoor.2"]
    assert [seen.id for seen in positions.everybody("lastmoor.2")] == [people[2]]


def test_those_who_come_at_once_never_pass_the_capacity() -> None:
    small_town(3)
    people = [cast.character(name) for name in ("Alice", "Bob", "Carla", "Dora", "Eve", "Frank")]
    for who in people:
        services.leave(character_id=who)
    ZoneCopy.objects.filter(pk="lastmoor.2").update(capacity=2)

    def come(who: int) -> None:
        try:
            services.enter(character_id=who)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(come, people))
    counts = populations([f"lastmoor.{number}" for number in range(1, 5)])
    assert sum(counts.values()) == 6
    assert counts["lastmoor.1"] <= 3
    assert counts["lastmoor.2"] <= 2


def test_who_has_company_in_a_full_copy_goes_there_a_little_above_its_capacity() -> None:
    small_town(2)
    alice, bob, carla, dora = (cast.character(name) for name in ("Alice", "Bob", "Carla", "Dora"))
    assert where(carla, dora) == ["lastmoor.2", "lastmoor.2"]
    befriend(alice, carla, dora)
    for who in (carla, dora):
        services.leave(character_id=who)
        services.enter(character_id=who)
    assert where(alice, bob, carla) == ["lastmoor.1"] * 3
    assert where(dora) == ["lastmoor.2"], "only a tenth above, and at least one"


def test_who_has_a_friend_goes_where_that_is_if_there_is_room() -> None:
    small_town(2)
    alice, bob, carla = (cast.character(name) for name in ("Alice", "Bob", "Carla"))
    assert where(alice, bob, carla) == ["lastmoor.1", "lastmoor.1", "lastmoor.2"]
    Friend.objects.bulk_create(
        Friend(character_id=one, friend_id=other) for one, other in ((bob, carla), (carla, bob))
    )
    Friend.objects.create(character_id=carla, friend_id=alice)
    services.leave(character_id=bob)
    services.enter(character_id=bob)
    assert where(bob, carla) == ["lastmoor.2", "lastmoor.2"]
    (here,) = [each for each in services.copies_seen(character_id=bob).copies if each.company]
    assert (here.instance, here.company) == ("lastmoor.2", ["Carla"])
    services.leave(character_id=carla)
    services.enter(character_id=carla)
    assert where(carla) == ["lastmoor.2"], "who has not agreed is no friend"


def test_who_comes_back_finds_its_copy_again() -> None:
    small_town(1)
    alice, bob = cast.character("Alice"), cast.character("Bob")
    services.leave(character_id=alice)
    services.leave(character_id=bob)
    services.enter(character_id=bob)
    assert where(alice, bob) == ["lastmoor.1", "lastmoor.2"]


def test_an_owner_has_one_copy_of_its_own_which_nobody_is_sent_to() -> None:
    own = services.open_instance(cast.MOOR, owner="party:7")
    assert services.open_instance(cast.MOOR, owner="party:7").pk == own.pk
    assert services.open_instance(cast.MOOR, owner="character:7", kind="private").number == own.number + 1
    alice = cast.character("Alice")
    cast.put(alice, cast.TOWN, (30, 15))
    services.travel(character_id=alice, exit_id="moor_gate")
    assert where(alice) == [f"{cast.MOOR}.{own.number + 2}"]


def test_one_comes_back_to_ones_own_copy_and_home_when_it_is_closed() -> None:
    own = services.open_instance(cast.MOOR, owner="party:7")
    alice = cast.character("Alice")
    cast.put(alice, cast.MOOR, (2, 24), copy=own.pk)
    services.leave(character_id=alice)
    assert services.enter(character_id=alice).instance == own.pk
    assert not services.close_copy(own.pk), "somebody is there"
    services.leave(character_id=alice)
    assert services.close_copy(own.pk)
    assert services.enter(character_id=alice).instance == "lastmoor.1"


def test_what_is_in_a_copy_goes_with_it() -> None:
    cast.group()
    copy = ZoneCopy.objects.create(id=cast.FIRST_MOOR, zone=cast.MOOR, number=1)
    assert services.close_copy(copy.pk)
    assert not MonsterGroup.objects.filter(instance=copy.pk).exists()
    assert services.open_shared(cast.MOOR).pk == copy.pk, "its number is given again"


def test_parties_of_chat_are_the_company() -> None:
    small_town(1)
    alice, bob = cast.character("Alice"), cast.character("Bob")
    befriend(alice, bob)
    services.leave(character_id=bob)
    chat.leave_party(character_id=bob)
    services.enter(character_id=bob)
    assert where(bob) == ["lastmoor.2"]


@pytest.mark.django_db(transaction=True)
def test_who_comes_has_nothing_undone_and_asks_little() -> None:
    """As a command does it, whose transaction ends before it has asked anything."""
    alice = cast.character()
    services.leave(character_id=alice)
    with CaptureQueriesContext(connection) as asked:
        transactional(services.enter)(character_id=alice)
    *ended, begun = (query["sql"] for query in asked.captured_queries[:3])
    assert (ended, begun) == (["BEGIN", "ROLLBACK"], "BEGIN")
    statements = [query["sql"] for query in asked.captured_queries[3:]]
    assert "BEGIN" not in statements
    assert "ROLLBACK" not in statements
    assert len(statements) <= 13, "\n".join(statements)
