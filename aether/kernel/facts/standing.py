"""How far a published fact has come: who has handled it, who failed, and carrying it out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection, transaction

from aether.kernel.facts import delivery
from aether.kernel.facts.registry import subscribers_of
from aether.kernel.facts.types import Fact

KEPT_DAYS = 30
"""How long facts are kept that everybody has handled."""

Standing = Literal["done", "open", "failing", "parked"]

# By its beginning, for the first field of a fact says what it is about.
_ABOUT = "SELECT id FROM kernel_outboxfact WHERE type = %s AND payload LIKE %s ORDER BY id"

_STANDING = """
    SELECT listener.name, handled.at, failed.id, failed.failures, failed.parked_at IS NOT NULL, failed.error
    FROM unnest(%s::text[]) WITH ORDINALITY AS listener (name, n)
    LEFT JOIN kernel_handledfact AS handled
        ON handled.fact_id = %s AND handled.subscriber = listener.name
    LEFT JOIN kernel_failedfact AS failed ON failed.fact_id = %s AND failed.subscriber = listener.name
    ORDER BY listener.n
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Where one subscriber stands with one fact; `failure` is the row of what went wrong."""

    event_id: int
    subscriber: str
    standing: Standing
    at: datetime | None
    failure: int | None
    error: str


def about(fact_type: type[Fact], number: int) -> list[int]:
    """Return the facts of a type whose first field is this number, as far as they are kept."""
    first = fact_type.__struct_fields__[0]
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, [fact_type.type_name, f'{{"{first}":{int(number)},%'])
        return [row[0] for row in cursor]


def standing_of(fact_type: type[Fact], event_id: int) -> list[Delivered]:
    """Return where each subscriber stands with a fact."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(subscribers_of(fact_type.type_name)), event_id, event_id])
        return [
            Delivered(
                event_id=event_id,
                subscriber=name,
                standing=_standing(at, failures, is_parked),
                at=at,
                failure=failure,
                error=error or "",
            )
            for name, at, failure, failures, is_parked, error in cursor.fetchall()
        ]


def carry_again(fact_type: type[Fact], event_id: int) -> list[str]:
    """Bring a fact again to all who have not handled it; return who that is. Who has, does nothing."""
    missing = [each for each in standing_of(fact_type, event_id) if each.standing != "done"]
    with transaction.atomic():
        for each in missing:
            delivery.retry(event_id, each.subscriber)
    return [each.subscriber for each in missing]


def _standing(at: datetime | None, failures: int | None, is_parked: bool | None) -> Standing:
    if at is not None:
        return "done"
    if is_parked:
        return "parked"
    return "failing" if failures else "open"
