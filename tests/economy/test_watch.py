"""The watch of every minute: what breaks a law, and money that comes from nowhere, is an alarm at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from aether.kernel import clock
from apps.economy import jumps
from apps.economy.buckets import beyond, faucet, sink, staff, wallet
from apps.economy.models import Alarm
from apps.economy.services import alarms, fold
from apps.economy.services.ledger import Move
from tests.economy.cast import character, give, mint
from tests.economy.undoing import hand_over, post_moves

pytestmark = pytest.mark.django_db(transaction=True)
Kind = Alarm.Kind


@contextmanager
def minutes_later(minutes: float) -> Iterator[None]:
    then = clock.now() + 60 * minutes
    with clock.replaced(lambda: then):
        yield


def raised() -> set[str]:
    """Watch, and return the kinds of the alarms that stand."""
    alarms.watch()
    return set(Alarm.objects.filter(cleared_at=None).values_list("kind", flat=True))


@pytest.fixture
def people() -> list[int]:
    """Let ten people have a thousand each since yesterday."""
    made = [character(f"P{n}") for n in range(10)]
    with minutes_later(-1440):
        for who in made:
            mint(who, 1000, f"m{who}")
    return made


def test_a_flood_of_money_is_an_alarm_within_a_minute(people: list[int]) -> None:
    for who in people:
        mint(who, 1_000_000, f"dupe:{who}")
    assert Kind.MONEY_SUPPLY in raised()
    alarm = Alarm.objects.get(kind=Kind.MONEY_SUPPLY)
    assert alarm.details == {"before": 10_000, "change": 10_000_000, "minutes": 10}


def test_it_is_over_when_the_money_has_been_there_for_a_while(people: list[int]) -> None:
    mint(people[0], 1_000_000, "dupe")
    assert raised() == {Kind.MONEY_SUPPLY, Kind.GAIN}
    with minutes_later(11):
        assert raised() == set()


def test_money_that_vanishes_is_an_alarm_too(people: list[int]) -> None:
    with minutes_later(-60):
        mint(people[0], 100_000, "rich")
    move = Move(asset="glim", amount=50_000, source=wallet(people[0]), target=sink("test"))
    post_moves("take", "lost", [move])
    assert raised() == {Kind.MONEY_SUPPLY}


def test_the_supply_is_the_same_whether_lines_are_folded_or_not(people: list[int]) -> None:
    mint(people[0], 1_000_000, "dupe")
    unfolded = jumps.jumps_of_supply()
    fold()
    fold()
    assert unfolded == jumps.jumps_of_supply() != []


def test_less_than_a_twentieth_of_what_there_is_is_none(people: list[int]) -> None:
    with minutes_later(-60):
        mint(people[0], 1_000_000, "rich")
    for who in people:
        mint(who, 5000, f"pay:{who}")
    assert jumps.jumps_of_supply() == []
    mint(people[0], 600, "more")
    assert len(jumps.jumps_of_supply()) == 1


def test_quiet_trade_raises_nothing(people: list[int]) -> None:
    for n, who in enumerate(people):
        mint(who, 50 + n, f"pay:{who}")
        hand_over(who, people[n - 1], f"t{n}", glim=500)
    assert raised() == set()


def test_the_first_people_of_a_new_world_raise_nothing() -> None:
    for n in range(120):
        mint(n + 1, 100, f"starter:{n}")
    assert raised() == set()


def test_one_account_that_gains_far_more_than_others_is_an_alarm(people: list[int]) -> None:
    for who in people[1:]:
        mint(who, 100 + who % 7, f"pay:{who}")
    mint(people[0], 10_001, "dupe")
    assert Kind.GAIN in raised()
    alarm = Alarm.objects.get(kind=Kind.GAIN)
    assert alarm.what == f"character {people[0]}"
    assert (alarm.details["gained"], alarm.details["character"]) == (10_001, people[0])


def test_two_who_gain_the_same_do_not_hide_each_other(people: list[int]) -> None:
    for who in people[2:]:
        mint(who, 100, f"pay:{who}")
    for who in people[:2]:
        mint(who, 50_000, f"dupe:{who}")
    assert len(jumps.jumps_of_accounts()) == 2


def test_who_gains_what_many_gain_a_little_less_of_is_none() -> None:
    for n in range(1, 41):
        mint(n, 400 * n, f"pay:{n}")
    assert jumps.jumps_of_accounts() == []


def test_who_comes_with_its_purse_from_another_shard_has_gained_nothing() -> None:
    alice = character()
    post_moves("arrive", "a", [Move(asset="glim", amount=90_000, source=beyond(), target=wallet(alice))])
    assert raised() == set()


@pytest.mark.parametrize("source", [faucet("battle"), staff("compensation")])
def test_money_of_the_staff_counts_as_that_of_a_faucet(source: object) -> None:
    alice = character()
    post_moves("grant", "g", [Move(asset="glim", amount=90_000, source=source, target=wallet(alice))])  # type: ignore[arg-type]
    assert raised() == {Kind.MONEY_SUPPLY, Kind.GAIN}


def test_a_broken_law_is_found_by_the_watch() -> None:
    alice = character()
    give(alice, glim=50)
    assert raised() == set()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE economy_balance SET posted = posted + 1 WHERE asset = 'glim'")
        cursor.execute("SET session_replication_role = origin")
    assert raised() == {Kind.LAW}
    assert "a balance and its unfolded credits" in Alarm.objects.get().what
