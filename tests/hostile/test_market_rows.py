"""Hostile orders: a book that many pull at fills each order once and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from aether.kernel.errors import GameError
from aether.protocol.market import PlaceOrder
from apps.economy import auditing, selectors, services
from apps.economy.errors import SwitchedOffError
from apps.economy.models import FeatureSwitch, Fill
from tests.economy.cast import all_at_once, character, give, stacks

racing = pytest.mark.django_db(transaction=True)
"""For tests with threads: each has a connection of its own."""


@pytest.fixture(autouse=True)
def _laws_hold(db: None) -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


def refusals(results: list[Any]) -> list[str]:
    """Return the codes of the refusals; anything else that was raised is a bug."""
    raised = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, GameError) for error in raised), raised
    return sorted(error.code for error in raised)


def order(who: int, side: str, price: int, quantity: int, key: str) -> services.Placement:
    return services.Placement(
        character_id=who,
        item="reed_fibre",
        side=side,  # type: ignore[arg-type]
        price=price,
        quantity=quantity,
        days=1,
        idempotency_key=f"{key}:{who}",
    )


@racing
def test_r04_two_buyers_of_the_last_one_get_one_together() -> None:
    alice = character()
    give(alice, glim=5, reed_fibre=1)
    buyers = [character(name) for name in ("Bob", "Carol", "Dora", "Edda", "Finn")]
    for each in buyers:
        give(each, glim=20)
    services.place_order(order(alice, "sell", 10, 1, "s"))
    works = [lambda who=each: services.place_order(order(who, "buy", 10, 1, "b")) for each in buyers]
    assert refusals(all_at_once(*works)) == []
    assert sum(stacks(each).get("reed_fibre", 0) for each in buyers) == 1
    assert (Fill.objects.count(), selectors.glim(alice)) == (1, 13)


@racing
def test_r04_cancelling_against_a_fill_and_the_sweeper_moves_everything_once() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=5, reed_fibre=10)
    give(bob, glim=100)
    placed = services.place_order(order(alice, "sell", 10, 10, "s"))
    works = [
        lambda: services.place_order(order(bob, "buy", 10, 4, "b")),
        *[lambda: services.cancel_order(character_id=alice, order_id=placed.id)] * 3,
        services.sweep,
    ]
    assert refusals(all_at_once(*works)) == ["economy.no_order"] * 2
    sold = stacks(bob).get("reed_fibre", 0)
    assert sold in (0, 4)
    assert stacks(alice)["reed_fibre"] == 10 - sold


@racing
def test_r12_orders_from_all_sides_of_several_books_meet_without_a_deadlock() -> None:
    people = [character(name) for name in ("Alice", "Bob", "Carol", "Dora")]
    for each in people:
        give(each, glim=500, reed_fibre=50, marsh_tonic=50)

    works = []
    for n in range(20):
        wanted = order(people[n % 4], "buy" if n % 2 else "sell", 5 + n % 3, 2, f"k{n}")
        wanted = replace(wanted, item=("reed_fibre", "marsh_tonic")[n // 2 % 2])
        works.append(lambda placement=wanted: services.place_order(placement))
    assert refusals(all_at_once(*works)) == []


@racing
def test_e12_a_market_that_is_switched_off_in_the_middle_stops_whole() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=100, reed_fibre=50)
    give(bob, glim=500)
    works: list[Any] = [
        lambda n=n: services.place_order(order(*[(alice, "sell"), (bob, "buy")][n % 2], 5, 1, f"k{n}"))
        for n in range(12)
    ]
    works.insert(6, lambda: FeatureSwitch.objects.update_or_create(pk="market", defaults={"is_on": False}))
    assert set(refusals(all_at_once(*works))) <= {"economy.switched_off"}
    with pytest.raises(SwitchedOffError):
        services.place_order(order(alice, "sell", 5, 1, "after"))


@pytest.mark.parametrize("number", [0, -1, 10**9 + 1, 2**31, 2**63, 1.5, "5", True, None])
@pytest.mark.parametrize("field", ["price", "quantity"])
def test_e01_an_order_takes_no_number_that_is_none(field: str, number: object) -> None:
    wanted = {"item": "reed_fibre", "side": "buy", "price": 1, "quantity": 1, field: number}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wanted, PlaceOrder)


@pytest.mark.parametrize("days", [0, -1, 15, 3650])
def test_e09_an_order_lasts_a_fortnight_at_most(days: int) -> None:
    wanted = {"item": "reed_fibre", "side": "buy", "price": 1, "quantity": 1, "days": days}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wanted, PlaceOrder)
