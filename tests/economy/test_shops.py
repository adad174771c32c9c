"""Shops deal at their own price, within what both sides have."""

from __future__ import annotations

import pytest

from apps.economy import selectors, services, shelves
from apps.economy.errors import (
    BoundItemError,
    InsufficientError,
    NotHeldError,
    NotTradedError,
    PriceChangedError,
    WornItemError,
)
from apps.economy.services import shops
from tests.economy.cast import SHOP, character, deal, give, item_id, stacks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everybody_stands_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shops, "_presence", [])


def test_buying_exchanges_glim_for_goods() -> None:
    alice = character()
    give(alice, glim=100)
    receipt = services.buy(deal(alice, "marsh_tonic", 12, count=3))
    assert (receipt.total, receipt.glim) == (36, 64)
    assert stacks(alice) == {"marsh_tonic": 3}


def test_buying_equipment_makes_instances() -> None:
    alice = character()
    give(alice, glim=200)
    services.buy(deal(alice, "reed_hook", 60, count=2))
    assert [each.item for each in selectors.inventory(alice).items] == ["reed_hook", "reed_hook"]


def test_selling_stacks_and_instances_earns_glim() -> None:
    alice = character()
    give(alice, reed_fibre=4, reed_hook=1)
    services.sell(deal(alice, "reed_fibre", 2, count=4, key="a"))
    receipt = services.sell(deal(alice, item_id(alice, "reed_hook"), 15, key="b"))
    assert receipt.glim == 23
    assert selectors.inventory(alice).items == []


def test_a_repeated_purchase_answers_the_same_and_buys_once() -> None:
    alice = character()
    give(alice, glim=100)
    first = services.buy(deal(alice, "marsh_tonic", 12))
    assert services.buy(deal(alice, "marsh_tonic", 12)) == first
    assert stacks(alice) == {"marsh_tonic": 1}


def test_the_expected_price_has_to_be_the_price() -> None:
    alice = character()
    give(alice, glim=100)
    with pytest.raises(PriceChangedError) as refusal:
        services.buy(deal(alice, "marsh_tonic", 1))
    assert refusal.value.details["price"] == 12
    assert selectors.glim(alice) == 100


def test_without_glim_nothing_is_sold() -> None:
    alice = character()
    give(alice, glim=11)
    with pytest.raises(InsufficientError):
        services.buy(deal(alice, "marsh_tonic", 12))
    assert stacks(alice) == {}


@pytest.mark.parametrize(("item", "price"), [("bog_charm", 60), ("moor_licence", 1), ("nonsense", 1)])
def test_what_the_shop_does_not_sell_cannot_be_bought(item: str, price: int) -> None:
    alice = character()
    give(alice, glim=1000)
    with pytest.raises(NotTradedError):
        services.buy(deal(alice, item, price))


def test_a_worn_item_is_not_sold() -> None:
    alice = character()
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    with pytest.raises(WornItemError):
        services.sell(deal(alice, hook, 15))


def test_an_instance_is_sold_once_whatever_the_count() -> None:
    alice = character()
    give(alice, reed_hook=1)
    with pytest.raises(NotHeldError):
        services.sell(deal(alice, item_id(alice, "reed_hook"), 15, count=2))


def test_who_is_not_near_the_keeper_cannot_trade() -> None:
    def refuse(character_id: int, npc: str) -> None:
        raise BoundItemError

    services.register_presence(refuse)
    with pytest.raises(BoundItemError):
        services.buy(deal(character(), "marsh_tonic", 12))


def test_the_offers_name_both_prices() -> None:
    offers = {offer.item: (offer.buy, offer.sell) for offer in shelves.shop_offers(SHOP).offers}
    assert offers["marsh_tonic"] == (12, 4)
    assert offers["bog_charm"] == (None, 60)
