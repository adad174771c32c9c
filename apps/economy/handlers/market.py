"""Commands of the market."""

from __future__ import annotations

from collections.abc import Sequence

from aether.kernel.dispatch import Caller, handles, handles_together
from aether.kernel.errors import GameError
from aether.protocol.market import (
    Books,
    BookSeen,
    CancelOrder,
    Candles,
    Orders,
    OrderSeen,
    PlaceOrder,
    ReadBook,
    ReadBooks,
    ReadCandles,
    ReadOrders,
)
from apps.economy import market, services
from apps.economy.handlers.keys import key


@handles(ReadBooks)
def read_books(caller: Caller, command: ReadBooks) -> Books:
    return market.books()


@handles(ReadBook)
def read_book(caller: Caller, command: ReadBook) -> BookSeen:
    return market.book(command.item, character_id=caller.character_id)


@handles(ReadCandles)
def read_candles(caller: Caller, command: ReadCandles) -> Candles:
    return market.candles(command.item, command.interval)


@handles(ReadOrders)
def read_orders(caller: Caller, command: ReadOrders) -> Orders:
    return market.orders_of(caller.character_id, scope=command.scope, before=command.before)


@handles_together(PlaceOrder, about=lambda command: command.item)
def place(asked: Sequence[tuple[Caller, PlaceOrder]]) -> Sequence[OrderSeen | GameError]:
    return services.place_orders([_placement(caller, command) for caller, command in asked])


@handles(CancelOrder)
def cancel(caller: Caller, command: CancelOrder) -> OrderSeen:
    return services.cancel_order(character_id=caller.character_id, order_id=command.order)


def _placement(caller: Caller, command: PlaceOrder) -> services.Placement:
    return services.Placement(
        character_id=caller.character_id,
        item=command.item,
        side=command.side,
        price=command.price,
        quantity=command.quantity,
        days=command.days,
        idempotency_key=key("market_place", caller),
    )
