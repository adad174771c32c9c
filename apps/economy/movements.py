"""What a character is told of its own ledger: what came into its hands and left them, entry by entry.

Hands are purse, bag and what is worn: to put something on moves nothing. Told are the moment, what kind of
thing happened and with whom one traded or wrote; not the other side of a market, nor what staff noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from aether.protocol.movements import Movement, MovementChange, Movements, MovementTopic
from apps.economy.mailbox import names_of
from apps.economy.models import Letter, Trade
from apps.economy.selectors import INSTANCE

PAGE = 50
SCANNED = 400
"""How many lines are looked through at once."""
SCANS_MAX = 5

_TOPICS: Mapping[MovementTopic, tuple[str, ...]] = {
    "found": ("grant",),
    "shop": ("buy", "sell", "repair"),
    "trade": ("trade",),
    "mail": ("mail_send", "mail_take", "mail_return", "mail_lost"),
    "market": ("order_place", "order_close", "market"),
    "auctions": ("auction_open", "auction_bid", "auction_end"),
    "making": ("craft", "hold", "hold_void", "hold_expire", "use", "discard"),
    "bank": ("bank_deposit", "bank_withdraw"),
    "house": ("gm_grant", "compensation", "take", "debt", "waiver", "toll", "guild", "transfer"),
}
_TOPIC_OF: Mapping[str, MovementTopic] = {kind: topic for topic, kinds in _TOPICS.items() for kind in kinds}

_HANDS = """
    SELECT array_agg(id) FROM economy_account WHERE owner_type = 'character' AND owner_id = %s
        AND (bucket IN ('wallet', 'bag') OR bucket LIKE 'equipped:%%')
"""
# Each account by its own index: who has traded for years has more lines than can be sorted.
_SCANNED = """
    SELECT line.id, line.entry_id FROM unnest(%s::bigint[]) AS hand (id) CROSS JOIN LATERAL (
        SELECT id, entry_id FROM economy_line
        WHERE account_id = hand.id AND id < %s ORDER BY id DESC LIMIT %s
    ) AS line ORDER BY line.id DESC LIMIT %s
"""
_CHANGES = """
    SELECT entry.id, entry.at, entry.kind, entry.cause, max(line.last), line.asset, sum(line.amount)::bigint,
        item.definition
    FROM (
        SELECT entry_id, asset, amount, max(id) OVER (PARTITION BY entry_id) AS last FROM economy_line
        WHERE entry_id = ANY(%s) AND account_id = ANY(%s)
    ) AS line JOIN economy_entry AS entry ON entry.id = line.entry_id
    LEFT JOIN economy_iteminstance AS item
        ON item.id = CASE WHEN line.asset LIKE 'item:%%' THEN substr(line.asset, 6)::uuid END
    GROUP BY entry.id, line.asset, item.definition HAVING sum(line.amount) <> 0
    ORDER BY max(line.last) DESC, line.asset
"""
_NEWEST = 2**63 - 1


@dataclass(slots=True)
class _Found:
    """An entry, with what it changed in somebody's hands; `last` is the highest of its lines there."""

    last: int
    at: datetime
    kind: str
    cause: str
    changes: list[MovementChange] = field(default_factory=list)

    @property
    def source(self) -> str:
        return self.cause.partition(":")[0]

    @property
    def number(self) -> int | None:
        """What the cause is about, where that has a number."""
        reference = self.cause.partition(":")[2]
        return int(reference) if reference.isascii() and reference.isdigit() else None

    @property
    def topic(self) -> MovementTopic:
        return "house" if self.source == "rollback" else _TOPIC_OF.get(self.kind, "other")


def movements(
    character_id: int,
    *,
    topic: MovementTopic | None = None,
    item: str | None = None,
    before: int | None = None,
) -> Movements:
    """Return a page of what came and went, newest first."""
    hands = _hands(character_id)
    found: list[_Found] = []
    at: int | None = before or _NEWEST
    for _ in range(SCANS_MAX):
        if at is None or len(found) >= PAGE:
            break
        scanned, at = _scan(hands, at)
        found += [each for each in scanned if _is_wanted(each, topic, item)]
    page = found[:PAGE]
    partners = _partners(character_id, page)
    return Movements(
        movements=[_told(each, partners) for each in page],
        before=page[-1].last if len(found) > PAGE else at,
    )


def _scan(hands: list[int], before: int) -> tuple[list[_Found], int | None]:
    """Return the entries whose last line is among the next ones, and where to go on.

    The lines of an entry may lie among those of others: it is told where its last one is, whole.
    """
    lines = _rows(_SCANNED, hands, before, SCANNED, SCANNED)
    if not lines:
        return [], None
    lowest: int = lines[-1][0]
    found: dict[int, _Found] = {}
    entries = sorted({entry_id for _, entry_id in lines})
    for entry_id, at, kind, cause, last, asset, amount, definition in _rows(_CHANGES, entries, hands):
        if lowest <= last < before:
            entry = found.setdefault(entry_id, _Found(last, at, kind, cause))
            entry.changes.append(_change(asset, amount, definition))
    return list(found.values()), lowest if len(lines) == SCANNED else None


def _change(asset: str, amount: int, definition: str | None) -> MovementChange:
    if definition is None:
        return MovementChange(item=asset, amount=amount)
    return MovementChange(item=definition, amount=amount, instance=asset.removeprefix(INSTANCE))


def _is_wanted(found: _Found, topic: MovementTopic | None, item: str | None) -> bool:
    return topic in (None, found.topic) and (item is None or any(c.item == item for c in found.changes))


def _told(found: _Found, partners: Mapping[str, str]) -> Movement:
    return Movement(
        id=found.last,
        at=found.at.timestamp(),
        topic=found.topic,
        kind=found.kind,
        source=found.source,
        partner=partners.get(found.cause),
        changes=found.changes,
    )


def _partners(character_id: int, page: Iterable[_Found]) -> dict[str, str]:
    """Return by cause with whom one has traded or written."""
    numbers: dict[str, set[int]] = {"trade": set(), "mail": set()}
    for each in page:
        if each.topic in numbers and each.number is not None:
            numbers[each.topic].add(each.number)
    sides = {
        **{f"trade:{each.pk}": each.sides for each in Trade.objects.filter(pk__in=numbers["trade"])},
        **{
            f"mail:{each.pk}": (each.recipient_id, each.sender_id)
            for each in Letter.objects.filter(pk__in=numbers["mail"])
        },
    }
    others = {
        cause: next((who for who in both if who not in (None, character_id)), None)
        for cause, both in sides.items()
    }
    names = names_of(who for who in others.values() if who is not None)
    return {cause: names[who] for cause, who in others.items() if who in names}


def _hands(character_id: int) -> list[int]:
    return _rows(_HANDS, character_id)[0][0] or []


def _rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
