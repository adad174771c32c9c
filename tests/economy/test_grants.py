"""Rewards are given once, told, and never more than anybody can hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from aether.kernel import facts, realtime
from aether.kernel.facts.types import CharacterCreated
from aether.protocol.economy import LootReceived, Stack
from apps.economy import selectors, services
from apps.economy.errors import InsufficientError
from apps.economy.models import BALANCE_MAX, ItemInstance
from apps.economy.services import minting
from apps.economy.services.minting import BAG_INSTANCES_MAX
from tests.economy.cast import character, give, item_id, mint, stacks

pytestmark = pytest.mark.django_db


def test_a_grant_gives_glim_stacks_and_instances() -> None:
    alice = character()
    given = services.grant(
        character_id=alice,
        cause="chest:c1",
        idempotency_key="chest:c1",
        glim=7,
        items={"reed_fibre": 3, "reed_hook": 1},
    )
    held = selectors.inventory(alice)
    assert (held.glim, stacks(alice)) == (7, {"reed_fibre": 3})
    assert [each.item for each in held.items] == ["reed_hook"]
    assert given.items == tuple(held.items)


def test_the_same_grant_again_gives_nothing_and_says_what_it_gave() -> None:
    alice = character()
    arguments = {
        "character_id": alice,
        "cause": "chest:c1",
        "idempotency_key": "k",
        "loot": "lt_reedmoor_chest",
    }
    first = services.grant(**arguments)
    held = selectors.inventory(alice)
    assert services.grant(**arguments) == first
    assert selectors.inventory(alice) == held


def test_a_new_character_finds_its_first_equipment() -> None:
    alice = character()
    with transaction.atomic():
        facts.publish(CharacterCreated(character=alice, account=1, class_id="anchorite"))
    facts.drain()
    held = selectors.inventory(alice)
    assert held.glim > 0
    assert "reed_hook" in [each.item for each in held.items]


def test_instances_roll_within_ten_percent() -> None:
    alice = character()
    give(alice, reed_hook=20)
    power = [each.stats["power_all"] for each in selectors.inventory(alice).items]
    assert set(power) <= set(range(9, 12))
    assert len(set(power)) > 1


def test_a_bound_item_is_bound_to_its_first_holder() -> None:
    alice = character()
    give(alice, moor_licence=1)
    assert stacks(alice) == {"moor_licence": 1}
    assert ItemInstance.objects.count() == 0


def test_what_exceeds_the_bounds_of_a_wallet_is_never_minted() -> None:
    alice = character()
    mint(alice, BALANCE_MAX - 5, "rich")
    give(alice, glim=50)
    assert selectors.glim(alice) == BALANCE_MAX


def test_a_full_bag_leaves_unique_items_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minting, "BAG_INSTANCES_MAX", 2)
    alice = character()
    give(alice, reed_hook=5)
    assert len(selectors.inventory(alice).items) == 2


def test_taking_more_than_is_held_is_refused() -> None:
    alice = character()
    give(alice, reed_fibre=2)
    with pytest.raises(InsufficientError):
        services.take(character_id=alice, cause="quest:x", idempotency_key="t", items={"reed_fibre": 3})
    assert stacks(alice) == {"reed_fibre": 2}


def test_taking_twice_with_one_key_takes_once() -> None:
    alice = character()
    give(alice, glim=10, reed_fibre=2)
    for _ in range(2):
        services.take(
            character_id=alice, cause="quest:x", idempotency_key="t", glim=4, items={"reed_fibre": 1}
        )
    assert (selectors.glim(alice), stacks(alice)) == (6, {"reed_fibre": 1})


def test_holdings_count_worn_items_too() -> None:
    alice = character()
    give(alice, glim=3, reed_hook=2)
    services.equip(character_id=alice, item_id=item_id(alice, "reed_hook"), idempotency_key="e")
    assert selectors.holdings(alice) == {"glim": 3, "reed_hook": 2}


def test_reading_an_inventory_asks_the_database_as_often_for_many_items_as_for_one(
    django_assert_num_queries: Any,
) -> None:
    alice = character()
    give(alice, glim=3, reed_hook=5, reed_fibre=2)
    with django_assert_num_queries(6):
        selectors.inventory(alice)
    with django_assert_num_queries(1):
        selectors.equipment_stats(alice)


def test_e11_what_finds_no_room_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(realtime, "tell_character", lambda who, update: told.append(update))
    alice = character()
    give(alice, reed_hook=BAG_INSTANCES_MAX - 1)
    mint(alice, BALANCE_MAX - 3, "rich")
    services.grant(
        character_id=alice,
        cause="chest:1",
        idempotency_key="chest",
        glim=10,
        items={"reed_hook": 3, "reed_fibre": 1},
    )
    (received,) = [each for each in told if isinstance(each, LootReceived)]
    assert received.mailed == [Stack(item="glim", count=7), Stack(item="reed_hook", count=2)]
    assert (received.glim, len(received.items)) == (10, 3)
