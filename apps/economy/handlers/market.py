"""Commands of the market."""

from __future__ import annotations

from aether.kernel.dispatch import Caller, handles
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
    return market.orders_of(caller.character_id, before=command.before)


@handles(PlaceOrder)
def place(caller: Caller, command: PlaceOrder) -> OrderSeen:
    return services.place_order(
        services.Placement(
            character_id=caller.character_id,
            item=command.item,
            side=command.side,
            price=command.price,
            quantity=command.quantity,
            days=command.days,
            idempotency_key=key("market_place", caller),
        )
    )


@handles(CancelOrder)
def cancel(caller: Caller, command: CancelOrder) -> OrderSeen:
    return services.cancel_order(character_id=caller.character_id, order_id=command.order)
