"""Bringing one fact to one subscriber: exactly one effect, counted failures, parking.

The row that says "handled" is written in the transaction of the effect, so that a message that comes
twice, or after a crash, finds the row and does nothing.
"""

from __future__ import annotations

import traceback
from functools import partial

import msgspec
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from redis.exceptions import RedisError

from aether.kernel.database_threads import on_working_connection
from aether.kernel.errors import UnavailableError
from aether.kernel.facts import outbox
from aether.kernel.facts.registry import Subscriber, is_known, subscriber
from aether.kernel.transactions import transactional

FAILURES_MAX = 5
BACKOFF_S = (1, 2, 5, 15)
REST_WHILE_DOWN_S = 5
DOWN = (OperationalError, InterfaceError, RedisError, UnavailableError)

_BEGIN = """
    WITH begun AS (
        INSERT INTO kernel_handledfact (fact_id, subscriber)
        SELECT id, %(name)s::text FROM kernel_outboxfact WHERE id = %(fact)s AND NOT EXISTS (
            SELECT 1 FROM kernel_failedfact
            WHERE fact_id = %(fact)s AND subscriber = %(name)s::text AND parked_at IS NOT NULL
        )
        ON CONFLICT (fact_id, subscriber) DO NOTHING RETURNING fact_id
    )
    SELECT payload, EXISTS (
        SELECT 1 FROM kernel_failedfact WHERE fact_id = %(fact)s AND subscriber = %(name)s
    ) FROM kernel_outboxfact WHERE id = (SELECT fact_id FROM begun)
"""

_FAIL = """
    INSERT INTO kernel_failedfact AS failed (fact_id, subscriber, failures, error, failed_at)
    VALUES (%s, %s, 1, %s, clock_timestamp())
    ON CONFLICT (fact_id, subscriber) DO UPDATE SET
        failures = failed.failures + 1, error = excluded.error, failed_at = excluded.failed_at,
        parked_at = CASE WHEN failed.failures + 1 >= %s THEN excluded.failed_at END
    RETURNING failures, parked_at IS NOT NULL
"""

_PARK = """
    INSERT INTO kernel_failedfact AS failed (fact_id, subscriber, failures, error, failed_at, parked_at)
    SELECT id, %s, 0, %s, clock_timestamp(), clock_timestamp() FROM kernel_outboxfact WHERE id = %s
    AND NOT EXISTS (SELECT FROM kernel_handledfact WHERE fact_id = id AND subscriber = %s)
    ON CONFLICT (fact_id, subscriber) DO UPDATE SET
        error = excluded.error, failed_at = excluded.failed_at, parked_at = excluded.parked_at
    WHERE failed.parked_at IS NULL
    RETURNING id
"""

logger = structlog.get_logger(__name__)


def deliver(event_id: int, name: str) -> None:
    """Let a subscriber handle a fact; if it fails, count that, and try again later or park it."""
    if not is_known(name):
        # While releases change, one of them has subscribers that the other has not: that is no failure.
        logger.warning("a subscriber is none of this release", fact=event_id, subscriber=name)
        outbox.make_due([event_id], in_s=REST_WHILE_DOWN_S)
        return
    try:
        on_working_connection(partial(handle, event_id, name))
    except DOWN as error:
        # An outage is not the subscriber's fault: it may last longer than five tries.
        logger.warning(
            "a subscriber met something that is down", fact=event_id, subscriber=name, error=repr(error)
        )
        outbox.make_due([event_id], in_s=REST_WHILE_DOWN_S)
    except Exception as error:
        logger.exception("a subscriber failed on a fact", fact=event_id, subscriber=name)
        count_failure(event_id, name, "".join(traceback.format_exception(error)))


def handle(event_id: int, name: str) -> None:
    """Run a subscriber on a fact, unless it did already or is parked. What it raises undoes everything."""
    who = subscriber(name)
    _react(who, event_id)
    outbox.settle(event_id, who.fact_type.type_name)
    logger.debug("fact handled", fact=event_id, type=who.fact_type.type_name, subscriber=name)


@transactional
def _react(who: Subscriber, event_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, {"fact": event_id, "name": who.name})
        begun = cursor.fetchone()
        if begun:
            payload, has_failed = begun
            who.react(msgspec.json.decode(payload, type=who.fact_type), event_id)
            if has_failed:
                cursor.execute(
                    "DELETE FROM kernel_failedfact WHERE fact_id = %s AND subscriber = %s",
                    [event_id, who.name],
                )


def count_failure(event_id: int, name: str, error: str) -> bool:
    """Count a failure; return whether that was one too many, so that the delivery is now parked."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FAIL, [event_id, name, error[-8000:], FAILURES_MAX])
        failures, is_parked = cursor.fetchone()
        if not is_parked:
            outbox.make_due([event_id], in_s=BACKOFF_S[min(failures, len(BACKOFF_S)) - 1])
    if is_parked:
        logger.error("a fact is parked", fact=event_id, subscriber=name, failures=failures)
        outbox.settle(event_id, subscriber(name).fact_type.type_name)
    return bool(is_parked)


def park(event_id: int, name: str, *, error: str) -> None:
    """Leave a delivery to a game master, unless it is done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PARK, [name, error, event_id, name])
        is_parked = cursor.fetchone() is not None
    if is_parked:
        logger.error("a fact is parked", fact=event_id, subscriber=name, error=error)
        outbox.settle(event_id, subscriber(name).fact_type.type_name)


def retry(event_id: int, name: str) -> None:
    """Give a parked delivery another five tries."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_failedfact SET parked_at = NULL, failures = 0 "
            "WHERE fact_id = %s AND subscriber = %s",
            [event_id, name],
        )
        cursor.execute(
            "UPDATE kernel_outboxfact SET due_at = clock_timestamp(), relayed = 0 WHERE id = %s", [event_id]
        )


def drain() -> None:
    """Deliver everything that is on its way, here and now; raise what a subscriber raises (tests)."""
    while deliveries := outbox.open_deliveries():
        for delivery in deliveries:
            handle(delivery.event_id, delivery.subscriber)
