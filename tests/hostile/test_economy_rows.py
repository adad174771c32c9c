"""Hostile economy: races, overflows and forged numbers move nothing that should not move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from django.db import transaction

from aether.kernel import content
from aether.kernel.content.loading import from_documents
from aether.kernel.errors import GameError
from aether.protocol.economy import BuyFromShop, EquipItem, SellToShop
from apps.economy import auditing, selectors, services
from apps.economy.buckets import wallet
from apps.economy.errors import (
    BoundItemError,
    CapacityError,
    InsufficientError,
    ItemRetiredError,
    NotHeldError,
    NotTradedError,
    PriceChangedError,
)
from apps.economy.models import BALANCE_MAX, Entry
from apps.economy.services import awards, shops
from apps.economy.services.ledger import Move, Posting, post
from tests.economy.cast import SHOP, all_at_once, character, deal, give, item_id, mint, stacks

pytestmark = pytest.mark.django_db
racing = pytest.mark.django_db(transaction=True)
"""For tests with threads: each has a connection of its own."""


@pytest.fixture(autouse=True)
def _everybody_stands_near(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shops, "_presence", [])
    yield
    assert auditing.audit_ledger() == []


def refusals(results: list[Any]) -> list[str]:
    """Return the codes of the refusals; anything else that was raised is a bug."""
    raised = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, GameError) for error in raised), raised
    return [error.code for error in raised]


@racing
def test_r07_the_same_coins_are_spent_once() -> None:
    alice = character()
    give(alice, glim=20)
    results = all_at_once(
        *(lambda key=str(n): services.buy(deal(alice, "marsh_tonic", 12, key=key)) for n in range(8))
    )
    assert refusals(results) == ["economy.insufficient"] * 7
    assert (selectors.glim(alice), stacks(alice)) == (8, {"marsh_tonic": 1})


@racing
def test_r07_the_same_purchase_on_two_gateways_is_one() -> None:
    alice = character()
    give(alice, glim=200)
    results = all_at_once(*[lambda: services.buy(deal(alice, "marsh_tonic", 12))] * 6)
    assert refusals(results) == []
    assert len(set(map(repr, results))) == 1
    assert selectors.glim(alice) == 188


@racing
def test_r08_a_stack_sold_from_all_sides_is_conserved() -> None:
    alice = character()
    give(alice, reed_fibre=5)
    results = all_at_once(
        *(lambda key=str(n): services.sell(deal(alice, "reed_fibre", 2, count=2, key=key)) for n in range(6))
    )
    assert refusals(results) == ["economy.insufficient"] * 4
    assert (selectors.glim(alice), stacks(alice)) == (8, {"reed_fibre": 1})


@pytest.mark.parametrize("count", [0, -1, 6])
def test_r08_no_other_part_of_a_stack_can_be_sold(count: int) -> None:
    alice = character()
    give(alice, reed_fibre=5)
    with pytest.raises((InsufficientError, AssertionError)):
        services.sell(deal(alice, "reed_fibre", 2, count=count))
    assert stacks(alice) == {"reed_fibre": 5}


@racing
def test_r09_a_reward_claimed_from_all_sides_is_paid_once() -> None:
    alice = character()
    claim = {"character_id": alice, "cause": "chest:c", "idempotency_key": "c", "loot": "lt_reedmoor_chest"}
    results = all_at_once(*[lambda: services.grant(**claim)] * 10)
    assert refusals(results) == []
    assert len(set(map(repr, results))) == 1
    assert Entry.objects.filter(idempotency_key="c").count() == 1


@pytest.mark.parametrize("failing", ["save_instances", "tell_change"])
def test_r10_a_crash_between_the_steps_leaves_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    alice = character()
    give(alice, glim=100)

    def crash(*arguments: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(shops, failing, crash)
        with pytest.raises(RuntimeError):
            services.buy(deal(alice, "reed_hook", 60))
    assert (selectors.glim(alice), selectors.inventory(alice).items) == (100, [])
    assert services.buy(deal(alice, "reed_hook", 60)).glim == 40


def test_r10_a_crash_in_a_grant_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = character()
    with monkeypatch.context() as broken:
        broken.setattr(awards, "_tell", lambda *arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            give(alice, glim=5, reed_hook=1)
    assert selectors.inventory(alice).glim == 0
    give(alice, glim=5, reed_hook=1)
    assert selectors.glim(alice) == 5


@racing
def test_r12_opposite_transfers_at_once_both_settle() -> None:
    alice, bob = character(), character("Bob")
    mint(alice, 1000, "a")
    mint(bob, 1000, "b")

    def transfer(source: int, target: int, key: str) -> Callable[[], None]:
        def run() -> None:
            move = Move(asset="glim", amount=10, source=wallet(source), target=wallet(target))
            with transaction.atomic():
                post(Posting(kind="test", idempotency_key=key, cause="test:1", moves=(move,)))

        return run

    works = [transfer(*pair, f"{n}") for n in range(8) for pair in [((alice, bob), (bob, alice))[n % 2]]]
    assert refusals(all_at_once(*works)) == []
    assert (selectors.glim(alice), selectors.glim(bob)) == (1000, 1000)


@racing
def test_r18_what_has_just_arrived_can_be_used_at_once() -> None:
    alice = character()
    give(alice, glim=60)
    services.buy(deal(alice, "reed_hook", 60))
    hook = item_id(alice, "reed_hook")
    works = [
        lambda: services.equip(character_id=alice, item_id=hook, idempotency_key="e"),
        lambda: services.sell(deal(alice, hook, 15, key="s")),
    ]
    assert len(refusals(all_at_once(*works))) == 1
    assert len(selectors.inventory(alice).items) == (1 if selectors.equipped(alice) else 0)


@pytest.mark.parametrize("field", ["count", "expected_price"])
@pytest.mark.parametrize("number", [-1, 2**31 * 1000, 2**63 - 1, 2**63, 1.5, 5.0, "5", "1e3", True, None])
def test_e01_numbers_that_are_none_do_not_even_decode(field: str, number: object) -> None:
    document = {"shop": SHOP, "item": "marsh_tonic", "count": 1, "expected_price": 12, field: number}
    for command in (BuyFromShop, SellToShop):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(document, command)


def test_e01_nothing_of_something_cannot_be_bought() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"shop": SHOP, "item": "x", "count": 0, "expected_price": 1}, BuyFromShop)


@pytest.mark.parametrize("item", ["", "short", "x" * 37])
def test_e01_an_item_id_has_its_length(item: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"item": item}, EquipItem)


def pack_with_price(price: int) -> content.Pack:
    pack = content.current()
    documents = msgspec.json.decode(pack.compiled)["documents"]
    documents["shops"][SHOP]["offers"][0]["buy"] = price
    return from_documents(pack.info, documents)


def test_e02_a_total_beyond_every_wallet_is_refused() -> None:
    alice = character()
    give(alice, glim=100)
    with content.using(pack_with_price(10**9)), pytest.raises(CapacityError):
        services.buy(deal(alice, "marsh_tonic", 10**9, count=10**6))
    assert selectors.glim(alice) == 100


def test_e03_a_full_wallet_refuses_before_anything_is_taken() -> None:
    alice = character()
    mint(alice, BALANCE_MAX, "rich")
    give(alice, reed_fibre=1)
    with pytest.raises(CapacityError):
        services.sell(deal(alice, "reed_fibre", 2))
    assert stacks(alice) == {"reed_fibre": 1}


@pytest.mark.parametrize("price", [0, 1, 11, 13, 10**9])
def test_e05_the_client_never_makes_the_price(price: int) -> None:
    alice = character()
    give(alice, glim=100)
    with pytest.raises(PriceChangedError):
        services.buy(deal(alice, "marsh_tonic", price))
    assert selectors.glim(alice) == 100


def test_e06_a_bound_item_leaves_by_no_shop() -> None:
    alice = character()
    give(alice, moor_licence=1)
    with pytest.raises(NotTradedError):
        services.sell(deal(alice, "moor_licence", 1))
    documents = msgspec.json.decode(content.current().compiled)["documents"]
    documents["shops"][SHOP]["offers"].append({"item": "moor_licence", "sell": 1})
    with pytest.raises(content.InvalidContentError, match="is bound and cannot be sold"):
        from_documents(content.current().info, documents)


def test_e06_an_instance_that_is_bound_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = msgspec.json.decode(content.current().compiled)["documents"]
    documents["items"]["reed_hook"]["bound"] = True
    documents["shops"] = {}
    documents["dialogues"]["maren_sallow"]["nodes"][0]["options"][0].pop("effects")
    alice = character()
    with content.using(from_documents(content.current().info, documents)):
        give(alice, reed_hook=1)
    with pytest.raises(BoundItemError):
        services.sell(deal(alice, item_id(alice, "reed_hook"), 15))


def test_e08_a_thousand_unique_items_at_once_are_refused() -> None:
    alice = character()
    mint(alice, 10**9, "rich")
    with pytest.raises(CapacityError):
        services.buy(deal(alice, "reed_hook", 60, count=1000))
    assert selectors.inventory(alice).items == []


@racing
def test_e08_the_same_instance_is_sold_once() -> None:
    alice = character()
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    works = [lambda key=str(n): services.sell(deal(alice, hook, 15, key=key)) for n in range(6)]
    assert refusals(all_at_once(*works)) == ["economy.not_held"] * 5
    assert selectors.glim(alice) == 15


def test_e10_the_item_of_somebody_else_is_not_there() -> None:
    alice, bob = character(), character("Bob")
    give(bob, reed_hook=1)
    with pytest.raises(NotHeldError):
        services.sell(deal(alice, item_id(bob, "reed_hook"), 15))


def test_e10_an_item_without_definition_is_kept_and_cannot_be_used() -> None:
    alice = character()
    give(alice, reed_hook=1)
    documents = msgspec.json.decode(content.current().compiled)["documents"]
    items = {name: item for name, item in documents["items"].items() if item["kind"] == "resource"}
    with content.using(from_documents(content.current().info, {"items": items})):
        with pytest.raises(ItemRetiredError):
            services.equip(character_id=alice, item_id=item_id(alice, "reed_hook"), idempotency_key="e")
        assert len(selectors.inventory(alice).items) == 1


def test_e11_negative_stats_stay_within_ten_percent_too() -> None:
    documents = msgspec.json.decode(content.current().compiled)["documents"]
    documents["items"]["reed_hook"]["stats"] = {"evade": -10}
    alice = character()
    with content.using(from_documents(content.current().info, documents)):
        give(alice, reed_hook=30)
    rolls = {each.stats["evade"] for each in selectors.inventory(alice).items}
    assert rolls <= {-9, -10, -11}
