"""What a character takes of its quests to another shard: all of them, its flags, and what it has had."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
    """Take everything; a talk is broken off.

    A shard of the release before knows no failed quests: it takes them for given up. `failed` names them.
    """
    lock_character(journey.character_id)
    Talk.objects.filter(pk=journey.character_id).delete()
    packed: Content = {}
    for name, (model, columns) in _TABLES.items():
        rows = model.objects.filter(character_id=journey.character_id)
        packed[name] = [list(row) for row in rows.order_by(columns[0]).values_list(*columns)]
        rows.delete()
    packed["failed"] = [quest for quest, state, *_ in packed["quests"] if state == "failed"]
    packed["quests"] = _with_state(packed["quests"], packed["failed"], "abandoned")
    return packed


def unpack(journey: Journey, brought: Content) -> None:
    """Stand as before."""
    lock_character(journey.character_id)
    quests = _with_state(brought["quests"], brought.get("failed", ()), "failed")
    for name, (model, columns) in _TABLES.items():
        model.objects.bulk_create(
            model(character_id=journey.character_id, **dict(zip(columns, row, strict=True)))
            for row in (quests if name == "quests" else brought[name])
        )


def _with_state(rows: Iterable[list[Any]], quests: Collection[str], state: str) -> list[list[Any]]:
    """Return rows of quests of which some have another state."""
    return [[quest, state if quest in quests else had, *rest] for quest, had, *rest in rows]


accounts.register_luggage(
    accounts.Luggage(name="quests", pack=pack, unpack=unpack, put_back=unpack, counts=counts)
)
