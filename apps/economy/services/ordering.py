"""Orders of the market: placing one fills what it meets, and everything that is set aside has its order.

One writer per book: its row is locked first, then the orders, then everybody whom a fill concerns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import F

from aether.kernel import audit, clock
from aether.kernel.transactions import transactional
from aether.protocol.market import OrderSeen
from apps.economy import market
from apps.economy.definitions import CURRENCY
from apps.economy.errors import (
    BookHaltedError,
    CapacityError,
    MarketFullError,
    NoOrderError,
)
from apps.economy.models import BALANCE_MAX, Book, Fill, Order
from apps.economy.rules.matching import Match, Resting, Side, match
from apps.economy.services.due import each_alone
from apps.economy.services.filling import Filling, homeward, placing, tell_orders
from apps.economy.services.goods import require_stackable
from apps.economy.services.ledger import lock_holder, lock_holders, post, post_all
from apps.economy.services.letters import deliveries
from apps.economy.services.switches import Feature, is_on, require_on, when_reopened
from apps.economy.services.telling import tell_changes

ORDERS_MAX = 50
"""How many open orders a character has."""
SWEPT_AT_ONCE = 200
MEETS_AT_ONCE = 20
"""How many resting orders are read at a time; nobody changes them meanwhile."""

State = Order.State

# Django would write a CASE for each column, and compile it anew for each order.
_KEEP_ORDERS = """
    UPDATE economy_order AS kept SET remaining = row.remaining, proceeds = row.proceeds,
        state = row.state, closed_at = row.closed_at
    FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::timestamptz[])
        AS row (id, remaining, proceeds, state, closed_at)
    WHERE kept.id = row.id
"""

_COUNT_SALES = """
    INSERT INTO economy_dailysales AS sales (book_id, day, turnover, quantity) VALUES (%s, %s, %s, %s)
    ON CONFLICT (book_id, day) DO UPDATE
        SET turnover = sales.turnover + excluded.turnover, quantity = sales.quantity + excluded.quantity
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """An order that a character means to place."""

    character_id: int
    item: str
    side: Side
    price: int
    quantity: int
    days: int
    idempotency_key: str


@transactional
def place_order(placement: Placement) -> OrderSeen:
    """Place an order: what it meets is filled at once, the rest waits in the book."""
    require_on(Feature.MARKET)
    require_stackable(placement.item)
    if placement.price * placement.quantity > BALANCE_MAX:
        raise CapacityError(asset=CURRENCY)
    book = _locked_book(placement.item)
    if (earlier := Order.objects.filter(idempotency_key=placement.idempotency_key).first()) is not None:
        return market.order_seen(earlier)
    if book.is_halted:
        raise BookHaltedError(item=book.item)
    found, resting = _meet(placement)
    lock_holders({placement.character_id, *(each.character_id for each in resting.values())})
    if _open_orders_of(placement.character_id) >= ORDERS_MAX:
        raise MarketFullError(most=ORDERS_MAX)
    order = _new_order(book, placement)
    _exchange(order, found, resting)
    if found.fills:
        book.last_price = found.fills[-1].resting.price
        book.save(update_fields=["last_price"])
    return market.order_seen(order)


@transactional
def cancel_order(*, character_id: int, order_id: int) -> OrderSeen:
    """Take an order out of its book; what it still has set aside comes back."""
    require_on(Feature.MARKET)
    order = _locked_order(order_id)
    if order is None or order.character_id != character_id:
        raise NoOrderError()
    return _close(order, State.CANCELLED)


