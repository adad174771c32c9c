"""Wire types of the market: orders for what stacks, the depth of a book, and how prices went."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Update, Wire
from aether.protocol.economy import ContentId
from aether.protocol.exchange import Reference

OrderSide = Literal["buy", "sell"]
OrderState = Literal["open", "filled", "cancelled", "expired"]
OrderScope = Literal["all", "open", "past"]
Interval = Literal["hour", "day"]
OrderPrice = Annotated[int, msgspec.Meta(ge=1, le=10**9)]
OrderQuantity = Annotated[int, msgspec.Meta(ge=1, le=10**6)]
OrderDays = Annotated[int, msgspec.Meta(ge=1, le=14)]


class OrderSeen(Wire, frozen=True, kw_only=True):
    """An order of the reader. `proceeds` is what a sale has brought so far, before its tax."""

    id: int
    item: str
    side: OrderSide
    price: int
    quantity: int
    remaining: int
    proceeds: int
    state: OrderState
    placed_at: float
    expires_at: float


class OrderKept(OrderSeen, frozen=True, kw_only=True):
    """An order with what has come of it: `paid` is the glim that changed hands for it so far, to the seller
    but for the `tax`. What a purchase did not need has come back.
    """

    paid: int
    tax: int


class Level(Wire, frozen=True, kw_only=True):
    """How much is asked or offered at one price, by how many orders."""

    price: int
    quantity: int
    orders: int


class Sale(Wire, frozen=True, kw_only=True):
    """What was exchanged in a book, and when; whose it was is told to nobody else."""

    id: int
    price: int
    quantity: int
    at: float


class BookSeen(Wire, frozen=True, kw_only=True):
    """A book: best levels first. `reference` is the usual price of one, null where there is none."""

    item: str
    is_halted: bool
    bids: list[Level]
    asks: list[Level]
    last_price: int | None
    reference: int | None
    volume_day: int
    sales: list[Sale]
    mine: list[OrderSeen]


class BookDepth(Wire, frozen=True, kw_only=True):
    """What everybody sees of a book: best levels and latest sales first."""

    item: str
    is_halted: bool
    bids: list[Level]
    asks: list[Level]
    last_price: int | None
    reference: int | None
    volume_day: int
    sales: list[Sale]


class BookSummary(Wire, frozen=True, kw_only=True):
    item: str
    bid: int | None
    ask: int | None
    last_price: int | None
    volume_day: int


class Books(Wire, frozen=True, kw_only=True):
    """The books in which something was ever ordered."""

    books: list[BookSummary]


class Candle(Wire, frozen=True, kw_only=True):
    """What happened to a price from `at` on, for an hour or a day."""

    at: float
    open: int
    high: int
    low: int
    close: int
    volume: int


class Candles(Wire, frozen=True, kw_only=True):
    item: str
    interval: Interval
    candles: list[Candle]


class Orders(Wire, frozen=True, kw_only=True):
    """Orders of a character, newest first; `before` continues the list, null at its end."""

    orders: list[OrderKept]
    before: int | None


class ReadBooks(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.market"
    reply_type: ClassVar[type[Wire]] = Books
    is_durable: ClassVar[bool] = False


class ReadBook(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.market_book"
    reply_type: ClassVar[type[Wire]] = BookSeen
    is_durable: ClassVar[bool] = False

    item: ContentId


class ReadCandles(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.market_candles"
    reply_type: ClassVar[type[Wire]] = Candles
    is_durable: ClassVar[bool] = False

    item: ContentId
    interval: Interval


class ReadOrders(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One's own orders in all books: those that wait, those that are over, or all."""

    type_name: ClassVar[str] = "economy.market_orders"
    reply_type: ClassVar[type[Wire]] = Orders
    is_durable: ClassVar[bool] = False

    scope: OrderScope = "all"
    before: Reference | None = None


class PlaceOrder(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Buy at most at, or sell at least for, `price` each; what is not filled waits in the book."""

    type_name: ClassVar[str] = "economy.market_place"
    reply_type: ClassVar[type[Wire]] = OrderSeen

    item: ContentId
    side: OrderSide
    price: OrderPrice
    quantity: OrderQuantity
    days: OrderDays = 14


class CancelOrder(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.market_cancel"
    reply_type: ClassVar[type[Wire]] = OrderSeen

    order: Reference


class OrderChanged(Update, frozen=True, kw_only=True):
    """On `me`: an order of one's own was filled in part or whole, cancelled, or its time is over."""

    type_name: ClassVar[str] = "economy.market_order_changed"

    order: OrderSeen


class MarketSnapshot(Update, frozen=True, kw_only=True):
    """On `market:<item>`: the book as it is when somebody begins to follow it."""

    type_name: ClassVar[str] = "market.snapshot"

    book: BookDepth


class MarketChanged(Update, frozen=True, kw_only=True):
    """On `market:<item>`: the book as it is now, after something in it has changed; a few times a second."""

    type_name: ClassVar[str] = "market.changed"

    book: BookDepth
