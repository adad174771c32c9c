"""How an order meets a book: best price first, then the older; at the price of the one that was there."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Side = Literal["buy", "sell"]


class Resting(NamedTuple):
    """An order that waits in the book. Its owner is the account: two of its characters never trade."""

    order_id: int
    owner_id: int
    price: int
    remaining: int


class Fill(NamedTuple):
    """A part of the new order that a resting one takes, at its price."""

    resting: Resting
    quantity: int


class Match(NamedTuple):
    """What is filled, what is left, and whether it met one of its own account: then the rest is cancelled."""

    fills: list[Fill]
    rest: int
    is_self_match: bool


def crosses(side: Side, price: int, resting_price: int) -> bool:
    """Tell if a new order takes what a resting one asks or bids."""
    return resting_price <= price if side == "buy" else resting_price >= price


def match(side: Side, price: int, quantity: int, owner_id: int, *, resting: Iterable[Resting]) -> Match:
    """Fill a new order from the resting ones of the other side, which come in their order."""
    fills: list[Fill] = []
    rest = quantity
    for order in resting:
        if not rest or not crosses(side, price, order.price):
            break
        if order.owner_id == owner_id:
            return Match(fills, rest, is_self_match=True)
        taken = min(rest, order.remaining)
        fills.append(Fill(order, taken))
        rest -= taken
    return Match(fills, rest, is_self_match=False)


def entered(waiting: Sequence[Resting], side: Side, order: Resting) -> list[Resting]:
    """Return one side of a book with an order that waits from now on: after those that are as good."""
    kept = list(waiting)
    insort(kept, order, key=lambda each: (each.price if side == "sell" else -each.price, each.order_id))
    return kept


def left_after(waiting: Sequence[Resting], fills: Sequence[Fill]) -> list[Resting]:
    """Return what is left of one side of a book, of whose beginning these fills were taken."""
    kept = list(waiting[len(fills) :])
    if fills and (rest := fills[-1].resting.remaining - fills[-1].quantity):
        kept.insert(0, fills[-1].resting._replace(remaining=rest))
    return kept
