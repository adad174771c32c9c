"""The outbox: facts that are published, and what the database knows about how far each has come.

All times are the database's own, so that processes with different clocks agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from django.db import connection, transaction

from aether.kernel import tracing
from aether.kernel.facts.registry import subscriber, subscribers, subscribers_of
from aether.kernel.facts.types import Fact
from aether.kernel.journal.appends import Batch, Rider

CHANNEL = "aether_facts"
"""The PostgreSQL channel that a trigger rings when a fact is committed."""

_INSERT = """
    INSERT INTO kernel_outboxfact (type, payload, request_id)
    SELECT type, payload, request_id FROM unnest(%s::text[], %s::text[], %s::text[])
        WITH ORDINALITY AS fact (type, payload, request_id, n) ORDER BY n
"""

_INSERT_BATCH = Batch(
    "INSERT INTO kernel_outboxfact (type, payload, request_id) SELECT type, payload, request_id FROM {rows}",
    (("type", "text"), ("payload", "text"), ("request_id", "text")),
)

_CLAIM = """
    UPDATE kernel_outboxfact SET
        relayed = least(relayed + 1, 12),
        due_at = clock_timestamp() + least(interval '10 seconds' * 2 ^ relayed, interval '1 hour')
    WHERE id IN (
        SELECT id FROM kernel_outboxfact WHERE due_at <= clock_timestamp()
        ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    )
    RETURNING id, type, payload, request_id
"""

_OVER = """
    SELECT fact_id, subscriber FROM kernel_handledfact WHERE fact_id = ANY(%s)
    UNION ALL
    SELECT fact_id, subscriber FROM kernel_failedfact WHERE fact_id = ANY(%s) AND parked_at IS NOT NULL
"""

_SKIP = """
    INSERT INTO kernel_handledfact (fact_id, subscriber) SELECT * FROM unnest(%s::bigint[], %s::text[])
    ON CONFLICT (fact_id, subscriber) DO NOTHING
"""

_SETTLE = """
    UPDATE kernel_outboxfact SET due_at = NULL WHERE id = %s AND (
        SELECT count(DISTINCT subscriber) FROM (
            SELECT subscriber FROM kernel_handledfact WHERE fact_id = %s
            UNION ALL
            SELECT subscriber FROM kernel_failedfact WHERE fact_id = %s AND parked_at IS NOT NULL
        ) AS done WHERE subscriber = ANY(%s)
    ) = %s
"""

FORGOTTEN_AFTER_S = 60

_FORGOTTEN = """
    UPDATE kernel_outboxfact AS fact SET due_at = clock_timestamp()
    WHERE due_at > clock_timestamp() AND relayed > 0
    AND due_at - least(interval '10 seconds' * 2 ^ (relayed - 1), interval '1 hour')
        < clock_timestamp() - %s * interval '1 second'
    AND EXISTS (
        SELECT FROM unnest(%s::text[], %s::text[]) AS listener(type, name)
        WHERE listener.type = fact.type
        AND NOT EXISTS (
            SELECT FROM kernel_handledfact WHERE fact_id = fact.id AND subscriber = listener.name
        )
        AND NOT EXISTS (
            SELECT FROM kernel_failedfact
            WHERE fact_id = fact.id AND subscriber = listener.name AND parked_at IS NOT NULL
        )
    )
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A fact that one subscriber has yet to handle."""

    event_id: int
    subscriber: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many facts are on their way, and how many deliveries wait for a GM."""

    pending: int
    parked: int


def publish(fact: Fact) -> None:
    """Tell the other apps, if and when the caller's transaction commits."""
    publish_all([fact])


def publish_heard(*facts: Fact) -> None:
    """Publish those of some facts that somebody hears: all listeners may let them pass by their `when`."""
    publish_all(fact for fact in facts if _is_heard(fact))


