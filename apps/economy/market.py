"""What is read of the market: books with their depth, a character's orders, candles and the usual price."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

import msgspec
from django.db import connection
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from aether.kernel.clock import utc_now
from aether.protocol.market import (
    BookDepth,
    Books,
    BookSeen,
    BookSummary,
    Candle,
    Candles,
    Interval,
    Level,
    OrderKept,
    Orders,
    OrderScope,
    OrderSeen,
    OrderSide,
    OrderState,
    Sale,
)
from apps.economy import quotes
from apps.economy.models import Book, Fill, Order

LEVELS = 20
SALES = 10
CANDLES = 120
PAGE = 50
DAY = timedelta(days=1)

_CANDLES = """
    SELECT * FROM (
        SELECT extract(epoch FROM date_bin(%(width)s::interval, at, 'epoch'))::float8 AS began,
            (array_agg(price ORDER BY id))[1], max(price), min(price),
            (array_agg(price ORDER BY id DESC))[1], sum(quantity)::bigint
        FROM economy_fill WHERE book_id = %(item)s AND at > %(since)s
        GROUP BY began ORDER BY began DESC LIMIT %(most)s
    ) AS latest ORDER BY began
"""
_WIDTHS: dict[Interval, timedelta] = {"hour": timedelta(hours=1), "day": DAY}


def books() -> Books:
    """Return the books, by item."""
    best = (
        Order.objects.filter(state=Order.State.OPEN, expires_at__gt=utc_now())
        .values("book_id")
        .annotate(bid=Max("price", filter=Q(side="buy")), ask=Min("price", filter=Q(side="sell")))
    )
    prices_of = {item: (bid, ask) for item, bid, ask in best.values_list("book_id", "bid", "ask")}
    volumes = _volumes(None)
    found = []
    for row in Book.objects.order_by("item"):
        bid, ask = prices_of.get(row.item, (None, None))
        volume = volumes.get(row.item, 0)
        found.append(
            BookSummary(item=row.item, bid=bid, ask=ask, last_price=row.last_price, volume_day=volume)
        )
    return Books(books=found)


def book(item: str, *, character_id: int | None) -> BookSeen:
    """Return a book with its best levels and the orders that the reader has in it."""
    seen = depth(item)
    mine = open_orders(item).filter(character_id=character_id) if character_id else Order.objects.none()
    return BookSeen(
        item=item,
        is_halted=seen.is_halted,
        bids=seen.bids,
        asks=seen.asks,
        last_price=seen.last_price,
        reference=seen.reference,
        volume_day=seen.volume_day,
        sales=seen.sales,
        mine=[order_seen(each) for each in mine.order_by("-id")],
    )


def depth(item: str) -> BookDepth:
    """Return what everybody sees of a book."""
    row = Book.objects.filter(pk=item).first()
    sales = Fill.objects.filter(book_id=item).order_by("-at", "-id")[:SALES]
    return BookDepth(
        item=item,
        is_halted=row.is_halted if row else False,
        bids=_levels(item, "buy"),
        asks=_levels(item, "sell"),
        last_price=row.last_price if row else None,
        reference=quotes.references([item]).get(item),
        volume_day=_volumes(item).get(item, 0),
        sales=[
            Sale(id=each.pk, price=each.price, quantity=each.quantity, at=each.at.timestamp())
            for each in sales
        ],
    )


def candles(item: str, interval: Interval) -> Candles:
    """Return how the price of an item went, oldest first."""
    width = _WIDTHS[interval]
    parameters: dict[str, Any] = {
        "item": item,
        "width": width,
        "since": utc_now() - width * CANDLES,
        "most": CANDLES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CANDLES, parameters)
        rows: list[Any] = cursor.fetchall()
    found = [
        Candle(at=at, open=first, high=high, low=low, close=last, volume=volume)
        for at, first, high, low, last, volume in rows
    ]
    return Candles(item=item, interval=interval, candles=found)


def orders_of(character_id: int, *, scope: OrderScope = "all", before: int | None = None) -> Orders:
    """Return a page of a character's orders with what has come of them, newest first."""
    rows = _in_scope(Order.objects.filter(character_id=character_id), scope).order_by("-id")
    page = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    came = _came_of(page[:PAGE])
    return Orders(
        orders=[_kept(each, *came.get(each.pk, (0, 0))) for each in page[:PAGE]],
        before=page[PAGE - 1].pk if len(page) > PAGE else None,
    )


def open_orders(item: str) -> QuerySet[Order]:
    """Return the orders that wait in a book, but for those whose time is over."""
    return Order.objects.filter(book_id=item, state=Order.State.OPEN, expires_at__gt=utc_now())


def resting(item: str, side: str) -> QuerySet[Order]:
    """Return the orders of one side of a book, best price first, then the older."""
    return open_orders(item).filter(side=side).order_by("price" if side == "sell" else "-price", "id")


def order_seen(order: Order) -> OrderSeen:
    """Return an order as its owner sees it."""
    return OrderSeen(
        id=order.pk,
        item=order.book_id,
        side=cast(OrderSide, order.side),
        price=order.price,
        quantity=order.quantity,
        remaining=order.remaining,
        proceeds=order.proceeds,
        state=cast(OrderState, order.state),
        placed_at=order.placed_at.timestamp(),
        expires_at=order.expires_at.timestamp(),
    )


def _in_scope(orders: QuerySet[Order], scope: OrderScope) -> QuerySet[Order]:
    """Return those that wait or are over; one whose time is over may still wait for the sweep."""
    if scope == "all":
        return orders
    waiting = Q(state=Order.State.OPEN)
    return orders.filter(waiting if scope == "open" else ~waiting)


def _came_of(page: Iterable[Order]) -> dict[int, tuple[int, int]]:
    """Return by order how much glim changed hands for it, and how much of that was tax."""
    found: dict[int, tuple[int, int]] = {}
    for side in ("buy", "sell"):
        ids = [each.pk for each in page if each.side == side]
        fills = Fill.objects.filter(**{f"{side}_order_id__in": ids}).values_list(f"{side}_order_id")
        sums = fills.annotate(paid=Sum(F("price") * F("quantity")), kept=Sum("tax")).order_by()
        found |= {pk: (int(paid), int(kept) if side == "sell" else 0) for pk, paid, kept in sums}
    return found


def _kept(order: Order, paid: int, tax: int) -> OrderKept:
    return OrderKept(**msgspec.structs.asdict(order_seen(order)), paid=paid, tax=tax)


def _levels(item: str, side: str) -> list[Level]:
    rows: Iterable[tuple[int, int, int]] = (
        open_orders(item)
        .filter(side=side)
        .values("price")
        .annotate(total=Sum("remaining"), orders=Count("id"))
        .order_by("price" if side == "sell" else "-price")
        .values_list("price", "total", "orders")[:LEVELS]
    )
    return [Level(price=price, quantity=total, orders=count) for price, total, count in rows]


def _volumes(item: str | None) -> dict[str, int]:
    fills = Fill.objects.filter(at__gt=utc_now() - DAY)
    rows = (fills.filter(book_id=item) if item else fills).values("book_id")
    return dict(rows.annotate(total=Sum("quantity")).values_list("book_id", "total"))
