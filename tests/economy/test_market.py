"""Orders meet at the price of the one that was there, the better first, then the older; escrow is exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from aether.kernel import clock
from aether.protocol.market import OrderSeen
from apps.economy import auditing, mailbox, market, quotes, selectors, services
from apps.economy.errors import (
    BookHaltedError,
    BoundItemError,
    CapacityError,
    InsufficientError,
    ItemRetiredError,
    MarketFullError,
    NoOrderError,
    NotHeldError,
    SwitchedOffError,
)
from apps.economy.models import BALANCE_MAX, Book, FeatureSwitch, Fill, Order
from apps.economy.services import order_rows, placing
from tests.console.conftest import game_master
from tests.economy.cast import character, give, mint, stacks

pytestmark = pytest.mark.django_db
DAY_S = 86_400
FIBRE = "reed_fibre"


@pytest.fixture(autouse=True)
def _laws_hold() -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


def place(who: int, side: Any, price: int, quantity: int, *, item: str = FIBRE, days: int = 14) -> OrderSeen:
    key = f"o:{who}:{Order.objects.count()}:{side}"
    with transaction.atomic():
        return services.place_order(
            services.Placement(
                character_id=who,
                item=item,
                side=side,
                price=price,
                quantity=quantity,
                days=days,
                idempotency_key=key,
            )
        )


def expect_refusal(error: type[Exception], act: Any, *arguments: Any, **named: Any) -> None:
    with pytest.raises(error), transaction.atomic():
        act(*arguments, **named)


@pytest.fixture
def seller() -> int:
    made = character("Sella")
    give(made, glim=100, reed_fibre=100)
    return made


@pytest.fixture
def buyer() -> int:
    made = character("Bruno")
    give(made, glim=1000)
    return made


def test_an_offer_sets_its_goods_aside_and_costs_one_per_cent(seller: int) -> None:
    order = place(seller, "sell", 30, 10)
    assert (order.state, order.remaining) == ("open", 10)
    assert (stacks(seller)[FIBRE], selectors.glim(seller)) == (90, 97)


def test_a_bid_sets_its_price_aside(buyer: int) -> None:
    place(buyer, "buy", 30, 10)
    assert selectors.glim(buyer) == 700


def test_an_order_is_filled_at_the_price_of_the_one_that_waits(seller: int, buyer: int) -> None:
    place(seller, "sell", 20, 10)
    bought = place(buyer, "buy", 30, 4)
    assert (bought.state, bought.remaining) == ("filled", 0)
    assert (selectors.glim(buyer), stacks(buyer)) == (920, {FIBRE: 4})
    assert selectors.glim(seller) == 100 - 2 + 80 - 3
    assert market.book(FIBRE, character_id=None).asks[0].quantity == 6


def test_the_best_price_comes_first_then_the_older(buyer: int) -> None:
    sellers = []
    for name, price in [("Ann", 22), ("Ben", 20), ("Cid", 20)]:
        each = character(name)
        give(each, glim=10, reed_fibre=5)
        place(each, "sell", price, 5)
        sellers.append(each)
    place(buyer, "buy", 25, 12)
    filled = [
        (each.sell_order.character_id, each.price, each.quantity) for each in Fill.objects.order_by("id")
    ]
    ann, ben, cid = sellers
    assert filled == [(ben, 20, 5), (cid, 20, 5), (ann, 22, 2)]


def test_what_is_not_filled_waits(seller: int, buyer: int) -> None:
    place(seller, "sell", 20, 5)
    bid = place(buyer, "buy", 20, 8)
    assert (bid.state, bid.remaining) == ("open", 3)
    assert selectors.glim(buyer) == 1000 - 160
    place(seller, "sell", 10, 3)
    assert (stacks(buyer), selectors.glim(buyer)) == ({FIBRE: 8}, 840)
    assert market.book(FIBRE, character_id=None).last_price == 20


def test_an_order_that_meets_one_of_its_own_is_cancelled(seller: int) -> None:
    give(seller, key="more", glim=500)
    place(seller, "sell", 20, 5)
    bid = place(seller, "buy", 25, 5)
    assert (bid.state, bid.remaining) == ("cancelled", 5)
    assert not Fill.objects.exists()
    assert selectors.glim(seller) == 599


@pytest.mark.parametrize("are_together", [False, True])
def test_an_order_that_meets_one_of_the_same_account_is_cancelled(seller: int, are_together: bool) -> None:
    other = character("Alby", account_of=seller)
    give(other, glim=500)
    offer = placing.Placement(
        character_id=seller, item=FIBRE, side="sell", price=20, quantity=5, days=1, idempotency_key="s"
    )
    bid = replace(offer, character_id=other, side="buy", price=25, idempotency_key="b")
    groups = [[offer, bid]] if are_together else [[offer], [bid]]
    placed = [each for group in groups for each in services.place_orders(group)]
    assert [(each.state, each.remaining) for each in placed if isinstance(each, OrderSeen)] == [
        ("open", 5),
        ("cancelled", 5),
    ]
    assert not Fill.objects.exists()
    assert selectors.glim(other) == 500


def test_what_is_better_than_the_order_of_the_same_account_is_filled_before(seller: int, buyer: int) -> None:
    other = character("Alby", account_of=buyer)
    give(other, reed_fibre=10, glim=10)
    place(seller, "sell", 10, 3)
    place(other, "sell", 20, 5)
    bid = place(buyer, "buy", 25, 10)
    assert (bid.state, bid.remaining) == ("cancelled", 7)
    assert (stacks(buyer)[FIBRE], selectors.glim(buyer)) == (3, 970)


def test_the_tax_of_many_parts_is_that_of_the_whole(seller: int, buyer: int) -> None:
    place(seller, "sell", 1, 100)
    for _ in range(100):
        place(buyer, "buy", 1, 1)
    assert selectors.glim(seller) == 100 - 1 + 97


def test_cancelling_gives_back_exactly_what_is_left(seller: int, buyer: int) -> None:
    bid = place(buyer, "buy", 30, 10)
    place(seller, "sell", 30, 4)
    closed = services.cancel_order(character_id=buyer, order_id=bid.id)
    assert (closed.state, selectors.glim(buyer)) == ("cancelled", 1000 - 120)
    expect_refusal(NoOrderError, services.cancel_order, character_id=buyer, order_id=bid.id)
    ask = place(seller, "sell", 40, 4)
    expect_refusal(NoOrderError, services.cancel_order, character_id=buyer, order_id=ask.id)
    services.cancel_order(character_id=seller, order_id=ask.id)
    assert stacks(seller)[FIBRE] == 96


def test_an_order_ends_with_its_time_and_is_not_filled_after_it(seller: int, buyer: int) -> None:
    place(seller, "sell", 20, 5, days=1)
    later = clock.now() + DAY_S + 1
    with clock.replaced(lambda: later):
        assert place(buyer, "buy", 20, 1).remaining == 1
        assert market.book(FIBRE, character_id=None).asks == []
        assert services.sweep() == 1
    assert stacks(seller)[FIBRE] == 100
    assert Order.objects.filter(state="expired").count() == 1


def test_what_fits_in_no_purse_comes_by_mail(buyer: int) -> None:
    rich = character("Rhea")
    give(rich, reed_fibre=10)
    mint(rich, BALANCE_MAX, "rich")
    place(buyer, "buy", 30, 10)
    place(rich, "sell", 30, 10)
    [letter] = mailbox.mailbox(rich).letters
    assert (letter.source, selectors.glim(rich)) == ("overflow", BALANCE_MAX)


@pytest.mark.parametrize(
    ("item", "error"),
    [("moor_licence", BoundItemError), ("reed_hook", NotHeldError), ("nonsense", ItemRetiredError)],
)
def test_what_does_not_stack_or_is_bound_has_no_book(seller: int, item: str, error: type[Exception]) -> None:
    give(seller, key="x", moor_licence=1, reed_hook=1)
    expect_refusal(error, place, seller, "sell", 5, 1, item=item)
    assert not Book.objects.exists()


def test_one_orders_only_what_one_has_and_what_anybody_could_hold(seller: int, buyer: int) -> None:
    expect_refusal(InsufficientError, place, seller, "sell", 5, 101)
    expect_refusal(InsufficientError, place, buyer, "buy", 1001, 1)
    expect_refusal(CapacityError, place, buyer, "buy", 10**9, 10**6)
    assert not Order.objects.exists()


@pytest.mark.parametrize("key", ['a"b', "a\\", '\\"', "{a,b}", "NULL", "", "é\u2028\t\n", "$1 %s '"])
def test_a_key_is_kept_as_it_is(seller: int, key: str) -> None:
    ask = services.Placement(
        character_id=seller, item=FIBRE, side="sell", price=5, quantity=1, days=1, idempotency_key=key
    )
    placed = services.place_order(ask)
    assert Order.objects.get(pk=placed.id).idempotency_key == key
    assert services.place_order(ask) == placed


def test_an_order_that_is_refused_opens_no_book(seller: int) -> None:
    glim = selectors.glim(seller)
    bid = services.Placement(
        character_id=seller,
        item="marsh_tonic",
        side="buy",
        price=glim + 1,
        quantity=1,
        days=1,
        idempotency_key="poor",
    )
    refused, placed = services.place_orders([bid, replace(bid, item=FIBRE, price=1, idempotency_key="k")])
    assert isinstance(refused, InsufficientError)
    assert isinstance(placed, OrderSeen)
    assert [book.pk for book in Book.objects.all()] == [FIBRE]
    services.place_orders([replace(bid, item=FIBRE)])
    assert [book.pk for book in Book.objects.all()] == [FIBRE]


def test_counting_open_orders_looks_at_none_that_is_over(seller: int) -> None:
    place(seller, "sell", 5, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO economy_order (book_id, character_id, side, price, quantity, remaining, proceeds,
                state, idempotency_key, placed_at, expires_at, closed_at)
            SELECT %s, %s, 'sell', 5, 1, 0, 5, 'filled', 'old:' || n, now(), now(), now()
            FROM generate_series(1, 3000) AS n
            """,
            [FIBRE, seller],
        )
        cursor.execute("ANALYZE economy_order")
        cursor.execute(f"EXPLAIN {order_rows._OPEN_COUNTS}", [[seller]])
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("DELETE FROM economy_order WHERE idempotency_key LIKE 'old:%%'")
    assert "order_open_of_character" in plan, plan
    assert order_rows.open_counts([seller]) == {seller: 1}


