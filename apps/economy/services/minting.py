"""Unique items coming into being: their rolls, and the room that a bag has for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from aether.kernel import content
from apps.economy import selectors
from apps.economy.definitions import ItemDef
from apps.economy.models import ItemInstance
from apps.economy.rules.dice import Dice
from apps.economy.rules.instances import rolled_stats

BAG_INSTANCES_MAX = 200


def room_in_bag(character_id: int) -> int:
    """Return how many more unique items a character can hold."""
    return rooms_in_bags([character_id])[character_id]


def rooms_in_bags(character_ids: Iterable[int]) -> dict[int, int]:
    """Return how many more unique items each of some characters can hold."""
    counts = selectors.unique_counts(character_ids)
    return {each: max(0, BAG_INSTANCES_MAX - count) for each, count in counts.items()}


def make_instances(
    character_id: int,
    definitions: Iterable[ItemDef],
    dice: Dice,
    *,
    is_crafted: bool = False,
    is_fine: bool = False,
) -> list[ItemInstance]:
    """Draw instances that are not saved yet: their entry comes first."""
    content_hash = content.current().hash
    return [
        ItemInstance(
            id=uuid.uuid4(),
            definition=definition.id,
            content_hash=content_hash,
            stats=rolled_stats(definition.stats, dice, is_fine=is_fine),
            bound_to=character_id if definition.bound else None,
            crafted_by=character_id if is_crafted else None,
            is_fine=is_fine,
        )
        for definition in definitions
    ]


def save_instances(made: Iterable[tuple[ItemInstance, int]]) -> None:
    """Write down the instances that entries have brought into the world."""
    instances = []
    for instance, entry_id in made:
        instance.created_entry_id = entry_id
        instances.append(instance)
    if instances:
        ItemInstance.objects.bulk_create(instances)
