"""The prices at shops: the market and each deal move them, within the band of the offer."""

from __future__ import annotations

from django.db import connection

from aether.kernel import clock, content
from apps.economy import shelves
from apps.economy.definitions import ShopDef, ShopOffer
from apps.economy.models import ShopDrift
from apps.economy.rules import demand

PRESSURE_MAX = 10**6

_PRESS = """
    INSERT INTO economy_shopdrift (shop, item, pressure, at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (shop, item) DO UPDATE SET pressure = excluded.pressure, at = excluded.at
"""


def drift_pct(shop: str, offer: ShopOffer) -> int:
    """Return by how many percent market and demand move an offer's prices; who deals meanwhile waits."""
    if not offer.band_pct:
        return 0
    return shelves.market_drifts([offer]).get(offer.item, 0) + demand.drift_pct(_left(shop, offer.item))


def press(shop: str, item: str, count: int) -> None:
    """Let a deal move the demand: positive when the shop has sold."""
    offers = content.current().get(ShopDef, shop).offers
    if not any(offer.item == item and offer.band_pct for offer in offers):
        return
    pressure = max(-PRESSURE_MAX, min(PRESSURE_MAX, _left(shop, item) + count))
    with connection.cursor() as cursor:
        cursor.execute(_PRESS, [shop, item, pressure, clock.utc_now()])


def _left(shop: str, item: str) -> int:
    row = ShopDrift.objects.select_for_update().filter(shop=shop, item=item).first()
    if row is None:
        return 0
    return demand.left(row.pressure, (clock.utc_now() - row.at).total_seconds())
