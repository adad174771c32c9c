"""Wearing moves an item between buckets, within the limits of level, slot and class."""

from __future__ import annotations

import msgspec
import pytest

from aether.kernel import content, facts
from aether.kernel.content.loading import from_documents
from apps.economy import selectors, services
from apps.economy.definitions import ItemDef
from apps.economy.errors import (
    ItemRetiredError,
    LevelTooLowError,
    NotHeldError,
    NotWornError,
    WrongClassError,
)
from tests.economy.cast import character, give, item_id

pytestmark = pytest.mark.django_db


def wear(owner: int, item: str, key: str = "e") -> dict[str, str]:
    return services.equip(character_id=owner, item_id=item_id(owner, item), idempotency_key=key)


def test_a_worn_item_counts_and_one_in_the_bag_does_not() -> None:
    alice = character()
    give(alice, reed_hook=1)
    assert selectors.equipment_stats(alice) == {}
    worn = wear(alice, "reed_hook")
    assert worn == {"weapon": item_id(alice, "reed_hook")}
    assert selectors.equipment_stats(alice) == selectors.inventory(alice).items[0].stats


def test_the_item_before_goes_into_the_bag() -> None:
    alice = character()
    give(alice, reed_hook=2)
    first, second = (each.id for each in selectors.inventory(alice).items)
    services.equip(character_id=alice, item_id=first, idempotency_key="1")
    worn = services.equip(character_id=alice, item_id=second, idempotency_key="2")
    assert worn == {"weapon": second}
    assert {each.id: each.slot for each in selectors.inventory(alice).items} == {
        first: None,
        second: "weapon",
    }


def test_taking_off_brings_it_back() -> None:
    alice = character()
    give(alice, reed_hook=1)
    wear(alice, "reed_hook")
    assert services.unequip(character_id=alice, slot="weapon", idempotency_key="u") == {}
    assert selectors.equipment_stats(alice) == {}


def test_an_empty_slot_cannot_be_taken_off() -> None:
    with pytest.raises(NotWornError):
        services.unequip(character_id=character(), slot="head", idempotency_key="u")


def test_a_repeated_command_wears_once() -> None:
    alice = character()
    give(alice, reed_hook=1)
    assert wear(alice, "reed_hook") == wear(alice, "reed_hook")


def test_a_level_is_asked_for() -> None:
    alice = character()
    give(alice, marsh_coat=1)
    with pytest.raises(LevelTooLowError) as refusal:
        wear(alice, "marsh_coat")
    assert refusal.value.details == {"level": 3}


@pytest.mark.parametrize("name", ["not-a-uuid", "8fa00e28-36ba-4deb-964f-bf34ce2a0f86", "reed_hook"])
def test_what_is_not_in_the_bag_cannot_be_worn(name: str) -> None:
    alice = character()
    give(alice, reed_hook=1)
    with pytest.raises(NotHeldError):
        services.equip(character_id=alice, item_id=name, idempotency_key="e")


def test_the_item_of_somebody_else_is_as_if_it_did_not_exist() -> None:
    alice, bob = character(), character("Bob")
    give(bob, reed_hook=1)
    with pytest.raises(NotHeldError):
        services.equip(character_id=alice, item_id=item_id(bob, "reed_hook"), idempotency_key="e")


def pack_with(item: str, **changes: object) -> content.Pack:
    """Return the running pack with an item changed, or gone where nothing is said."""
    pack = content.current()
    documents = msgspec.json.decode(pack.compiled)["documents"]
    if changes:
        documents["items"][item] |= changes
    else:
        items = documents["items"].items()
        # What uses an item up needs more than items.
        worn = {key: each for key, each in items if key != item and each["kind"] == "equipment"}
        documents = {"items": worn}
    return from_documents(pack.info, documents)


def test_another_class_cannot_wear_it() -> None:
    alice = character()
    give(alice, reed_hook=1)
    with content.using(pack_with("reed_hook", classes=["kitewright"])), pytest.raises(WrongClassError):
        wear(alice, "reed_hook")


def test_a_retired_item_cannot_be_worn() -> None:
    alice = character()
    give(alice, reed_hook=1)
    with content.using(pack_with("reed_hook")), pytest.raises(ItemRetiredError):
        wear(alice, "reed_hook")


def test_wearing_is_told_to_the_other_apps() -> None:
    alice = character()
    give(alice, reed_hook=1)
    wear(alice, "reed_hook")
    assert facts.backlog() is not None


def test_what_is_worn_may_help_to_carry_and_hinder_to_summon() -> None:
    alice = character()
    bare = selectors.inventory(alice).carries_most
    with content.using(pack_with("reed_hook", stats={"weight_max": 40, "summon_max": -1})):
        give(alice, reed_hook=1)
        assert selectors.inventory(alice).carries_most == bare
        wear(alice, "reed_hook")
        stats = selectors.equipment_stats(alice)
        assert stats["summon_max"] == -1
        assert selectors.inventory(alice).carries_most == bare + stats["weight_max"]
    assert 36 <= stats["weight_max"] <= 44
    assert content.current().get(ItemDef, "orus_cog").stats["summon_max"] == -1
