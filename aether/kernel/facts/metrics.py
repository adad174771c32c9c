"""What operators see of facts, in the metrics of each process that relays them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import structlog
from django.db import DatabaseError, connection
from prometheus_client import REGISTRY, Counter, Gauge
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aether.kernel.facts import canary
from aether.kernel.facts.registry import subscribers

logger = structlog.get_logger(__name__)

QUEUE_MESSAGES = Gauge("aether_queue_messages", "Messages that no worker has in hand.", ["queue"])
QUEUE_CONSUMERS = Gauge("aether_queue_consumers", "Workers that consume a queue.", ["queue"])
DEAD_QUEUE_MESSAGES = Gauge("aether_dead_queue_messages", "Dead letters not brought in yet.", ["queue"])
DEAD_LETTERS = Counter("aether_dead_letters_total", "Dead letters brought in.", ["queue", "kind"])

_OUTBOX = """
    SELECT count(*), coalesce(EXTRACT(EPOCH FROM
        clock_timestamp() - min(created_at) FILTER (WHERE relayed = 0)), 0)::float8,
        (SELECT count(*) FROM kernel_failedfact WHERE parked_at IS NOT NULL)
    FROM kernel_outboxfact WHERE due_at IS NOT NULL
"""

_SUBSCRIBERS = """
    SELECT listener.queue, count(fact.id),
        coalesce(EXTRACT(EPOCH FROM clock_timestamp() - min(fact.created_at)), 0)::float8
    FROM unnest(%s::text[], %s::text[], %s::text[]) AS listener(type, name, queue)
    LEFT JOIN kernel_outboxfact AS fact ON fact.type = listener.type AND fact.due_at IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM kernel_handledfact WHERE fact_id = fact.id AND subscriber = listener.name
        )
        AND NOT EXISTS (
            SELECT FROM kernel_failedfact
            WHERE fact_id = fact.id AND subscriber = listener.name AND parked_at IS NOT NULL
        )
    GROUP BY listener.queue
"""


class DatabaseCollector(Collector):
    """Asks the database at each scrape; one that does not answer has nothing to show."""

    def collect(self) -> Iterator[Metric]:
        try:
            yield from [*_outbox(), *_lags(), *_canaries()]
        except DatabaseError as error:
            logger.warning("metrics of facts cannot be read", error=repr(error))

    def describe(self) -> Iterable[Metric]:
        return []


_collector: DatabaseCollector | None = None


def show_database() -> None:
    """Show what the database knows of facts in the metrics of this process, from now on."""
    global _collector
    if _collector is None:
        _collector = DatabaseCollector()
        REGISTRY.register(_collector)


def _outbox() -> list[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(_OUTBOX)
        pending, lag_s, parked = cursor.fetchone()
    return [
        GaugeMetricFamily("aether_outbox_pending", "Facts that are not done.", pending),
        GaugeMetricFamily("aether_outbox_lag_seconds", "Age of the oldest fact never sent.", lag_s),
        GaugeMetricFamily("aether_facts_parked", "Deliveries that wait for a game master.", parked),
    ]


def _lags() -> list[Metric]:
    pending = GaugeMetricFamily("aether_subscriber_pending", "Deliveries not done.", labels=["queue"])
    lag = GaugeMetricFamily(
        "aether_subscriber_lag_seconds", "Age of the oldest delivery not done.", labels=["queue"]
    )
    listeners = subscribers()
    columns = [
        [who.fact_type.type_name for who in listeners],
        [who.name for who in listeners],
        [who.queue for who in listeners],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SUBSCRIBERS, columns)
        for queue, count, lag_s in cursor.fetchall():
            pending.add_metric([queue], count)
            lag.add_metric([queue], lag_s)
    return [pending, lag]


def _canaries() -> list[Metric]:
    lag = GaugeMetricFamily(
        "aether_canary_lag_seconds", "How long the last canary took, or is away.", labels=["queue"]
    )
    lost = GaugeMetricFamily("aether_canaries_lost", "Canaries lost since one came back.", labels=["queue"])
    age = GaugeMetricFamily("aether_canary_age_seconds", "Time since the last was sent.", labels=["queue"])
    for seen in canary.sightings():
        lag.add_metric([seen.queue], seen.lag_s)
        lost.add_metric([seen.queue], seen.lost)
        age.add_metric([seen.queue], seen.age_s)
    return [lag, lost, age]
