"""The market against an order book that others have written (pyorderbook): the same fills, in the same order.

Theirs lets somebody trade with himself and ours cancels such an order, so here no account both buys and
sells; what ours does then is in test_matching.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyorderbook import Book as TheirBook
from pyorderbook.order import Order as TheirOrder
from pyorderbook.order import Side as TheirSide

from apps.economy import services
from apps.economy.buckets import bag, faucet, wallet
from apps.economy.models import Fill, Order
from apps.economy.rules.matching import Resting, Side, entered, left_after, match
from apps.economy.services.ledger import Move, Posting, post
from tests.long_run import examples

ITEM = "reed_fibre"


class Wanted(NamedTuple):
    side: Side
    price: int
    quantity: int


class Trade(NamedTuple):
    """What was exchanged: the numbers are those of the orders, in the order in which they were placed."""

    taker: int
    maker: int
    price: int
    quantity: int


ORDERS = st.builds(Wanted, st.sampled_from(["buy", "sell"]), st.integers(1, 15), st.integers(1, 40))
ACTS = st.lists(st.one_of(ORDERS, ORDERS, ORDERS, st.integers(0, 40)), min_size=1, max_size=60)
"""An order, or the number of an earlier one to cancel."""


class Theirs:
    """The book of the package."""

    def __init__(self) -> None:
        self.book = TheirBook()
        self.orders: list[TheirOrder] = []
        self.trades: list[Trade] = []

    def place(self, wanted: Wanted) -> None:
        side = TheirSide.BID if wanted.side == "buy" else TheirSide.ASK
        order = TheirOrder(side, ITEM, wanted.price, wanted.quantity)
        self.orders.append(order)
        numbers = {each.id: number for number, each in enumerate(self.orders)}
        for each in self.book.match(order).trades:
            maker = numbers[each.standing_order_id]
            self.trades.append(Trade(len(self.orders) - 1, maker, int(each.fill_price), each.fill_quantity))

    def cancel(self, number: int) -> None:
        if number < len(self.orders) and self.orders[number].id in self.book.order_map:
            self.book.cancel(self.orders[number])


class Ours:
    """The rules of the market, and nothing else."""

    def __init__(self) -> None:
        self.waiting: dict[Side, list[Resting]] = {"buy": [], "sell": []}
        self.trades: list[Trade] = []
        self.count = 0

    def place(self, wanted: Wanted) -> None:
        side, number = wanted.side, self.count
        other: Side = "sell" if side == "buy" else "buy"
        self.count += 1
        found = match(side, wanted.price, wanted.quantity, number, resting=self.waiting[other])
        self.waiting[other] = left_after(self.waiting[other], found.fills)
        self.trades += [
            Trade(number, fill.resting.order_id, fill.resting.price, fill.quantity) for fill in found.fills
        ]
        if found.rest:
            resting = Resting(number, number, wanted.price, found.rest)
            self.waiting[side] = entered(self.waiting[side], side, resting)

    def cancel(self, number: int) -> None:
        for side, waiting in self.waiting.items():
            self.waiting[side] = [each for each in waiting if each.order_id != number]


def play(book: Ours | Theirs, acts: list[Wanted | int]) -> list[Trade]:
    for act in acts:
        if isinstance(act, int):
            book.cancel(act)
        else:
            book.place(act)
    return book.trades


@settings(max_examples=examples(300, 5_000), deadline=None)
@given(ACTS)
def test_the_rules_fill_as_an_independent_book_does(acts: list[Wanted | int]) -> None:
    assert play(Ours(), acts) == play(Theirs(), acts)


BUYERS, SELLERS = (1, 2, 3), (4, 5, 6)


def endow() -> None:
    source = faucet("test")
    for who in (*BUYERS, *SELLERS):
        moves = (
            Move(asset="glim", amount=10**6, source=source, target=wallet(who)),
            Move(asset=ITEM, amount=10**6, source=source, target=bag(who)),
        )
        post(Posting(kind="test", idempotency_key=f"start:{who}", cause="test:1", moves=moves))


def placement(number: int, wanted: Wanted) -> services.Placement:
    people = BUYERS if wanted.side == "buy" else SELLERS
    return services.Placement(
        character_id=people[number % 3],
        item=ITEM,
        side=wanted.side,
        price=wanted.price,
        quantity=wanted.quantity,
        days=1,
        idempotency_key=f"k{number}",
    )


def place_in_groups(acts: list[Wanted | int], most: int) -> list[int]:
    """Place what comes between two cancellations in groups; return the orders' numbers in the database."""
    ids: list[int] = []
    waiting: list[services.Placement] = []

    def place() -> None:
        ids.extend(each.id for each in services.place_orders(waiting) if not isinstance(each, Exception))
        waiting.clear()

    for act in acts:
        if isinstance(act, int):
            place()
            open_order = Order.objects.filter(pk=ids[act], state="open").first() if act < len(ids) else None
            if open_order is not None:
                services.cancel_order(character_id=open_order.character_id, order_id=open_order.pk)
        else:
            waiting.append(placement(len(ids) + len(waiting), act))
            if len(waiting) == most:
                place()
    place()
    return ids


@pytest.mark.django_db
@settings(
    max_examples=examples(25, 1_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ACTS, st.integers(1, 12))
def test_the_market_fills_as_an_independent_book_does_however_orders_are_grouped(
    acts: list[Wanted | int], most: int
) -> None:
    with transaction.atomic():
        endow()
        numbers = {pk: number for number, pk in enumerate(place_in_groups(acts, most))}
        found = []
        for each in Fill.objects.order_by("id"):
            orders = sorted((numbers[each.buy_order_id], numbers[each.sell_order_id]))
            found.append(Trade(orders[1], orders[0], each.price, each.quantity))
        assert found == play(Theirs(), acts)
        transaction.set_rollback(True)
