"""The relay: carries due facts from the outbox to the broker, a message for each subscriber.

It only ever takes leases, so any number may run and any may be killed.
"""

from __future__ import annotations

import logging
import threading

from django.db import connection

from aether.kernel import failpoints, health
from aether.kernel.facts import outbox
from aether.kernel.facts.registry import subscriber
from aether.kernel.facts.tasks import deliver_fact

BATCH = 200
POLL_S = 0.5
REST_AFTER_FAULT_S = 1.0

logger = logging.getLogger(__name__)

pulse = health.Pulse()
"""Beats as long as the relay of this process turns, whether or not it gets anything done."""


def relay_until(stop: threading.Event) -> None:
    """Relay until told to stop; a database or broker that is away is waited for."""
    if deliver_fact.app.main == "default":
        raise RuntimeError("nobody has said where the broker is: import aether.celery first")
    while not stop.is_set():
        pulse.beat()
        try:
            _listen()
            while not stop.is_set():
                pulse.beat()
                if not relay_once():
                    _wait()
        except Exception:
            logger.exception("the relay of facts was interrupted and goes on in a moment")
            connection.close()
            stop.wait(REST_AFTER_FAULT_S)
    connection.close()


def relay_once() -> int:
    """Send the facts that are due to the broker; return how many messages that took."""
    deliveries = outbox.claim(BATCH)
    sent = 0
    try:
        for delivery in deliveries:
            if failpoints.is_armed:
                failpoints.reach("outbox_before_publish")
            deliver_fact.apply_async(
                (delivery.event_id, delivery.subscriber, delivery.request_id),
                queue=subscriber(delivery.subscriber).queue,
            )
            sent += 1
            if failpoints.is_armed:
                failpoints.reach("after_publish_before_mark")
    except Exception:
        outbox.make_due([left.event_id for left in deliveries[sent:]], in_s=REST_AFTER_FAULT_S)
        raise
    return sent


def _listen() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {outbox.CHANNEL}")


def _wait() -> None:
    """Wait until a fact is committed or it is time to look anyway."""
    for _ in connection.connection.notifies(timeout=POLL_S, stop_after=1):
        return
