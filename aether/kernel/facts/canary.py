"""A canary through every queue: a message that comes back shows that somebody consumes it, and how late.

The database keeps when each was sent and came back, so that any relay may send the next one and any process
can tell. One that does not come back in time is an alarm: workers may be alive and yet consume nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import structlog
from django.db import connection

logger = structlog.get_logger(__name__)

EVERY_S = 10
LOST_AFTER_S = 30

_DUE = """
    INSERT INTO kernel_canary AS canary (queue, sent_at, lost) SELECT unnest(%s::text[]), clock_timestamp(), 0
    ON CONFLICT (queue) DO UPDATE SET
        sent_at = clock_timestamp(), returned_at = NULL,
        lost = canary.lost + CASE WHEN canary.returned_at IS NULL THEN 1 ELSE 0 END
    WHERE canary.sent_at < clock_timestamp() - %s * interval '1 second'
        AND (canary.returned_at IS NOT NULL OR canary.sent_at < clock_timestamp() - %s * interval '1 second')
    RETURNING queue, lost, sent_at::text
"""

_RETURN = """
    UPDATE kernel_canary SET returned_at = clock_timestamp(), lost = 0
    WHERE queue = %s AND sent_at = %s::timestamptz AND returned_at IS NULL
"""

_LOOK = """
    SELECT queue, EXTRACT(EPOCH FROM coalesce(returned_at, clock_timestamp()) - sent_at)::float8,
        lost, EXTRACT(EPOCH FROM clock_timestamp() - sent_at)::float8
    FROM kernel_canary
"""


class Sighting(NamedTuple):
    """The last canary of a queue: how long it took or has been away, and how many before it were lost."""

    queue: str
    lag_s: float
    lost: int
    age_s: float


def due(queues: Sequence[str]) -> list[tuple[str, str]]:
    """Return the queues that the caller shall send a canary through now, each with its mark."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [list(queues), EVERY_S, LOST_AFTER_S])
        sent = cursor.fetchall()
    for queue, lost, _ in sent:
        if lost:
            logger.error("a canary did not come back: nobody consumes this queue", queue=queue, lost=lost)
    return [(queue, mark) for queue, _, mark in sent]


def note_return(queue: str, mark: str) -> None:
    """Note that a canary came back. One that was given up as lost counts no more."""
    with connection.cursor() as cursor:
        cursor.execute(_RETURN, [queue, mark])


def sightings() -> list[Sighting]:
    """Return what is known of each queue's last canary."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        return [Sighting(*row) for row in cursor.fetchall()]
