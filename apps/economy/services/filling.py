"""What a fill moves: goods to the buyer, the price to the seller less its tax, and the difference back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aether.kernel import clock, realtime
from aether.protocol.market import OrderChanged
from apps.economy import market
from apps.economy.buckets import Bucket, bag, escrow, sink, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.models import Fill, Order
from apps.economy.rules.fees import listing_fee, sale_tax
from apps.economy.services.ledger import Move, Posting
from apps.economy.services.letters import Deliveries

State = Order.State


def escrow_of(order: Order) -> Bucket:
    """Return where what an order has set aside lies."""
    return escrow(order.character_id, "order", order.pk)


def placing(order: Order) -> Posting:
    """Return the entry that sets aside what an order needs, and takes the fee of an offer."""
    owner, target = order.character_id, escrow_of(order)
    if order.side == Order.Side.BUY:
        price = order.price * order.quantity
        moves = [Move(asset=CURRENCY, amount=price, source=wallet(owner), target=target)]
    else:
        fee = listing_fee(order.price, order.quantity)
        moves = [
            Move(asset=order.book_id, amount=order.quantity, source=bag(owner), target=target),
            Move(asset=CURRENCY, amount=fee, source=wallet(owner), target=sink("listing")),
        ]
    return _posting(order, "order_place", order.idempotency_key, moves)


def homeward(order: Order, delivery: Deliveries) -> Posting:
    """Return the entry that gives back what an order has still set aside; it is closed by the caller."""
    left = _set_aside(order)
    moves = delivery.bring(order.character_id, left, escrow_of(order))
    return _posting(order, "order_close", f"order:{order.pk}:close", moves)


@dataclass(slots=True)
class Filling:
    """Fills a new order from the book, one resting order after the other."""

    order: Order
    delivery: Deliveries
    count: int = 0

    def fill(self, resting: Order, quantity: int) -> tuple[Posting, Fill]:
        """Exchange a quantity at the price of the resting order; return the entry and what is kept of it."""
        is_buying = self.order.side == Order.Side.BUY
        buy, sell = (self.order, resting) if is_buying else (resting, self.order)
        paid = resting.price * quantity
        tax = sale_tax(paid, before=sell.proceeds)
        refund = (buy.price - resting.price) * quantity
        moves = [
            *self._bring(buy.character_id, order_goods(sell, quantity), escrow_of(sell)),
            *self._bring(sell.character_id, {CURRENCY: paid - tax}, escrow_of(buy)),
            *self._bring(buy.character_id, {CURRENCY: refund}, escrow_of(buy)),
        ]
        if tax:
            moves.append(Move(asset=CURRENCY, amount=tax, source=escrow_of(buy), target=sink("tax")))
        sell.proceeds += paid
        for each in (buy, sell):
            _take(each, quantity)
        self.count += 1
        row = Fill(
            book_id=self.order.book_id,
            price=resting.price,
            quantity=quantity,
            tax=tax,
            buy_order_id=buy.pk,
            sell_order_id=sell.pk,
            at=clock.utc_now(),
        )
        return _posting(self.order, "market", f"order:{self.order.pk}:fill:{self.count}", moves), row

    def _bring(self, character_id: int, contents: dict[str, int], source: Bucket) -> list[Move]:
        return self.delivery.bring(character_id, {k: n for k, n in contents.items() if n}, source)


def order_goods(order: Order, quantity: int) -> dict[str, int]:
    """Return a quantity of what an order is about."""
    return {order.book_id: quantity}


def tell_orders(orders: Iterable[Order]) -> None:
    """Tell owners what has become of their orders."""
    realtime.tell_characters(
        (order.character_id, OrderChanged(order=market.order_seen(order))) for order in orders
    )


def tell_books(items: Iterable[str]) -> None:
    """Tell those who look at books how these are now."""
    for item in items:
        realtime.send_paced_after_commit(f"market:{item}")


def _set_aside(order: Order) -> dict[str, int]:
    if order.side == Order.Side.BUY:
        return {CURRENCY: order.price * order.remaining}
    return order_goods(order, order.remaining)


def _take(order: Order, quantity: int) -> None:
    order.remaining -= quantity
    if not order.remaining:
        order.state, order.closed_at = State.FILLED, clock.utc_now()


def _posting(order: Order, kind: str, key: str, moves: list[Move]) -> Posting:
    return Posting(
        kind=kind,
        idempotency_key=key,
        cause=f"market:{order.book_id}",
        moves=tuple(moves),
        actor_id=order.character_id,
    )
