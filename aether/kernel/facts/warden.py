"""What the relay does now and then: queues, canaries, dead letters, and what the broker has forgotten."""

from __future__ import annotations

import json
from typing import Any

import structlog

from aether.kernel.facts import canary, metrics, outbox
from aether.kernel.facts.broker import Broker, Depth, QueueFullError
from aether.kernel.facts.delivery import park
from aether.kernel.facts.tasks import deliver_fact, sing

LOOK_EVERY_S = 10.0

logger = structlog.get_logger(__name__)


def look_after(broker: Broker) -> None:
    """Do everything once. What is lost is noticed first: the broker may not answer."""
    canaries = canary.due(broker.names())
    depths = broker.declare()
    for queue, mark in canaries:
        try:
            broker.send(sing, (queue, mark), queue, expires=canary.LOST_AFTER_S)
        except QueueFullError:
            logger.error("a canary does not fit into its queue", queue=queue)
    for depth in depths:
        _show(depth)
        if depth.dead:
            _bring_in(broker, depth.queue)
        if depth.messages == 0:
            outbox.make_forgotten_due(depth.queue)


def _show(depth: Depth) -> None:
    metrics.QUEUE_MESSAGES.labels(depth.queue).set(depth.messages)
    metrics.QUEUE_CONSUMERS.labels(depth.queue).set(depth.consumers)
    metrics.DEAD_QUEUE_MESSAGES.labels(depth.queue).set(depth.dead)


def _bring_in(broker: Broker, queue: str) -> None:
    """Park the deliveries that the broker has given up on; log what is none."""
    for letter in broker.dead_letters(queue):
        delivery = _delivery_in(letter)
        reason = str((letter.headers.get("x-death") or [{}])[0].get("reason", "unknown"))
        name = str(letter.headers.get("task", ""))
        if delivery is not None:
            park(*delivery, error=f"The broker gave up on this message of {queue}: {reason}.")
        elif name != sing.name:  # a canary's loss has been noticed already
            logger.error("a dead letter is no fact", queue=queue, task=name, reason=reason)
        metrics.DEAD_LETTERS.labels(queue, "other" if delivery is None else "fact").inc()
        letter.ack()


def _delivery_in(letter: Any) -> tuple[int, str] | None:
    """Return the fact and the subscriber of a dead letter; None where it is something else."""
    if letter.headers.get("task") != deliver_fact.name:
        return None
    try:
        event_id, name, *_ = json.loads(letter.body)[0]
    except (ValueError, TypeError, KeyError):
        return None
    return (event_id, name) if isinstance(event_id, int) and isinstance(name, str) else None
