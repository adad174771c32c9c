"""What shops buy and sell now, and for how much."""

from __future__ import annotations

from collections.abc import Iterable

from aether.kernel import clock, content
from aether.protocol.economy import Offer, ShopOffers
from apps.economy.definitions import ShopDef, ShopOffer
from apps.economy.models import ShopDrift
from apps.economy.occasions import offered
from apps.economy.quotes import market_prices
from apps.economy.rules import demand


def shop_offers(shop_id: str) -> ShopOffers:
    """Return what a shop buys and sells, and for how much."""
    shop = content.current().get(ShopDef, shop_id)
    shown = offered(shop)
    offers = [
        Offer(
            item=offer.item,
            buy=None if offer.buy is None else offer.at(offer.buy, drift),
            sell=None if offer.sell is None else offer.at(offer.sell, drift),
        )
        for offer, drift in zip(shop.offers, _drifts(shop), strict=True)
        if offer in shown
    ]
    return ShopOffers(shop=shop.id, offers=offers)


def _drifts(shop: ShopDef) -> list[int]:
    """Return by how many percent the market and the demand for each offer move its prices now."""
    banded = any(offer.band_pct for offer in shop.offers)
    rows = ShopDrift.objects.filter(shop=shop.id).values_list("item", "pressure", "at") if banded else []
    now = clock.utc_now()
    found = {
        item: demand.drift_pct(demand.left(pressure, (now - at).total_seconds()))
        for item, pressure, at in rows
    }
    market = market_drifts(shop.offers)
    return [market.get(offer.item, 0) + found.get(offer.item, 0) for offer in shop.offers]


def market_drifts(offers: Iterable[ShopOffer]) -> dict[str, int]:
    """Return by how many percent the market moves offers, where it has a price that several have paid."""
    banded = {offer.item: offer for offer in offers if offer.band_pct}
    return {
        item: banded[item].within(demand.market_pct(price, banded[item].usual))
        for item, price in market_prices(banded).items()
    }
