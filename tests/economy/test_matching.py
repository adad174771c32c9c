"""The market against a simple model of itself, and the laws of its fees."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel.errors import GameError
from apps.accounts.models import Account as Login
from apps.accounts.models import Character
from apps.economy import auditing, market, services
from apps.economy.buckets import bag, faucet, wallet
from apps.economy.models import Fill, Order
from apps.economy.rules.fees import deposit, least_bid, listing_fee, sale_tax
from apps.economy.rules.matching import Resting, match
from apps.economy.selectors import amounts
from apps.economy.services.ledger import Move, Posting, post
from tests.long_run import examples

pytestmark = pytest.mark.django_db
ITEM = "reed_fibre"
ACCOUNTS = {1: 11, 2: 12, 3: 13, 4: 11}
"""Who plays, and whose: one account has two of them."""
PEOPLE = tuple(ACCOUNTS)
START_GLIM, START_ITEMS = 10_000, 500

ORDERS = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from(["buy", "sell"]), st.integers(1, 12), st.integers(1, 30)
)
ACTS = st.lists(st.one_of(ORDERS, st.integers(0, 20)), min_size=1, max_size=30)
"""An order, or the number of an earlier one to cancel."""


@dataclass
class Waiting:
    """An order of the model."""

    number: int
    who: int
    side: str
    price: int
    left: int


@dataclass
class Model:
    """A market as somebody would write it who has never seen the other one: lists, and a search each time."""

    glim: dict[int, int] = field(default_factory=lambda: dict.fromkeys(PEOPLE, START_GLIM))
    items: dict[int, int] = field(default_factory=lambda: dict.fromkeys(PEOPLE, START_ITEMS))
    waiting: list[Waiting] = field(default_factory=list)
    sold: dict[int, int] = field(default_factory=dict)
    fills: list[tuple[int, int]] = field(default_factory=list)
    count: int = 0

    def place(self, who: int, side: str, price: int, quantity: int) -> None:
        if side == "buy":
            if self.glim[who] < price * quantity:
                return
            self.glim[who] -= price * quantity
        else:
            fee = max(1, (price * quantity + 99) // 100)
            if self.items[who] < quantity or self.glim[who] < fee:
                return
            self.items[who] -= quantity
            self.glim[who] -= fee
        new = Waiting(self.count, who, side, price, quantity)
        self.count += 1
        while new.left and (best := self.best(new)):
            if ACCOUNTS[best.who] == ACCOUNTS[who]:
                self.give_back(new)
                return
            self.exchange(new, best)
        if new.left:
            self.waiting.append(new)

    def best(self, new: Waiting) -> Waiting | None:
        others = [each for each in self.waiting if each.side != new.side]
        if new.side == "buy":
            good = [each for each in others if each.price <= new.price]
            return min(good, key=lambda each: (each.price, each.number), default=None)
        good = [each for each in others if each.price >= new.price]
        return min(good, key=lambda each: (-each.price, each.number), default=None)

    def exchange(self, new: Waiting, old: Waiting) -> None:
        count = min(new.left, old.left)
        buy, sell = (new, old) if new.side == "buy" else (old, new)
        before = self.sold.get(sell.number, 0)
        after = before + count * old.price
        tax = (after * 3 + 99) // 100 - (before * 3 + 99) // 100
        self.sold[sell.number] = after
        self.glim[sell.who] += count * old.price - tax
        self.glim[buy.who] += count * (buy.price - old.price)
        self.items[buy.who] += count
        new.left -= count
        old.left -= count
        self.fills.append((old.price, count))
        self.waiting = [each for each in self.waiting if each.left]

    def cancel(self, number: int) -> None:
        for each in [each for each in self.waiting if each.number == number]:
            self.waiting.remove(each)
            self.give_back(each)

    def give_back(self, order: Waiting) -> None:
        if order.side == "buy":
            self.glim[order.who] += order.price * order.left
        else:
            self.items[order.who] += order.left


def endow(*, glim: int = START_GLIM, items: int = START_ITEMS) -> None:
    logins = (Login(pk=account, username=f"u{account}") for account in sorted(set(ACCOUNTS.values())))
    Login.objects.bulk_create(logins)
    for who in PEOPLE:
        Character.objects.create(
            pk=who, account_id=ACCOUNTS[who], name=f"P{who}", name_key=f"p{who}", class_id="anchorite"
        )
        source = faucet("test")
        moves = (
            Move(asset="glim", amount=glim, source=source, target=wallet(who)),
            Move(asset=ITEM, amount=items, source=source, target=bag(who)),
        )
        post(Posting(kind="test", idempotency_key=f"start:{who}", cause="test:1", moves=moves))


def placement(who: int, side: str, price: int, quantity: int, key: str) -> services.Placement:
    return services.Placement(
        character_id=who,
        item=ITEM,
        side=side,  # type: ignore[arg-type]
        price=price,
        quantity=quantity,
        days=1,
        idempotency_key=key,
    )


def place(who: int, side: str, price: int, quantity: int, key: str) -> int | None:
    try:
        with transaction.atomic():
            return services.place_order(placement(who, side, price, quantity, key)).id
    except GameError:
        return None


def cancel(order_id: int) -> None:
    order = Order.objects.get(pk=order_id)
    if order.state == "open":
        services.cancel_order(character_id=order.character_id, order_id=order_id)


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ACTS)
def test_the_market_does_what_a_simple_model_of_it_does(acts: list[tuple[int, str, int, int] | int]) -> None:
    with transaction.atomic():
        endow()
        model, ids = Model(), []
        for n, act in enumerate(acts):
            if isinstance(act, int):
                model.cancel(act)
                if act < len(ids):
                    cancel(ids[act])
            else:
                placed = place(*act, key=f"k{n}")
                ids += [placed] if placed else []
                model.place(*act)
            assert model.count == len(ids)
        held = {who: amounts(who, ["glim", ITEM]) for who in PEOPLE}
        assert {who: held[who].get(("wallet", "glim"), 0) for who in PEOPLE} == model.glim
        assert {who: held[who].get(("bag", ITEM), 0) for who in PEOPLE} == model.items
        assert list(Fill.objects.order_by("id").values_list("price", "quantity")) == model.fills
        left = {ids.index(order.pk): order.remaining for order in market.open_orders(ITEM)}
        assert left == {each.number: each.left for each in model.waiting}
        assert auditing.audit_ledger() == []
        transaction.set_rollback(True)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(ORDERS, min_size=1, max_size=12), min_size=1, max_size=4))
def test_orders_placed_together_do_what_they_do_one_by_one(
    groups: list[list[tuple[int, str, int, int]]],
) -> None:
    with transaction.atomic():
        endow(glim=300, items=40)  # so little that some of them are refused
        model = Model(glim=dict.fromkeys(PEOPLE, 300), items=dict.fromkeys(PEOPLE, 40))
        for n, group in enumerate(groups):
            placed = services.place_orders([placement(*each, f"k{n}:{m}") for m, each in enumerate(group)])
            for each, answer in zip(group, placed, strict=True):
                before = model.count
                model.place(*each)
                assert isinstance(answer, GameError) == (model.count == before)
        held = {who: amounts(who, ["glim", ITEM]) for who in PEOPLE}
        assert {who: held[who].get(("wallet", "glim"), 0) for who in PEOPLE} == model.glim
        assert {who: held[who].get(("bag", ITEM), 0) for who in PEOPLE} == model.items
        assert list(Fill.objects.order_by("id").values_list("price", "quantity")) == model.fills
        assert sorted(each.remaining for each in market.open_orders(ITEM)) == sorted(
            each.left for each in model.waiting
        )
        assert auditing.audit_ledger() == []
        transaction.set_rollback(True)


@given(ORDERS, st.lists(ORDERS, max_size=12))
def test_nothing_better_is_left_and_nothing_is_filled_beyond_the_limit(
    new: tuple[int, str, int, int], others: list[tuple[int, str, int, int]]
) -> None:
    who, side, price, quantity = new
    sign = 1 if side == "buy" else -1
    book = sorted(
        (Resting(n, other, at, left) for n, (other, _, at, left) in enumerate(others)),
        key=lambda each: (sign * each.price, each.order_id),
    )
    found = match(side, price, quantity, who, resting=book)  # type: ignore[arg-type]
    assert sum(fill.quantity for fill in found.fills) + found.rest == quantity
    assert all(sign * fill.resting.price <= sign * price for fill in found.fills)
    assert [fill.resting for fill in found.fills] == book[: len(found.fills)]
    assert all(fill.quantity == fill.resting.remaining for fill in found.fills[:-1])
    assert all(fill.resting.owner_id != who for fill in found.fills)
    if found.rest and not found.is_self_match and len(found.fills) < len(book):
        assert sign * book[len(found.fills)].price > sign * price


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=20))
def test_parts_of_a_sale_are_taxed_as_the_whole(parts: list[int]) -> None:
    total, taxes = 0, 0
    for part in parts:
        tax = sale_tax(part, before=total)
        assert 0 <= tax <= part
        total, taxes = total + part, taxes + tax
    assert taxes == sale_tax(total)


@given(st.integers(1, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=10))
def test_offers_in_parts_never_cost_less_than_in_one(price: int, parts: list[int]) -> None:
    assert sum(listing_fee(price, part) for part in parts) >= listing_fee(price, sum(parts))


@pytest.mark.parametrize(("current", "least"), [(None, 50), (50, 53), (1, 2), (1000, 1050), (1001, 1052)])
def test_a_bid_is_raised_by_five_per_cent_and_one_at_least(current: int | None, least: int) -> None:
    assert least_bid(current, 50) == least


@pytest.mark.parametrize(("hours", "lost"), [(12, 1), (24, 2), (48, 4)])
def test_a_deposit_grows_with_the_hours(hours: int, lost: int) -> None:
    assert (deposit(100, hours), deposit(1, hours)) == (lost, 1)
