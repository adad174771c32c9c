"""What things cost today: what the market and the shops quote, shown to who is about to deal.

A quote is a hint beside a deal that is still open, read at each of its steps, so it takes one look at sums
that are kept. It says what it would cost to get the thing again: where nobody has sold it, what shops ask.
Two friends may talk a quote up by selling to each other; then somebody is warned for nothing. Shops follow
it only where several people have bought lately, and only within the band of their offer. What judges a deal
that is done, and must not be talked up, is `valuing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import connection

from aether.kernel import content
from aether.kernel.clock import utc_now
from apps.accounts import selectors as accounts
from apps.economy.definitions import CURRENCY, ShopDef
from apps.economy.models import ItemInstance

REFERENCE_DAYS = 30
BUYERS_MIN = 3
FILLS_LOOKED_AT = 100
"""So many of the last fills of a book tell if several people buy there."""

_MEDIANS = """
    SELECT book_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY turnover / quantity) FROM economy_dailysales
    WHERE book_id = ANY(%s) AND day > %s::date - %s GROUP BY book_id
"""
_BUYERS = """
    SELECT item, ARRAY(
        SELECT DISTINCT bought.character_id FROM (
            SELECT buy_order_id FROM economy_fill WHERE book_id = wanted.item AND at > %s
            ORDER BY at DESC LIMIT %s
        ) AS fill JOIN economy_order AS bought ON bought.id = fill.buy_order_id
    ) FROM unnest(%s::text[]) AS wanted (item)
"""


def references(items: Iterable[str]) -> dict[str, int]:
    """Return the usual price of one, of those items that have any.

    It is the median of the daily averages of a month on the market; else what the shops say.
    """
    wanted, shops = set(items), _shop_quotes()
    return {item: shops[item] for item in wanted if item in shops} | _medians(wanted)


def market_prices(items: Iterable[str]) -> dict[str, int]:
    """Return the usual price of one on the market, of those items that several people have bought lately."""
    wanted = sorted(set(items))
    if not wanted:
        return {}
    bought = _bought_by_several(wanted)
    return _medians(bought) if bought else {}


def firm_prices(items: Iterable[str]) -> dict[str, int]:
    """Return the price of one that two people cannot talk down between themselves, where there is any.

    It is what shops say, or what several people have paid on the market, where that is more.
    """
    wanted, shops = set(items), _shop_quotes()
    paid = market_prices(wanted)
    known = {item: max(shops.get(item, 0), paid.get(item, 0)) for item in wanted}
    return {item: price for item, price in known.items() if price}


def worths(offers: Sequence[Mapping[str, int]], instances: Mapping[str, ItemInstance]) -> list[int | None]:
    """Return what each of some offers is worth; None where something in it has no price."""
    named = [
        {instances[asset].definition if asset in instances else asset for asset in offer} for offer in offers
    ]
    items = set().union(*named) - {CURRENCY}
    known = {**(references(items) if items else {}), CURRENCY: 1}
    return [
        sum(
            known[instances[asset].definition if asset in instances else asset] * amount
            for asset, amount in offer.items()
        )
        if names <= known.keys()
        else None
        for offer, names in zip(offers, named, strict=True)
    ]


def _bought_by_several(items: list[str]) -> list[str]:
    """Return which items several people have bought lately; all characters of an account are one of them."""
    since = utc_now() - timedelta(days=REFERENCE_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_BUYERS, [since, FILLS_LOOKED_AT, items])
        buyers = {item: who for item, who in cursor.fetchall() if len(who) >= BUYERS_MIN}
    people = accounts.accounts_of({each for who in buyers.values() for each in who}) if buyers else {}
    return [item for item, who in buyers.items() if len({people.get(each) for each in who}) >= BUYERS_MIN]


def _medians(items: Iterable[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_MEDIANS, [sorted(items), utc_now().date(), REFERENCE_DAYS])
        return dict(cursor.fetchall())


def _shop_quotes() -> dict[str, int]:
    """Return what the cheapest shop asks, or the best one pays where none sells it."""
    offers = [offer for shop in content.current().all(ShopDef).values() for offer in shop.offers]
    paid = {offer.item: offer.sell for offer in offers if offer.sell is not None}
    asked: dict[str, int] = {}
    for offer in offers:
        if offer.buy is not None:
            asked[offer.item] = min(offer.buy, asked.get(offer.item, offer.buy))
    return paid | asked
