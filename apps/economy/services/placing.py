"""Placing orders: those that come at the same time are placed one after the other, in one transaction.

The rows of the books are locked first, ascending, then everybody whom a fill may concern. What the orders
do is worked out in memory, and then written with one statement for each kind of row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from aether.kernel import clock
from aether.kernel.errors import GameError
from aether.kernel.transactions import transactional
from aether.protocol.market import OrderSeen
from apps.accounts import selectors as accounts
from apps.economy import market
from apps.economy.buckets import home
from apps.economy.definitions import CURRENCY
from apps.economy.errors import (
    BookHaltedError,
    CapacityError,
    FrozenError,
    InsufficientError,
    MarketFullError,
    SwitchedOffError,
)
from apps.economy.models import BALANCE_MAX, Book, Fill, Order
from apps.economy.rules.matching import Resting, Side, entered, left_after, match
from apps.economy.services import order_rows
from apps.economy.services.filling import Filling, homeward, placing, tell_books, tell_orders
from apps.economy.services.freezing import frozen_among
from apps.economy.services.goods import require_stackable
from apps.economy.services.ledger import Posting, lock_holders, post_all
from apps.economy.services.letters import Deliveries, deliveries
from apps.economy.services.order_rows import Appetite
from apps.economy.services.switches import Feature, is_on
from apps.economy.services.telling import tell_each_change

ORDERS_MAX = 50
"""How many open orders a character has."""

State = Order.State
Place = tuple[str, Side]
"""One side of the book of an item."""


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


def place_order(placement: Placement) -> OrderSeen:
    """Place an order: what it meets is filled at once, the rest waits in the book."""
    (placed,) = place_orders([placement])
    if isinstance(placed, GameError):
        raise placed
    return placed


@transactional
def place_orders(placements: Sequence[Placement]) -> list[OrderSeen | GameError]:
    """Place orders one after the other; one that is refused moves nothing, and is no matter to the others."""
    if not is_on(Feature.MARKET):
        return [SwitchedOffError(feature=str(Feature.MARKET.value)) for _ in placements]
    refusals = {n: refusal for n, each in enumerate(placements) if (refusal := _unsound(each))}
    sound = {n: each for n, each in enumerate(placements) if n not in refusals}
    if not sound:
        return list(refusals.values())
    trading_round = _open_round(list(sound.values()))
    placed: dict[int, Order | GameError] = dict(refusals)
    for n, each in sound.items():
        try:
            placed[n] = trading_round.place(each)
        except GameError as refusal:
            placed[n] = refusal
    trading_round.finish()
    found = [placed[n] for n in range(len(placements))]
    return [each if isinstance(each, GameError) else market.order_seen(each) for each in found]


def _unsound(placement: Placement) -> GameError | None:
    """Return why nobody could place such an order."""
    try:
        require_stackable(placement.item)
    except GameError as refusal:
        return refusal
    return CapacityError(asset=CURRENCY) if placement.price * placement.quantity > BALANCE_MAX else None


def _open_round(placements: Sequence[Placement]) -> Round:
    """Lock and read all that these orders may concern."""
    books = order_rows.locked_books(each.item for each in placements)
    waiting = order_rows.waiting_orders(_appetites(placements))
    resting = [order for orders in waiting.values() for order in orders]
    assets: dict[int, set[str]] = defaultdict(lambda: {CURRENCY})
    for placement in placements:
        assets[placement.character_id].add(placement.item)
    placers = set(assets)
    for order in resting:
        assets[order.character_id].add(order.book_id)
    lock_holders(assets)
    owners = Owners(accounts.accounts_of(assets))
    return Round(
        books=books,
        owners=owners,
        waiting={place: [owners.resting(order) for order in orders] for place, orders in waiting.items()},
        orders={order.pk: order for order in resting},
        earlier=order_rows.orders_with_keys(each.idempotency_key for each in placements),
        open_counts=order_rows.open_counts(placers),
        frozen=frozen_among(placers),
        numbers=order_rows.next_ids(len(placements)),
        delivery=deliveries(assets, cause=""),
    )


def _appetites(placements: Iterable[Placement]) -> dict[Place, Appetite]:
    """Return how deep these orders may reach, whoever of them is refused."""
    found: dict[Place, Appetite] = {}
    for each in placements:
        best = max if each.side == "buy" else min
        place = each.item, _other(each.side)
        limit, quantity = found.get(place, Appetite(each.price, 0))
        found[place] = Appetite(best(limit, each.price), quantity + each.quantity)
    return found


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose orders are: those of one account never meet each other."""

    accounts: Mapping[int, int]

    def of(self, order: Order) -> int:
        """Return the account, or what is no account where there is none any more."""
        return self.accounts.get(order.character_id, -order.character_id)

    def resting(self, order: Order) -> Resting:
        return Resting(order.pk, self.of(order), order.price, order.remaining)


