"""What things were worth at a moment: evidence for judging deals that are done, by rollback and radar.

All sales between people count, wherever they were made and of unique items too, once three have bought the
thing, but not those of people under suspicion: that takes a look at a month of the ledger. Where there are
none, it is worth the least that shops give or ask, so that nobody who paid as much is taken for an
accomplice. What is shown at each step to who is about to deal is a quote of today (`quotes`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from aether.kernel import content
from apps.economy.definitions import CURRENCY, ShopDef
from apps.economy.models import ItemInstance

INSTANCE = "item:"
PRICE_DAYS = 30
BUYERS_MIN = 3
"""So many have to have paid for a thing before what they paid is its price: two may have agreed on it."""

SALES = """
    SELECT goods.entry_id, entry.at, goods.asset, goods.amount,
        goods.owner_id AS buyer, paid.owner_id AS seller, paid.amount AS price
    FROM (
        SELECT entry_id, asset, owner_id, sum(amount) AS amount,
            count(*) OVER (PARTITION BY entry_id) AS kinds
        FROM economy_line JOIN economy_account AS account ON account.id = account_id
        WHERE owner_type = 'character' AND asset <> 'glim' AND entry_id IN ({entries})
        GROUP BY entry_id, asset, owner_id HAVING sum(amount) <> 0
    ) AS goods JOIN (
        SELECT entry_id, owner_id, sum(amount) AS amount
        FROM economy_line JOIN economy_account AS account ON account.id = account_id
        WHERE owner_type = 'character' AND asset = 'glim' AND entry_id IN ({entries})
        GROUP BY entry_id, owner_id HAVING sum(amount) > 0
    ) AS paid ON paid.entry_id = goods.entry_id AND paid.owner_id <> goods.owner_id
    JOIN economy_entry AS entry ON entry.id = goods.entry_id
    WHERE goods.amount > 0 AND goods.kinds = 2
"""
"""Sales of one kind of thing between two people: what one gained in goods, the other gained in glim."""

# Entries between people: only those have goods and glim of two owners.
_RECENT = """
    SELECT id FROM economy_entry WHERE at >= %s AND at < %s
        AND kind NOT IN ('grant', 'take', 'equip', 'unequip', 'buy', 'sell')
"""
_MEDIANS = f"""
    WITH sold AS (
        SELECT coalesce(item.definition, sale.asset) AS thing, date_trunc('day', at) AS day,
            buyer, price, amount
        FROM ({SALES.format(entries=_RECENT)}) AS sale
        LEFT JOIN economy_iteminstance AS item ON sale.asset = 'item:' || item.id
        WHERE buyer <> ALL(%s) AND seller <> ALL(%s)
    ), known AS (
        SELECT thing FROM sold GROUP BY thing HAVING count(DISTINCT buyer) >= {BUYERS_MIN}
    ), daily AS (
        SELECT thing, day, round(sum(price) / sum(amount)) AS price FROM sold JOIN known USING (thing)
        GROUP BY thing, day
    )
    SELECT thing, percentile_disc(0.5) WITHIN GROUP (ORDER BY price)::bigint FROM daily GROUP BY thing
"""  # noqa: S608 - only texts from here


def reference_prices(at: datetime, *, without: Iterable[int] = ()) -> dict[str, int]:
    """Return the price of one of each thing at a moment, by the name of its definition.

    What the characters `without` bought and sold does not count.
    """
    since, suspects = at - timedelta(days=PRICE_DAYS), list(without)
    with connection.cursor() as cursor:
        cursor.execute(_MEDIANS, [since, at, since, at, suspects, suspects])
        paid = {thing: price for thing, price in cursor.fetchall() if price > 0}
    return _least_at_shops() | paid


def worth_of(assets: Iterable[str], at: datetime, *, without: Iterable[int] = ()) -> dict[str, int]:
    """Return what one of each of some assets is worth, where anybody knows."""
    wanted = set(assets)
    prices = reference_prices(at, without=without)
    ids = [UUID(asset.removeprefix(INSTANCE)) for asset in wanted if asset.startswith(INSTANCE)]
    instances = dict(ItemInstance.objects.filter(id__in=ids).values_list("id", "definition"))
    worth = {f"{INSTANCE}{pk}": prices[name] for pk, name in instances.items() if name in prices}
    worth |= {asset: prices[asset] for asset in wanted if asset in prices}
    return {CURRENCY: 1} | worth


def _least_at_shops() -> dict[str, int]:
    """Return what shops pay for a thing, or ask where none buys it: the least that it is worth."""
    prices: dict[str, int] = {}
    for shop in content.current().all(ShopDef).values():
        for offer in shop.offers:
            price = offer.sell or offer.buy
            if price:
                prices[offer.item] = min(price, prices.get(offer.item, price))
    return prices
