"""Orders of the market that end otherwise than by being filled: cancelled, over, or taken out by staff.

One writer per book: its row is locked first, then everybody whom it concerns.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from aether.kernel import audit, clock
from aether.kernel.transactions import transactional
from aether.protocol.market import OrderSeen
from apps.economy import market
from apps.economy.definitions import CURRENCY
from apps.economy.errors import NoOrderError
from apps.economy.models import Book, Order
from apps.economy.services.due import each_alone
from apps.economy.services.filling import homeward, tell_books, tell_orders
from apps.economy.services.ledger import lock_holder, post
from apps.economy.services.letters import deliveries
from apps.economy.services.order_rows import locked_books
from apps.economy.services.switches import Feature, is_on, require_on, when_reopened
from apps.economy.services.telling import tell_change

SWEPT_AT_ONCE = 200

State = Order.State


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
    tell_books([item])


@transaction.atomic
def open_book(*, actor: AbstractBaseUser, item: str, reason: str) -> None:
    """Let an item be ordered again."""
    audit.record(actor, "open_book", f"book:{item}", reason)
    Book.objects.select_for_update().filter(pk=item).update(is_halted=False)
    tell_books([item])


@transaction.atomic
def withdraw_order(order_id: int) -> bool:
    """Take an order out of its book as if its owner had, whatever is stopped."""
    order = _locked_order(order_id)
    if order is None:
        return False
    _close(order, State.CANCELLED)
    return True


@transaction.atomic
def withdraw_orders_of(character_id: int) -> None:
    """Take all orders of a character out of their books, whatever is stopped.

    Call before anything else is locked: the books are first. What is ordered meanwhile in a book in which
    nothing of it waits is not seen.
    """
    own = Order.objects.filter(character_id=character_id, state=State.OPEN)
    books = locked_books(own.values_list("book_id", flat=True).distinct())
    lock_holder(character_id)
    for order in own.filter(book_id__in=books).order_by("pk"):
        _close(order, State.CANCELLED)


@transaction.atomic
def _expire(order_id: int) -> bool:
    order = _locked_order(order_id)
    if order is None or order.expires_at > clock.utc_now():
        return False
    _close(order, State.EXPIRED)
    return True


def _locked_order(order_id: int) -> Order | None:
    """Return an open order together with the lock of its book, and that of whose it is."""
    item = Order.objects.filter(pk=order_id).values_list("book_id", flat=True).first()
    if item is None:
        return None
    locked_books([item])
    order = Order.objects.filter(pk=order_id, state=State.OPEN).first()
    if order is not None:
        lock_holder(order.character_id)
    return order


def _close(order: Order, state: State) -> OrderSeen:
    order.state, order.closed_at = state, clock.utc_now()
    order.save(update_fields=["state", "closed_at"])
    cause = f"market:{order.book_id}"
    delivery = deliveries({order.character_id: [order.book_id, CURRENCY]}, cause=cause)
    posting = homeward(order, delivery)
    post(posting)
    delivery.finish()
    tell_change(order.character_id, cause, posting.moves)
    tell_orders([order])
    tell_books([order.book_id])
    return market.order_seen(order)