def expire_orders() -> int:
    """Take the orders whose time is over out of their books; return how many."""
    if not is_on(Feature.MARKET):
        return 0
    due = Order.objects.filter(state=State.OPEN, expires_at__lte=clock.utc_now())
    ids = due.order_by("expires_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    return each_alone(_expire, ids, what="order")


@when_reopened(Feature.MARKET)
def _keep_orders_longer(stopped_for: timedelta) -> None:
    Order.objects.filter(state=State.OPEN).update(expires_at=F("expires_at") + stopped_for)


@transaction.atomic
def cancel_order_of(*, actor: AbstractBaseUser, order_id: int, reason: str) -> None:
    """Let staff take an order out of its book."""
    audit.record(actor, "cancel_order", f"order:{order_id}", reason)
    order = _locked_order(order_id)
    if order is None:
        raise NoOrderError()
    _close(order, State.CANCELLED)


@transaction.atomic
def halt_book(*, actor: AbstractBaseUser, item: str, reason: str) -> None:
    """Let nothing more be ordered of one item; what waits may still be taken out."""
    audit.record(actor, "halt_book", f"book:{item}", reason)
    Book.objects.select_for_update().filter(pk=item).update(is_halted=True)


@transaction.atomic
def open_book(*, actor: AbstractBaseUser, item: str, reason: str) -> None:
    """Let an item be ordered again."""
    audit.record(actor, "open_book", f"book:{item}", reason)
    Book.objects.select_for_update().filter(pk=item).update(is_halted=False)


@transaction.atomic
def _expire(order_id: int) -> bool:
    order = _locked_order(order_id)
    if order is None or order.expires_at > clock.utc_now():
        return False
    _close(order, State.EXPIRED)
    return True


def _locked_book(item: str) -> Book:
    books = Book.objects.select_for_update()
    if (book := books.filter(pk=item).first()) is not None:
        return book
    Book.objects.bulk_create([Book(item=item)], ignore_conflicts=True)
    return books.get(pk=item)


def _locked_order(order_id: int) -> Order | None:
    """Return an open order together with the lock of its book, and that of whose it is."""
    item = Order.objects.filter(pk=order_id).values_list("book_id", flat=True).first()
    if item is None:
        return None
    Book.objects.select_for_update().get(pk=item)
    order = Order.objects.filter(pk=order_id, state=State.OPEN).first()
    if order is not None:
        lock_holder(order.character_id)
    return order


def _meet(placement: Placement) -> tuple[Match, dict[int, Order]]:
    """Return what a new order meets in its book, and the orders that are filled by it."""
    other = "sell" if placement.side == "buy" else "buy"
    seen: dict[int, Order] = {}

    def waiting() -> Iterable[Resting]:
        while page := list(market.resting(placement.item, other)[len(seen) : len(seen) + MEETS_AT_ONCE]):
            for order in page:
                seen[order.pk] = order
                yield Resting(order.pk, order.character_id, order.price, order.remaining)

    found = match(
        placement.side, placement.price, placement.quantity, placement.character_id, resting=waiting()
    )
    return found, {fill.resting.order_id: seen[fill.resting.order_id] for fill in found.fills}


def _open_orders_of(character_id: int) -> int:
    return Order.objects.filter(character_id=character_id, state=State.OPEN).count()


def _new_order(book: Book, placement: Placement) -> Order:
    now = clock.utc_now()
    return Order.objects.create(
        book=book,
        character_id=placement.character_id,
        side=placement.side,
        price=placement.price,
        quantity=placement.quantity,
        remaining=placement.quantity,
        idempotency_key=placement.idempotency_key,
        placed_at=now,
        expires_at=now + timedelta(days=placement.days),
    )


def _exchange(order: Order, found: Match, resting: dict[int, Order]) -> None:
    """Set aside what the order needs, and exchange what it meets: an entry each, all posted at once."""
    people = {order.character_id, *(each.character_id for each in resting.values())}
    cause = f"market:{order.book_id}"
    delivery = deliveries(people, [order.book_id, CURRENCY], cause=cause)
    filling = Filling(order, delivery)
    postings = [placing(order)]
    delivery.spend(postings[0].moves)
    fills = []
    for fill in found.fills:
        posting, row = filling.fill(resting[fill.resting.order_id], fill.quantity)
        postings.append(posting)
        fills.append(row)
    if found.is_self_match:
        order.state, order.closed_at = State.CANCELLED, clock.utc_now()
        postings.append(homeward(order, delivery))
    post_all(postings)
    delivery.finish()
    _keep(order, resting.values(), fills)
    tell_changes(people, cause, [move for posting in postings for move in posting.moves])
    tell_orders(resting.values())


def _keep(order: Order, resting: Iterable[Order], fills: list[Fill]) -> None:
    changed = [order, *resting] if fills or order.state != State.OPEN else []
    if not changed:
        return
    rows = [(each.pk, each.remaining, each.proceeds, str(each.state), each.closed_at) for each in changed]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_ORDERS, [list(column) for column in zip(*rows, strict=True)])
    Fill.objects.bulk_create(fills)
    if fills:
        turnover = sum(each.price * each.quantity for each in fills)
        quantity = sum(each.quantity for each in fills)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_SALES, [order.book_id, clock.utc_now().date(), turnover, quantity])


def _close(order: Order, state: State) -> OrderSeen:
    order.state, order.closed_at = state, clock.utc_now()
    order.save(update_fields=["state", "closed_at"])
    cause = f"market:{order.book_id}"
    delivery = deliveries([order.character_id], [order.book_id, CURRENCY], cause=cause)
    posting = homeward(order, delivery)
    post(posting)
    delivery.finish()
    tell_changes([order.character_id], cause, posting.moves)
    tell_orders([order])
    return market.order_seen(order)
