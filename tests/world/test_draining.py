"""Copies that are given up: thin, empty, or because staff want it so. Nobody is lost on the way."""

from __future__ import annotations

from random import Random

import pytest

from aether.kernel.errors import GameError, NotFoundError
from apps.accounts.models import Account
from apps.accounts.services import create_character
from apps.chat.models import Party, PartyMember
from apps.economy import services as economy
from apps.world import positions, selectors, services
from apps.world.errors import (
    AlreadyGatheringError,
    CopyFullError,
    CopyNotOpenError,
    InBattleError,
    NotInWorldError,
    SameCopyError,
    TooSoonError,
    TradingError,
)
from apps.world.models import CharacterPlace, Gathering, ZoneCopy
from tests.world import cast
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = "lastmoor.1", "lastmoor.2"


def state_of(instance: str) -> str:
    return str(ZoneCopy.objects.values_list("state", flat=True).get(pk=instance))


def instance_of(character_id: int) -> str:
    return str(CharacterPlace.objects.values_list("instance", flat=True).get(pk=character_id))


def shown_in(instance: str) -> list[int]:
    return [seen.id for seen in positions.everybody(instance)]


def two_copies() -> tuple[int, int]:
    """Return Alice, who is in the first copy, and Bob, who is in the second."""
    services.open_shared("lastmoor", capacity=1)
    alice, bob = cast.character("Alice"), cast.character("Bob")
    ZoneCopy.objects.update(capacity=80)
    return alice, bob


def gwen() -> Account:
    return Account.objects.create_superuser("gwen", password="correct horse battery")


def test_the_smaller_of_two_thin_copies_is_emptied_into_the_other() -> None:
    alice, bob = two_copies()
    services.merge_copies()
    assert (state_of(FIRST), state_of(SECOND)) == ("open", "draining")
    assert services.empty_copy(SECOND)
    assert (instance_of(alice), instance_of(bob)) == (FIRST, FIRST)
    assert (shown_in(FIRST), shown_in(SECOND)) == ([alice, bob], [])
    assert state_of(SECOND) == "closed"
    services.merge_copies()
    assert state_of(FIRST) == "open"


def test_who_is_handed_over_stays_on_its_cell() -> None:
    _, bob = two_copies()
    cast.put(bob, "lastmoor", (14, 16), copy=SECOND)
    services.merge_copies()
    services.empty_copy(SECOND)
    assert selectors.place_of(bob).cell == (14, 16)


def test_copies_with_enough_people_stay_as_they_are() -> None:
    two_copies()
    ZoneCopy.objects.update(capacity=3)
    services.merge_copies()
    assert (state_of(FIRST), state_of(SECOND)) == ("open", "open")


def test_who_fights_gathers_or_trades_goes_when_that_is_over(time: Clock) -> None:
    _, bob = two_copies()
    services.merge_copies()
    services.set_in_battle(character_ids=[bob], battle_id=7)
    assert not services.empty_copy(SECOND)
    CharacterPlace.objects.update(battle=None)
    work = Gathering.objects.create(
        character_id=bob,
        instance=SECOND,
        node_id="reeds",
        ends_at=CharacterPlace.objects.first().kept_at,  # type: ignore[union-attr]
    )
    assert not services.empty_copy(SECOND)
    assert instance_of(bob) == SECOND
    work.delete()
    assert services.empty_copy(SECOND)
    assert instance_of(bob) == FIRST


def test_a_battle_of_somebody_who_has_left_keeps_its_copy() -> None:
    _, bob = two_copies()
    services.set_in_battle(character_ids=[bob], battle_id=7)
    services.leave(character_id=bob)
    services.merge_copies()
    assert not services.empty_copy(SECOND)
    assert state_of(SECOND) == "draining"
    CharacterPlace.objects.update(battle=None)
    assert services.empty_copy(SECOND)
    assert services.enter(character_id=bob).instance == FIRST