def publish_all(facts: Iterable[Fact]) -> None:
    """Tell the other apps several facts, in this order, if and when the caller's transaction commits."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "a fact is published inside the transaction of its change"
        )
    rows = [_row(fact) for fact in facts]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])


def _is_heard(fact: Fact) -> bool:
    return any(subscriber(name).is_concerned(fact) for name in subscribers_of(fact.type_name))


def rider(fact: Fact) -> Rider:
    """Return a fact as a row that an entry of the journal takes along: published if the entry is written."""
    return Rider(_INSERT_BATCH, _row(fact))


def claim(limit: int) -> list[Delivery]:
    """Take due facts, and return what their subscribers have yet to handle.

    A claim is a lease: a fact that is not done when it ends is due again, later each time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [limit])
        return _open_deliveries(cursor.fetchall())


def open_deliveries() -> list[Delivery]:
    """Return everything that is not yet done, due or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, type, payload, request_id FROM kernel_outboxfact WHERE due_at IS NOT NULL ORDER BY id"
        )
        return _open_deliveries(cursor.fetchall())


def _open_deliveries(facts: Sequence[tuple[int, str, str, str]]) -> list[Delivery]:
    """Return what is left to do for these facts; whom a fact does not concern has handled it."""
    if not facts:
        return []
    ids = [event_id for event_id, *_ in facts]
    deliveries, skipped, done = [], [], []
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [ids, ids])
        over = set(cursor.fetchall())
        for event_id, type_name, payload, request_id in sorted(facts):
            missing = [name for name in subscribers_of(type_name) if (event_id, name) not in over]
            concerned = _concerned(missing, payload)
            deliveries += [Delivery(event_id, name, request_id) for name in concerned]
            skipped += [(event_id, name) for name in missing if name not in concerned]
            if not concerned:
                done.append((event_id, type_name))
        if skipped:
            cursor.execute(_SKIP, [[each[0] for each in skipped], [each[1] for each in skipped]])
    for event_id, type_name in done:
        settle(event_id, type_name)
    return deliveries


def _concerned(names: Sequence[str], payload: str) -> list[str]:
    """Return who of these subscribers has anything to do; everybody, where the fact cannot be read."""
    whom = [subscriber(name) for name in names]
    if all(who.when is None for who in whom):
        return list(names)
    try:
        fact = msgspec.json.decode(payload, type=whom[0].fact_type)
    except msgspec.DecodeError:
        return list(names)
    return [who.name for who in whom if who.is_concerned(fact)]


def settle(event_id: int, type_name: str) -> None:
    """Mark a fact as done if all its subscribers are. Call after their transactions have committed."""
    names = list(subscribers_of(type_name))
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [event_id, event_id, event_id, names, len(names)])


def make_due(event_ids: Sequence[int], *, in_s: float) -> None:
    """Let the relay look again, after a while, at facts that are not done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_outboxfact SET due_at = clock_timestamp() + %s * interval '1 second' "
            "WHERE due_at IS NOT NULL AND id = ANY(%s)",
            [in_s, list(event_ids)],
        )


def release(event_ids: Sequence[int], *, in_s: float) -> None:
    """Give leases back whose messages were not sent: due again after a while, as if never taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_outboxfact SET due_at = clock_timestamp() + %s * interval '1 second', "
            "relayed = greatest(relayed - 1, 0) WHERE due_at IS NOT NULL AND id = ANY(%s)",
            [in_s, list(event_ids)],
        )


def make_forgotten_due(queue: str) -> int:
    """Let the relay send again, long before the lease ends, what an empty queue must have lost.

    What was relayed lately may be in the hands of a worker, which has less time than this.
    """
    pairs = [(who.fact_type.type_name, who.name) for who in subscribers() if who.queue == queue]
    if not pairs:
        return 0
    types, names = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN, [FORGOTTEN_AFTER_S, list(types), list(names)])
        return int(cursor.rowcount)


def make_all_due() -> None:
    """Let the relay look at every fact that is not done: the broker may have forgotten them all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_outboxfact SET due_at = clock_timestamp(), relayed = 0 WHERE due_at IS NOT NULL"
        )


def backlog() -> Backlog:
    """Return how much is on its way and how much is parked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM kernel_outboxfact WHERE due_at IS NOT NULL), "
            "(SELECT count(*) FROM kernel_failedfact WHERE parked_at IS NOT NULL)"
        )
        pending, parked = cursor.fetchone()
    return Backlog(pending, parked)


def _row(fact: Fact) -> tuple[str, str, str]:
    return fact.type_name, msgspec.json.encode(fact).decode(), tracing.current()
