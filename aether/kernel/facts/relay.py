"""The relay: carries due facts from the outbox to the broker, a message for each subscriber.

It only ever takes leases, so any number may run and any may be killed. Beside that it looks after the
broker: it declares queues that are gone, sends canaries, and brings in what the broker has given up on.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, connection

from aether.kernel import failpoints, health
from aether.kernel.facts import metrics, outbox, warden
from aether.kernel.facts.broker import Broker, QueueFullError
from aether.kernel.facts.registry import subscriber
from aether.kernel.facts.tasks import deliver_fact

BATCH = 200
POLL_S = 0.5
REST_AFTER_FAULT_S = 1.0
REST_WHEN_FULL_S = 5.0
FIRST_LOOK_S = 2.0

logger = logging.getLogger(__name__)

pulse = health.Pulse()
"""Beats as long as the relay of this process turns, whether or not it gets anything done."""


def relay_until(stop: threading.Event) -> None:
    """Relay until told to stop; a database or broker that is away is waited for."""
    if deliver_fact.app.main == "default":
        raise RuntimeError("nobody has said where the broker is: import aether.celery first")
    metrics.show_database()
    broker = Broker()
    look_at = time.monotonic() + FIRST_LOOK_S
    while not stop.is_set():
        pulse.beat()
        try:
            _listen()
            while not stop.is_set():
                pulse.beat()
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + warden.LOOK_EVERY_S
                    warden.look_after(broker)
                if not relay_once(broker):
                    _wait()
        except Exception:
            logger.exception("the relay of facts was interrupted and goes on in a moment")
            broker.close()
            connection.close()
            stop.wait(REST_AFTER_FAULT_S)
    broker.close()
    _close()


def relay_once(broker: Broker) -> int:
    """Send the facts that are due to the broker; return how many messages that took."""
    deliveries = outbox.claim(BATCH)
    left = {delivery.event_id for delivery in deliveries}
    full: set[str] = set()
    refused: set[int] = set()
    sent = 0
    try:
        for delivery in deliveries:
            queue = subscriber(delivery.subscriber).queue
            try:
                if queue in full:
                    raise QueueFullError(queue)
                _send(broker, delivery, queue)
                sent += 1
            except QueueFullError:
                full.add(queue)
                refused.add(delivery.event_id)
            left.discard(delivery.event_id)
    except Exception:
        outbox.release(sorted(left | refused), in_s=REST_AFTER_FAULT_S)
        raise
    if full:
        logger.error("queues are full: %s", ", ".join(sorted(full)))
        outbox.release(sorted(refused), in_s=REST_WHEN_FULL_S)
    return sent


def _send(broker: Broker, delivery: outbox.Delivery, queue: str) -> None:
    if failpoints.is_armed:
        failpoints.reach("outbox_before_publish")
    broker.send(deliver_fact, (delivery.event_id, delivery.subscriber, delivery.request_id), queue)
    if failpoints.is_armed:
        failpoints.reach("after_publish_before_mark")


def _listen() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {outbox.CHANNEL}")


def _wait() -> None:
    """Wait until a fact is committed or it is time to look anyway."""
    for _ in connection.connection.notifies(timeout=POLL_S, stop_after=1):
        return


def _close() -> None:
    """Hear no more bells: the connection may serve others after this."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("UNLISTEN *")
    except DatabaseError as error:
        logger.info("the relay's connection was lost: %s", error)
    connection.close()
