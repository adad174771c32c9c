"""Who acted in good faith: what was a sale, what was a gift, and which gifts are too long ago."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.economy.rules.rollback.found import CURRENCY, FoundEntry, FoundLine, Hop

GIFT_REACH = timedelta(days=7)
SALE_PCT = 50
"""A price from this share of the reference on is a sale at arm's length."""

Net = dict[tuple[int, str], int]
"""What each character gained (above zero) or lost in an entry, by asset."""


def net_of(entry: FoundEntry) -> Net:
    """Return what an entry did to each character, whichever of its buckets it was in."""
    return net_of_lines(entry.lines)


def net_of_lines(lines: Iterable[FoundLine]) -> Net:
    net: Net = {}
    for line in lines:
        if line.place.is_player:
            key = line.place.owner_id, line.asset
            net[key] = net.get(key, 0) + line.amount
    return {key: amount for key, amount in net.items() if amount}


def is_sale(net: Net, worth: dict[str, int]) -> bool:
    """Tell if everybody who gained something in an entry between characters paid for it fairly.

    Where nobody knows what something is worth, whatever was given for it is fair.
    """
    gained: dict[int, int] = {}
    paid: dict[int, int] = {}
    for (owner, asset), amount in net.items():
        side = gained if amount > 0 else paid
        side[owner] = side.get(owner, 0) + abs(amount) * _worth(asset, worth)
    if any(asset != CURRENCY and not worth.get(asset) for _, asset in net):
        return set(gained) <= set(paid)
    return all(who in paid and is_fair(paid[who], value) for who, value in gained.items())


def is_fair(price: int, worth: int) -> bool:
    """Tell if a price is one of strangers. Where nobody knows the worth, any price is."""
    return price > 0 and price * 100 >= worth * SALE_PCT


def was_sold(hop: Hop, asset: str, worth: dict[str, int]) -> bool:
    """Tell if a unique item changed its owner by a sale at arm's length."""
    return hop.target.is_player and hop.source.is_player and is_fair(hop.price, worth.get(asset, 0))


def is_too_old(at: datetime, now: datetime) -> bool:
    """Tell if a gift lies too far back to be asked for again."""
    return now - at > GIFT_REACH


def _worth(asset: str, worth: dict[str, int]) -> int:
    return 1 if asset == CURRENCY else worth.get(asset, 0)
