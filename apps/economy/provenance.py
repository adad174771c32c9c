"""Where a unique item was, ever: its holders in order, why it came to each, and what is true of it now.

Told to whom holds it and to whom it is offered: by a trade, by letter, by an open auction. Shown are the
holders' names, when and by what kind of thing it came to each, how worn it is and how it was made. Not
shown: where somebody kept it, when it was worn, for how much it went, in which battle it fell, and what
staff noted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from aether.kernel.clock import utc_now
from aether.kernel.errors import NotFoundError
from aether.protocol.economy import ItemHistory, ItemStation
from apps.economy import selectors
from apps.economy.buckets import sink
from apps.economy.mailbox import names_of
from apps.economy.models import (
    CHARACTER,
    Auction,
    CraftJob,
    Entry,
    ItemEvent,
    ItemInstance,
    Line,
    RollbackCase,
    TradeSeat,
)

STATIONS_MAX = 100
"""How many stations are told: the first, and the latest of the others."""
CRAFT = "craft"
TAINTED = "tainted"
TOLD_FACTS = ("durability", "made_by")

# That somebody wore it, put it into the bank and took it out again is nobody's business.
_STATIONS = """
    SELECT at, kind, cause, owner_type, owner_id, total FROM (
        SELECT *, row_number() OVER (ORDER BY id) AS nth, count(*) OVER () AS total FROM (
            SELECT line.id, entry.at, entry.kind, entry.cause, account.owner_type, account.owner_id,
                (lag(account.owner_type) OVER arrivals, lag(account.owner_id) OVER arrivals)
                    IS NOT DISTINCT FROM (account.owner_type, account.owner_id) AS is_known
            FROM economy_line AS line
            JOIN economy_account AS account ON account.id = line.account_id
            JOIN economy_entry AS entry ON entry.id = line.entry_id
            WHERE line.asset = %s AND line.amount > 0
            WINDOW arrivals AS (ORDER BY line.id)
        ) AS arrival WHERE NOT (is_known AND owner_type = 'character')
    ) AS station WHERE nth = 1 OR nth > total - %s ORDER BY nth
"""


def history_for_reader(instance_id: UUID, character_ids: Collection[int]) -> ItemHistory:
    """Return an item's history for whom may know it by one of these characters; for others there is none."""
    instance = ItemInstance.objects.filter(pk=instance_id).first()
    if instance is None:
        raise NotFoundError
    rows = _stations(instance)
    *_, owner_type, owner_id, total = rows[-1]
    if owner_type != CHARACTER or not _may_know(instance, owner_id, character_ids):
        raise NotFoundError
    facts = facts_of(instance_id)
    return ItemHistory(
        id=str(instance_id),
        item=instance.definition,
        stations=_told(rows),
        facts={name: facts[name] for name in TOLD_FACTS if name in facts},
        left_out=total - len(rows),
        made_of=selectors.stacks(_by_item(ingredients_of(instance))),
    )


def facts_of(instance_id: UUID) -> dict[str, str]:
    """Return what is true of an item now: the last word of its events on each of its facts.

    What a rollback has marked is marked no more once that rollback is undone.
    """
    facts: dict[str, str] = {}
    for event in ItemEvent.objects.filter(instance_id=instance_id).order_by("pk"):
        if TAINTED not in event.facts or _stands(event.facts[TAINTED]):
            facts |= {name: str(value) for name, value in event.facts.items()}
    return facts


def _stands(case_id: int) -> bool:
    """Tell if a rollback was not undone, or what undid it was."""
    undoing = RollbackCase.objects.filter(undoes=case_id, state=RollbackCase.State.DONE).first()
    return undoing is None or not _stands(undoing.pk)


def ingredients_of(instance: ItemInstance) -> dict[str, int]:
    """Return what went into a crafted item, by asset: pieces of equipment are instances of their own."""
    entry = instance.created_entry
    if entry.kind != CRAFT:
        return {}
    used = Line.objects.filter(entry=entry, account__bucket=sink(CRAFT).name, amount__gt=0).order_by("asset")
    times = _times(entry)
    return {asset: amount // times for asset, amount in used.values_list("asset", "amount")}


def works_of(instance: ItemInstance) -> list[ItemInstance]:
    """Return what was made of an item; nothing, as long as it is somebody's."""
    used = Line.objects.filter(asset=instance.asset, amount__gt=0, account__bucket=sink(CRAFT).name)
    return list(ItemInstance.objects.filter(created_entry__in=used.values("entry")).order_by("pk"))


def events_of(instance_id: UUID) -> list[ItemEvent]:
    """Return what befell an item, oldest first."""
    return list(ItemEvent.objects.filter(instance_id=instance_id).order_by("pk"))


def _may_know(instance: ItemInstance, holder_id: int, character_ids: Collection[int]) -> bool:
    return (
        holder_id in character_ids
        or _is_up_for_auction(instance)
        or _is_offered(instance, holder_id, character_ids)
    )


def _is_up_for_auction(instance: ItemInstance) -> bool:
    open_ones = Auction.objects.filter(state=Auction.State.OPEN, ends_at__gt=utc_now())
    return open_ones.filter(instance_id=instance.pk).exists()


def _is_offered(instance: ItemInstance, holder_id: int, character_ids: Collection[int]) -> bool:
    """Tell if who holds it offers it in a trade to one of these characters."""
    seats = TradeSeat.objects.filter(
        pk__in=character_ids, trade__ended_at__isnull=True, trade__expires_at__gt=utc_now()
    )
    trades = [seat.trade for seat in seats.select_related("trade")]
    return any(holder_id in trade.sides and instance.asset in trade.offer_of(holder_id) for trade in trades)


def _times(entry: Entry) -> int:
    """Return how many a craft's entry has made: it resolves the hold of what went into them."""
    match entry.idempotency_key.split(":"):
        case ["hold", hold_id, "resolve"]:
            job = CraftJob.objects.filter(hold_id=int(hold_id))
            return job.values_list("count", flat=True).first() or 1
    return 1


def _by_item(amounts: Mapping[str, int]) -> dict[str, int]:
    """Return how many of each item some amounts of assets are."""
    pieces = selectors.instances_by_asset(amounts)
    found: dict[str, int] = {}
    for asset, amount in amounts.items():
        item = pieces[asset].definition if asset in pieces else asset
        found[item] = found.get(item, 0) + amount
    return found


def _stations(instance: ItemInstance) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_STATIONS, [instance.asset, STATIONS_MAX - 1])
        return list(cursor.fetchall())


def _told(rows: Iterable[tuple[Any, ...]]) -> list[ItemStation]:
    rows = list(rows)
    names = names_of(owner_id for *_, owner_type, owner_id, _ in rows if owner_type == CHARACTER)
    return [
        ItemStation(
            at=at.isoformat(),
            kind=kind,
            source=cause.partition(":")[0],
            holder=names.get(owner_id) if owner_type == CHARACTER else None,
            is_house=owner_type != CHARACTER,
        )
        for at, kind, cause, owner_type, owner_id, _ in rows
    ]
