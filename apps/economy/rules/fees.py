"""What the market and the auction house keep: fees round up, and parts never cost less than the whole."""

from __future__ import annotations

LISTING_FEE_PCT = 1
SALE_TAX_PCT = 3
RAISE_PCT = 5
DEPOSIT_PCT = {12: 1, 24: 2, 48: 4}
"""The deposit of an auction, in per cent of its first bid, by its hours."""


def percent_up(amount: int, percent: int) -> int:
    """Return a percentage, rounded up."""
    return -(-amount * percent // 100)


def listing_fee(price: int, quantity: int) -> int:
    """Return what it costs to ask a price; it is not given back."""
    return max(1, percent_up(price * quantity, LISTING_FEE_PCT))


def sale_tax(proceeds: int, *, before: int = 0) -> int:
    """Return the tax on proceeds that come after others of the same order.

    The tax of an order is that of all its proceeds, however many parts they come in.
    """
    return percent_up(before + proceeds, SALE_TAX_PCT) - percent_up(before, SALE_TAX_PCT)


def least_bid(current: int | None, start: int) -> int:
    """Return what the next bid has to be: the first one, or the last one and a raise."""
    return start if current is None else current + max(1, percent_up(current, RAISE_PCT))


def deposit(start: int, hours: int) -> int:
    """Return what is lost when nobody bids."""
    return max(1, percent_up(start, DEPOSIT_PCT[hours]))
