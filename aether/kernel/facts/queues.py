"""The queues of the broker: one for each domain, and one beside it for what the broker gives up on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from kombu.entity import Exchange, Queue

new_exchange: Callable[..., Any] = Exchange
new_queue: Callable[..., Any] = Queue

EXCHANGE = "aether"
DELIVERIES_MAX = 5
LENGTH_MAX = 100_000

_QUORUM: dict[str, object] = {"x-queue-type": "quorum"}


def queue(name: str) -> Any:
    """Return the queue of a domain. A full one refuses messages; the outbox keeps what is refused."""
    return _queue(
        name,
        {
            **_QUORUM,
            "x-delivery-limit": DELIVERIES_MAX,
            "x-max-length": LENGTH_MAX,
            "x-overflow": "reject-publish",
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": dead(name),
            "x-dead-letter-strategy": "at-least-once",
        },
    )


def dead_letters(name: str) -> Any:
    """Return the queue in which a domain's messages end that were delivered too often, or make no sense."""
    return _queue(dead(name), _QUORUM)


def dead(name: str) -> str:
    return f"{name}.dead"


def all_of(names: Iterable[str]) -> list[Any]:
    """Return the queues of some domains."""
    return [queue(name) for name in names]


def _queue(name: str, arguments: dict[str, object]) -> Any:
    is_real = settings.PROFILE == "services"
    exchange = new_exchange(EXCHANGE, type="direct")
    return new_queue(
        name, exchange=exchange, routing_key=name, queue_arguments=arguments if is_real else None
    )
