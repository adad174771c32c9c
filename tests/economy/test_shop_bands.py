"""Shops follow the price of the market within the band of their offers, and never make money by it."""

from __future__ import annotations

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from aether.kernel import content
from apps.economy import services, shelves
from apps.economy.definitions import ShopDef
from apps.economy.errors import PriceChangedError
from apps.economy.rules.demand import market_pct
from apps.economy.services import shops
from tests.economy.cast import SHOP, character, deal, give
from tests.economy.test_market import place

pytestmark = pytest.mark.django_db
FIBRE = "reed_fibre"


@pytest.fixture(autouse=True)
def everybody_stands_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shops, "_presence", [])


def offered() -> tuple[int | None, int | None]:
    return next((each.buy, each.sell) for each in shelves.shop_offers(SHOP).offers if each.item == FIBRE)


def trade(price: int, *, buyers: int) -> None:
    """Have so many people buy fibre of somebody on the market at a price."""
    maker = character("Maker")
    give(maker, reed_fibre=buyers, glim=10_000)
    for n in range(buyers):
        place(maker, "sell", price, 1)
        buyer = character(f"Buyer {n}")
        give(buyer, glim=10_000)
        place(buyer, "buy", price, 1)


def test_without_a_market_the_prices_are_the_usual_ones() -> None:
    assert offered() == (6, 2)


@pytest.mark.parametrize(("price", "prices"), [(400, (7, 2)), (1, (5, 2)), (4, (6, 2))])
def test_a_shop_follows_the_market_as_far_as_its_band_goes(price: int, prices: tuple[int, int]) -> None:
    trade(price, buyers=3)
    assert offered() == prices


def test_two_friends_do_not_move_a_shop() -> None:
    trade(400, buyers=2)
    assert offered() == (6, 2)


def test_many_characters_of_one_account_do_not_move_a_shop_either() -> None:
    maker, first = character("Maker"), character("First")
    give(maker, reed_fibre=4, glim=10_000)
    for buyer in (first, *(character(f"Other {n}", account_of=first) for n in range(3))):
        give(buyer, glim=10_000)
        place(maker, "sell", 400, 1)
        place(buyer, "buy", 400, 1)
    assert offered() == (6, 2)


def test_the_deal_is_at_the_price_that_the_shop_shows() -> None:
    trade(400, buyers=3)
    alice = character()
    give(alice, glim=100)
    with pytest.raises(PriceChangedError):
        services.buy(deal(alice, FIBRE, 6))
    assert services.buy(deal(alice, FIBRE, 7)).total == 7


def test_what_is_sold_to_a_shop_lowers_its_price_though_the_market_is_dear() -> None:
    trade(400, buyers=3)
    alice = character()
    give(alice, reed_fibre=200)
    services.sell(deal(alice, FIBRE, 2, count=200))
    assert offered()[0] == 6


@seed(7)
@given(st.integers(1, 10**9), st.integers(-500, 500))
def test_no_price_of_the_market_makes_a_shop_pay_what_another_asks(price: int, demand: int) -> None:
    offers = [offer for shop in content.current().all(ShopDef).values() for offer in shop.offers]
    asked, paid = {}, {}
    for offer in offers:
        drift = offer.within(market_pct(price, offer.usual)) + demand
        if offer.buy is not None:
            asked[offer.item] = min(offer.at(offer.buy, drift), asked.get(offer.item, 10**12))
            assert offer.at(offer.buy, -offer.band_pct) <= offer.at(offer.buy, drift)
        if offer.sell is not None:
            paid[offer.item] = max(offer.at(offer.sell, drift), paid.get(offer.item, 0))
            assert offer.at(offer.sell, drift) <= offer.at(offer.sell, offer.band_pct)
    assert all(asked[item] > paid[item] for item in asked.keys() & paid.keys())