def test_a_character_has_so_many_orders(seller: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "ORDERS_MAX", 2)
    place(seller, "sell", 5, 1)
    place(seller, "sell", 5, 1)
    expect_refusal(MarketFullError, place, seller, "sell", 5, 1)


def test_stopping_the_market_stops_everything_of_it(seller: int, buyer: int) -> None:
    ask = place(seller, "sell", 20, 5, days=1)
    FeatureSwitch.objects.update_or_create(feature="market", defaults={"is_on": False})
    expect_refusal(SwitchedOffError, place, buyer, "buy", 20, 1)
    expect_refusal(SwitchedOffError, services.cancel_order, character_id=seller, order_id=ask.id)
    later = clock.now() + 2 * DAY_S
    with clock.replaced(lambda: later):
        assert services.sweep() == 0


def test_staff_halt_a_book_and_cancel_an_order(seller: int, buyer: int) -> None:
    gwen = game_master()
    ask = place(seller, "sell", 20, 5)
    services.halt_book(actor=gwen, item=FIBRE, reason="a dupe")
    expect_refusal(BookHaltedError, place, buyer, "buy", 20, 1)
    services.cancel_order_of(actor=gwen, order_id=ask.id, reason="a dupe")
    services.open_book(actor=gwen, item=FIBRE, reason="mended")
    assert place(buyer, "buy", 20, 1).state == "open"
    assert stacks(seller)[FIBRE] == 100


