"""Friends: asked, agreed, ended, kept from those who are blocked, and told who comes and goes."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from uuid import uuid4

import pytest
from django.db import connection, transaction

from aether.kernel import realtime
from aether.kernel.live import redis
from aether.protocol import friends as wire
from aether.protocol.base import Update
from apps.accounts.models import Character
from apps.accounts.services import Journey
from apps.chat import friends, selectors, services
from apps.chat.errors import NoFriendError, OneselfError, TooManyFriendsError, UnknownCharacterError
from apps.chat.models import Friend
from apps.chat.services import friends as befriending
from apps.chat.services import luggage
from tests.chat.cast import person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana() -> Character:
    return person("Ana")


@pytest.fixture
def bo() -> Character:
    return person("Bo")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Update]]:
    """Keep what characters are told once it is committed, in its order."""
    kept: list[tuple[int, Update]] = []

    def tell(updates: Iterable[tuple[int, Update]]) -> None:
        found = list(updates)
        transaction.on_commit(lambda: kept.extend(found))

    monkeypatch.setattr(realtime, "tell_characters", tell)
    monkeypatch.setattr(realtime, "tell_character", lambda who, update: tell([(who, update)]))
    return kept


def ask(one: Character, other: Character) -> None:
    services.add_friend(character_id=one.pk, name=other.name)


def befriend(one: Character, other: Character) -> None:
    ask(one, other)
    ask(other, one)


def changed(name: str, standing: wire.Standing) -> wire.FriendChanged:
    return wire.FriendChanged(name=name, standing=standing)


def test_two_are_friends_when_both_want_it(
    ana: Character, bo: Character, told: list[tuple[int, Update]], zones: dict[int, str]
) -> None:
    ask(ana, bo)
    assert friends.standing(ana.pk) == wire.Friends(friends=[], asking_me=[], asked=["Bo"])
    assert friends.standing(bo.pk) == wire.Friends(friends=[], asking_me=["Ana"], asked=[])
    zones[ana.pk] = "lastmoor.2"
    ask(bo, ana)
    (friend,) = friends.standing(bo.pk).friends
    assert (friend.name, friend.zone, friend.is_online) == ("Ana", "lastmoor", True)
    assert told == [
        (ana.pk, changed("Bo", "asked")),
        (bo.pk, changed("Ana", "asked_me")),
        (bo.pk, changed("Ana", "friends")),
        (ana.pk, changed("Bo", "friends")),
    ]


def test_asking_again_within_a_day_is_shown_and_no_news(
    ana: Character, bo: Character, told: list[tuple[int, Update]]
) -> None:
    for _ in range(3):
        ask(ana, bo)
        services.remove_friend(character_id=ana.pk, name="Bo")
    ask(ana, bo)
    asked = [update for who, update in told if who == bo.pk and update.standing == "asked_me"]  # type: ignore[attr-defined]
    assert [update.is_again for update in asked] == [False, True, True, True]  # type: ignore[attr-defined]
    assert friends.standing(bo.pk).asking_me == ["Ana"]
    ask(person("Eve"), bo)
    assert told[-1] == (bo.pk, changed("Eve", "asked_me"))


def test_asking_again_is_news_after_a_day(
    ana: Character, bo: Character, told: list[tuple[int, Update]]
) -> None:
    ask(ana, bo)
    assert 0 < redis().ttl(friends.asked_key(ana.pk, bo.pk)) <= 86_400
    services.remove_friend(character_id=ana.pk, name="Bo")
    redis().delete(friends.asked_key(ana.pk, bo.pk))
    ask(ana, bo)
    assert told[-1] == (bo.pk, changed("Ana", "asked_me"))


def test_asking_twice_is_asking_once(ana: Character, bo: Character, told: list[tuple[int, Update]]) -> None:
    ask(ana, bo)
    ask(ana, bo)
    assert (Friend.objects.count(), len(told)) == (1, 2)


def test_whoever_asks_may_be_declined_and_may_ask_no_more(ana: Character, bo: Character) -> None:
    ask(ana, bo)
    services.remove_friend(character_id=bo.pk, name="Ana")
    ask(ana, bo)
    services.remove_friend(character_id=ana.pk, name="Bo")
    assert not Friend.objects.exists()
    with pytest.raises(NoFriendError):
        services.remove_friend(character_id=ana.pk, name="Bo")


def test_a_friendship_ends_for_both(ana: Character, bo: Character, told: list[tuple[int, Update]]) -> None:
    befriend(ana, bo)
    told.clear()
    services.remove_friend(character_id=bo.pk, name="Ana")
    assert friends.friends_of(ana.pk) == friends.friends_of(bo.pk) == frozenset()
    assert told == [(bo.pk, changed("Ana", "none")), (ana.pk, changed("Bo", "none"))]


@pytest.mark.parametrize(("name", "error"), [("Ana", OneselfError), ("Nobody", UnknownCharacterError)])
def test_who_cannot_be_a_friend_is_refused(ana: Character, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        services.add_friend(character_id=ana.pk, name=name)


def test_there_is_room_for_so_many(ana: Character, bo: Character, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(befriending, "FRIENDS_MAX", 1)
    ask(ana, person("Eve"))
    with pytest.raises(TooManyFriendsError):
        ask(ana, bo)
    assert friends.standing(ana.pk).asked == ["Eve"]
    services.remove_friend(character_id=ana.pk, name="Eve")
    ask(ana, bo)
    assert friends.standing(ana.pk).asked == ["Bo"]


def test_who_is_blocked_asks_in_vain(ana: Character, bo: Character, told: list[tuple[int, Update]]) -> None:
    services.block(character_id=bo.pk, name="Ana")
    ask(ana, bo)
    assert friends.standing(bo.pk).asking_me == []
    assert told == [(ana.pk, changed("Bo", "asked"))]


def test_blocking_a_friend_ends_the_friendship_and_befriending_hears_again(
    ana: Character, bo: Character
) -> None:
    befriend(ana, bo)
    services.block(character_id=bo.pk, name="Ana")
    assert not Friend.objects.exists()
    befriend(ana, bo)
    assert friends.friends_of(bo.pk) == {ana.pk}
    assert selectors.hears(bo.pk, ana.pk)


def test_friends_are_told_who_comes_and_goes(
    ana: Character, bo: Character, told: list[tuple[int, Update]]
) -> None:
    befriend(ana, bo)
    ask(ana, person("Eve"))
    told.clear()
    services.tell_friends(character_id=ana.pk, is_online=False)
    assert told == [(bo.pk, wire.FriendSeen(name="Ana", is_online=False))]


def test_two_who_ask_at_the_same_time_are_friends_and_know_it(
    ana: Character, bo: Character, told: list[tuple[int, Update]]
) -> None:
    start = threading.Barrier(2)

    def at_once(one: Character, other: Character) -> None:
        start.wait()
        try:
            ask(one, other)
        finally:
            connection.close()

    both = [threading.Thread(target=at_once, args=pair) for pair in ((ana, bo), (bo, ana))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert friends.friends_of(ana.pk) == {bo.pk}
    for who, other in ((ana, "Bo"), (bo, "Ana")):
        assert [update for whom, update in told if whom == who.pk][-1] == changed(other, "friends")


def test_a_journey_ends_friendships_unless_it_ends_where_it_began(ana: Character, bo: Character) -> None:
    befriend(ana, bo)
    ask(person("Eve"), ana)
    before = set(Friend.objects.values_list("character_id", "friend_id"))
    journey = Journey(transfer=uuid4(), character_id=ana.pk, fee=0)
    brought = luggage.pack(journey)
    assert not Friend.objects.exists()
    luggage.put_back(journey, brought)
    assert set(Friend.objects.values_list("character_id", "friend_id")) == before