@dataclass(slots=True)
class Round:
    """Orders that are placed in memory, one after the other, and what has to be written of them."""

    books: dict[str, Book]
    owners: Owners
    waiting: dict[Place, list[Resting]]
    orders: dict[int, Order]
    earlier: dict[str, Order]
    open_counts: dict[int, int]
    frozen: frozenset[int]
    numbers: list[int]
    delivery: Deliveries
    _new: list[Order] = field(default_factory=list)
    _met: dict[int, Order] = field(default_factory=dict)
    _fills: list[Fill] = field(default_factory=list)
    _postings: list[Posting] = field(default_factory=list)
    _deliveries: dict[str, Deliveries] = field(default_factory=dict)

    def place(self, placement: Placement) -> Order:
        """Place an order, or refuse it and change nothing."""
        if (earlier := self.earlier.get(placement.idempotency_key)) is not None:
            return earlier
        if placement.character_id in self.frozen:
            raise FrozenError()
        if self.books[placement.item].is_halted:
            raise BookHaltedError(item=placement.item)
        if self.open_counts[placement.character_id] >= ORDERS_MAX:
            raise MarketFullError(most=ORDERS_MAX)
        order = _new_order(self.numbers[0], placement)
        entry = placing(order)
        self._require_held(entry)
        self.numbers.pop(0)
        self._delivery_of(order).spend(entry.moves)
        self._postings.append(entry)
        self._exchange(order, placement.side)
        self._new.append(order)
        self.earlier[order.idempotency_key] = self.orders[order.pk] = order
        return order

    def finish(self) -> None:
        """Write everything down, and tell of it."""
        ordered = {order.book_id for order in self._new}
        order_rows.forget_empty(book for item, book in self.books.items() if item not in ordered)
        if not self._new:
            return
        new = {order.pk for order in self._new}
        order_rows.write_orders(self._new)
        order_rows.keep_orders([order for order in self._met.values() if order.pk not in new])
        order_rows.write_fills(self._fills)
        post_all(self._postings)
        for delivery in self._deliveries.values():
            delivery.finish()
        tell_each_change((posting.cause, posting.moves) for posting in self._postings)
        tell_orders(self._met.values())
        tell_books(sorted(ordered))

    def _require_held(self, entry: Posting) -> None:
        """Refuse what sets aside more than its owner carries, in the order in which things happen."""
        for move in entry.moves:
            owner = move.source.owner_id
            carried = self.delivery.held[owner].get(move.asset, 0)
            if move.source == home(owner, move.asset) and carried < move.amount:
                missing = move.amount - carried
                raise InsufficientError(asset=move.asset, needed=move.amount, missing=missing)

    def _exchange(self, order: Order, side: Side) -> None:
        """Fill an order with what it meets; the rest waits, or goes home where it met one of its account."""
        delivery, place = self._delivery_of(order), (order.book_id, _other(side))
        resting = self.waiting.get(place, [])
        found = match(side, order.price, order.quantity, self.owners.of(order), resting=resting)
        self.waiting[place] = left_after(resting, found.fills)
        filling = Filling(order, delivery)
        for fill in found.fills:
            met = self._met[fill.resting.order_id] = self.orders[fill.resting.order_id]
            posting, row = filling.fill(met, fill.quantity)
            self._postings.append(posting)
            self._fills.append(row)
            if met.state != State.OPEN and met.character_id in self.open_counts:
                self.open_counts[met.character_id] -= 1
        if found.is_self_match:
            order.state, order.closed_at = State.CANCELLED, clock.utc_now()
            self._postings.append(homeward(order, delivery))
        elif found.rest:
            self.open_counts[order.character_id] += 1
            here = order.book_id, side
            self.waiting[here] = entered(self.waiting.get(here, []), side, self.owners.resting(order))

    def _delivery_of(self, order: Order) -> Deliveries:
        """Return the deliveries of a book: all know what everybody holds."""
        found = self._deliveries.get(order.book_id)
        if found is None:
            cause = f"market:{order.book_id}"
            found = Deliveries(cause, self.delivery.held, self.delivery.rooms)
            self._deliveries[order.book_id] = found
        return found


def _new_order(number: int, placement: Placement) -> Order:
    now = clock.utc_now()
    return Order(
        pk=number,
        book_id=placement.item,
        character_id=placement.character_id,
        side=placement.side,
        price=placement.price,
        quantity=placement.quantity,
        remaining=placement.quantity,
        state=State.OPEN,
        idempotency_key=placement.idempotency_key,
        placed_at=now,
        expires_at=now + timedelta(days=placement.days),
    )


def _other(side: Side) -> Side:
    return "sell" if side == "buy" else "buy"
