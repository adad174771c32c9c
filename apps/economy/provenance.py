"""Where a unique item was, ever: its holders in order, why and by whom it came to each, what befell it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from aether.kernel.errors import NotFoundError
from aether.protocol.economy import ItemHistory, ItemStation
from apps.accounts import selectors as accounts
from apps.economy.models import CHARACTER, ItemEvent, ItemInstance, Line


def history_for_holder(instance_id: UUID, character_ids: Iterable[int]) -> ItemHistory:
    """Return an item's history for whom holds it by one of these characters; to others it does not exist.

    Earlier holders are told by their names, and where they kept it by no more than the holder needs.
    """
    arrivals = _arrivals(instance_id)
    if not arrivals or arrivals[-1].account.owner_type != CHARACTER:
        raise NotFoundError
    if arrivals[-1].account.owner_id not in set(character_ids):
        raise NotFoundError
    instance = ItemInstance.objects.get(pk=instance_id)
    owners = {line.account.owner_id for line in arrivals if line.account.owner_type == CHARACTER}
    names = {who: record.name for who, record in accounts.characters(owners).items()}
    return ItemHistory(
        id=str(instance_id),
        item=instance.definition,
        stations=_stations(arrivals, names),
        facts=facts_of(instance_id),
    )


def facts_of(instance_id: UUID) -> dict[str, str]:
    """Return what is true of an item now: the last word of its events on each of its facts."""
    facts: dict[str, str] = {}
    for event in ItemEvent.objects.filter(instance_id=instance_id).order_by("pk"):
        facts |= {name: str(value) for name, value in event.facts.items()}
    return facts


def events_of(instance_id: UUID) -> list[ItemEvent]:
    """Return what befell an item, oldest first."""
    return list(ItemEvent.objects.filter(instance_id=instance_id).order_by("pk"))


def _arrivals(instance_id: UUID) -> list[Line]:
    lines = Line.objects.filter(asset=f"item:{instance_id}", amount__gt=0)
    return list(lines.select_related("account", "entry").order_by("id"))


def _stations(arrivals: Iterable[Line], names: dict[int, str]) -> list[ItemStation]:
    """Return the holders in order; that one of them wore it and took it off again is nobody's business."""
    stations: list[ItemStation] = []
    last: tuple[str, int] | None = None
    for line in arrivals:
        holder = line.account.owner_type, line.account.owner_id
        if holder == last and line.account.owner_type == CHARACTER:
            continue
        last = holder
        is_person = line.account.owner_type == CHARACTER
        stations.append(
            ItemStation(
                at=line.entry.at.isoformat(),
                kind=line.entry.kind,
                source=line.entry.cause.partition(":")[0],
                holder=names.get(line.account.owner_id) if is_person else None,
            )
        )
    return stations