def test_an_empty_copy_beside_a_full_one_closes_after_a_while(time: Clock) -> None:
    _, bob = two_copies()
    ZoneCopy.objects.filter(pk=FIRST).update(capacity=1)
    services.leave(character_id=bob)
    services.merge_copies()
    assert state_of(SECOND) == "open"
    time.go(61)
    services.merge_copies()
    assert state_of(SECOND) == "draining"
    assert services.empty_copy(SECOND)


def test_a_copy_that_fills_again_is_not_empty_any_more(time: Clock) -> None:
    _, bob = two_copies()
    ZoneCopy.objects.filter(pk=FIRST).update(capacity=1)
    services.leave(character_id=bob)
    services.merge_copies()
    services.enter(character_id=bob)
    services.merge_copies()
    services.leave(character_id=bob)
    time.go(61)
    services.merge_copies()
    assert state_of(SECOND) == "open"


def test_the_only_copy_of_a_zone_is_never_given_up(time: Clock) -> None:
    alice = cast.character()
    services.leave(character_id=alice)
    services.merge_copies()
    time.go(1000)
    services.merge_copies()
    assert state_of(FIRST) == "open"


def test_staff_drain_the_only_copy_into_a_new_one() -> None:
    alice = cast.character()
    services.drain_copy(actor=gwen(), instance=FIRST, reason="It is stuck.")
    assert services.empty_copy(FIRST)
    assert (instance_of(alice), shown_in(SECOND)) == (SECOND, [alice])
    with pytest.raises(CopyNotOpenError):
        services.drain_copy(actor=gwen_again(), instance=FIRST, reason="Again.")
    with pytest.raises(NotFoundError):
        services.drain_copy(actor=gwen_again(), instance="nowhere.1", reason="Which?")


def gwen_again() -> Account:
    return Account.objects.get(username="gwen")


def test_who_is_in_a_copy_of_its_own_that_is_drained_goes_home() -> None:
    alice = cast.character()
    own = services.open_instance(cast.MOOR, owner=f"character:{alice}", kind="private")
    cast.put(alice, cast.MOOR, (2, 24), copy=own.pk)
    services.drain_copy(actor=gwen(), instance=own.pk, reason="It is stuck.")
    assert services.empty_copy(own.pk)
    assert instance_of(alice) == FIRST


def test_one_joins_another_copy_by_choice_and_not_all_the_time(time: Clock) -> None:
    alice, _ = two_copies()
    place, before = services.join_copy(character_id=alice, instance=SECOND)
    assert (place.instance, place.cell, before) == (SECOND, cast.SQUARE, FIRST)
    with pytest.raises(TooSoonError) as refused:
        services.join_copy(character_id=alice, instance=FIRST)
    assert refused.value.details["retry_after_ms"] == 30_001
    time.go(30)
    assert services.join_copy(character_id=alice, instance=FIRST)[0].instance == FIRST


@pytest.mark.parametrize("instance", ["reedmoor_flats.1", "lastmoor.9", "lastmoor", "x", "lastmoor.2.2"])
def test_only_an_open_copy_of_ones_zone_can_be_joined(instance: str) -> None:
    alice, _ = two_copies()
    services.open_shared(cast.MOOR)
    with pytest.raises(NotFoundError):
        services.join_copy(character_id=alice, instance=instance)


def test_nobody_joins_a_copy_of_somebody_else_nor_one_that_is_given_up() -> None:
    alice, _ = two_copies()
    own = services.open_instance("lastmoor", owner="party:9")
    ZoneCopy.objects.filter(pk=SECOND).update(state="draining")
    for instance in (own.pk, SECOND):
        with pytest.raises(NotFoundError):
            services.join_copy(character_id=alice, instance=instance)


