"""What a character takes of its quests to another shard: all of them, its flags, and what it has had."""

from __future__ import annotations

from typing import Any

from apps.accounts import services as accounts
from apps.accounts.services import Content, Journey
from apps.quests.models import AppliedEffect, Flag, QuestStatus, Talk
from apps.quests.services.keeping import lock_character

_TABLES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "quests": (QuestStatus, ("quest", "state", "step", "progress", "version")),
    "flags": (Flag, ("key", "value")),
    "effects": (AppliedEffect, ("source",)),
}


def counts(character_id: int) -> dict[str, int]:
    """Return how many quests go along."""
    return {"quests": QuestStatus.objects.filter(character_id=character_id).count()}


def pack(journey: Journey) -> Content:
    """Take everything; a talk is broken off."""
    lock_character(journey.character_id)
    Talk.objects.filter(pk=journey.character_id).delete()
    packed: Content = {}
    for name, (model, columns) in _TABLES.items():
        rows = model.objects.filter(character_id=journey.character_id)
        packed[name] = [list(row) for row in rows.order_by(columns[0]).values_list(*columns)]
        rows.delete()
    return packed


def unpack(journey: Journey, brought: Content) -> None:
    """Stand as before."""
    lock_character(journey.character_id)
    for name, (model, columns) in _TABLES.items():
        model.objects.bulk_create(
            model(character_id=journey.character_id, **dict(zip(columns, row, strict=True)))
            for row in brought[name]
        )


accounts.register_luggage(
    accounts.Luggage(name="quests", pack=pack, unpack=unpack, put_back=unpack, counts=counts)
)