def test_a_book_shows_its_depth_volume_and_the_readers_orders(seller: int, buyer: int) -> None:
    place(seller, "sell", 20, 5)
    place(seller, "sell", 20, 2)
    place(seller, "sell", 25, 1)
    place(buyer, "buy", 10, 3)
    place(buyer, "buy", 20, 1)
    seen = market.book(FIBRE, character_id=buyer)
    assert [(each.price, each.quantity, each.orders) for each in seen.asks] == [(20, 6, 2), (25, 1, 1)]
    assert [(each.price, each.quantity) for each in seen.bids] == [(10, 3)]
    assert (seen.volume_day, seen.last_price, seen.reference, len(seen.mine)) == (1, 20, 20, 1)
    [row] = market.books().books
    assert (row.bid, row.ask, row.volume_day) == (10, 20, 1)


def test_candles_tell_how_a_price_went(seller: int, buyer: int) -> None:
    start = 1_900_000_800 - 1_900_000_800 % 3600
    for at, price in [(0, 10), (60, 14), (120, 8), (180, 12), (3600, 20)]:
        with clock.replaced(lambda moment=start + at: moment):
            place(seller, "sell", price, 2)
            place(buyer, "buy", price, 2)
    with clock.replaced(lambda: start + 3700):
        first, second = market.candles(FIBRE, "hour").candles
        assert market.candles(FIBRE, "day").candles[0].volume == 10
    assert (first.open, first.high, first.low, first.close, first.volume) == (10, 14, 8, 12, 8)
    assert (second.at - first.at, second.close) == (3600, 20)


def test_the_usual_price_is_the_median_of_the_days(seller: int, buyer: int) -> None:
    now = clock.now()
    for days, price in [(3, 10), (2, 90), (1, 12)]:
        with clock.replaced(lambda moment=now - days * DAY_S: moment):
            place(seller, "sell", price, 1)
            place(buyer, "buy", price, 1)
    assert quotes.references([FIBRE]) == {FIBRE: 12}


def test_a_repeated_key_places_nothing_more(seller: int) -> None:
    same = services.Placement(
        character_id=seller, item=FIBRE, side="sell", price=5, quantity=1, days=1, idempotency_key="same"
    )
    first = services.place_order(same)
    assert services.place_order(same) == first
    assert Order.objects.count() == 1


def test_past_orders_tell_what_was_paid_for_them(seller: int, buyer: int) -> None:
    sold = place(seller, "sell", 20, 10)
    place(buyer, "buy", 30, 4)
    part = place(buyer, "buy", 25, 8)
    services.cancel_order(character_id=buyer, order_id=part.id)
    waiting = place(buyer, "buy", 1, 1)
    kept = market.orders_of(buyer).orders
    assert [(each.state, each.quantity - each.remaining, each.paid, each.tax) for each in kept] == [
        ("open", 0, 0, 0),
        ("cancelled", 6, 120, 0),
        ("filled", 4, 80, 0),
    ]
    assert [each.id for each in market.orders_of(buyer, scope="open").orders] == [waiting.id]
    assert [each.state for each in market.orders_of(buyer, scope="past").orders] == ["cancelled", "filled"]
    (own,) = market.orders_of(seller).orders
    assert (own.id, own.state, own.paid, own.tax) == (sold.id, "filled", 200, 6)