def test_nobody_goes_from_a_copy_of_its_own_to_that_of_everybody_by_choice() -> None:
    alice, _ = two_copies()
    own = services.open_instance("lastmoor", owner=f"character:{alice}", kind="private")
    cast.put(alice, "lastmoor", cast.SQUARE, copy=own.pk)
    assert not any(each.is_open for each in services.copies_seen(character_id=alice).copies)
    with pytest.raises(NotFoundError):
        services.join_copy(character_id=alice, instance=SECOND)


def test_a_full_copy_is_joined_by_company_alone() -> None:
    alice, bob = two_copies()
    ZoneCopy.objects.filter(pk=SECOND).update(capacity=1)
    with pytest.raises(CopyFullError):
        services.join_copy(character_id=alice, instance=SECOND)
    party = Party.objects.create(leader_id=bob)
    PartyMember.objects.bulk_create(PartyMember(party=party, character_id=who) for who in (alice, bob))
    seen = services.copies_seen(character_id=alice)
    assert [(each.number, each.population, each.is_open, each.company) for each in seen.copies] == [
        (1, 1, False, []),
        (2, 1, True, ["Bob"]),
    ]
    assert services.join_copy(character_id=alice, instance=SECOND)[0].instance == SECOND


def test_nobody_joins_a_copy_in_the_middle_of_something() -> None:
    alice, _ = two_copies()

    def refused_as(error: type[GameError]) -> None:
        with pytest.raises(error):
            services.join_copy(character_id=alice, instance=SECOND)

    services.set_in_battle(character_ids=[alice], battle_id=7)
    refused_as(InBattleError)
    CharacterPlace.objects.update(battle=None)
    work = Gathering.objects.create(
        character_id=alice,
        instance=FIRST,
        node_id="reeds",
        ends_at=CharacterPlace.objects.first().kept_at,  # type: ignore[union-attr]
    )
    refused_as(AlreadyGatheringError)
    work.delete()
    account = Account.objects.create_user("carla", password="correct horse battery")
    carla = create_character(account_id=account.pk, name="Carla", class_id="anchorite").id
    services.enter(character_id=carla)
    economy.invite_to_trade(character_id=alice, invitee_id=carla)
    refused_as(TradingError)


def test_one_is_in_the_copy_that_one_asks_for_already_or_nowhere() -> None:
    alice, bob = two_copies()
    with pytest.raises(SameCopyError):
        services.join_copy(character_id=alice, instance=FIRST)
    services.leave(character_id=bob)
    with pytest.raises(NotInWorldError):
        services.join_copy(character_id=bob, instance=FIRST)
    with pytest.raises(NotInWorldError):
        services.copies_seen(character_id=bob)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_comes_and_goes_everybody_is_in_one_copy(seed: int, time: Clock) -> None:
    """The rows count one place each; Redis shows each in that place and no other."""
    rng = Random(seed)
    services.open_shared("lastmoor", capacity=2)
    people = [cast.character(name) for name in ("Alice", "Bob", "Carla", "Dora", "Eve")]
    for _ in range(60):
        who = rng.choice(people)
        time.go(rng.uniform(0, 20))
        try:
            match rng.randrange(6):
                case 0:
                    services.leave(character_id=who)
                case 1:
                    services.enter(character_id=who)
                case 2:
                    copies = list(ZoneCopy.objects.values_list("pk", flat=True))
                    services.join_copy(character_id=who, instance=rng.choice(copies))
                case 3:
                    services.merge_copies()
                case 4:
                    for copy in ZoneCopy.objects.filter(state="draining"):
                        services.empty_copy(copy.pk)
                case 5:
                    cast.put(who, *rng.choice([("lastmoor", (14, 16)), (cast.MOOR, (2, 24))]))
        except GameError:
            pass
        rows = dict(CharacterPlace.objects.filter(is_present=True).values_list("character_id", "instance"))
        copies = {copy.pk: copy for copy in ZoneCopy.objects.all()}
        shown = {seen.id: copy for copy in copies for seen in positions.everybody(copy)}
        assert shown == rows
        assert all(copies[instance].state != "closed" for instance in rows.values())
