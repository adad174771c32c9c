"""The jobs of facts: one message per subscriber, and the broom."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.db import close_old_connections, connection

from aether.kernel import failpoints, tracing
from aether.kernel.facts import canary
from aether.kernel.facts.delivery import count_failure, deliver
from aether.kernel.facts.standing import KEPT_DAYS


@shared_task(name="facts.deliver", bind=True)  # type: ignore[untyped-decorator]  # celery has no types
def deliver_fact(task: Any, event_id: int, name: str, request_id: str = "") -> None:
    """Deliver a fact. A message that comes back was in the hands of a worker that died: that counts too.

    The delivery itself sees to it that its connection works, and keeps it for the next one.
    """
    with tracing.following(request_id):
        if (task.request.delivery_info or {}).get("redelivered"):
            close_old_connections()
            if count_failure(event_id, name, "The worker died while it was handling this."):
                return
        deliver(event_id, name)
    if failpoints.is_armed:
        failpoints.reach("task_done_before_ack")


@shared_task(name="facts.canary")  # type: ignore[untyped-decorator]  # celery has no types
def sing(queue: str, mark: str) -> None:
    """Say that a queue is consumed."""
    close_old_connections()
    canary.note_return(queue, mark)


@shared_task(name="facts.prune")  # type: ignore[untyped-decorator]  # celery has no types
def prune_facts() -> None:
    """Forget facts that were done long ago, a few thousand at a time."""
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH old AS (SELECT id FROM kernel_outboxfact WHERE due_at IS NULL "
            "AND created_at < now() - %s * interval '1 day' "
            "AND NOT EXISTS (SELECT 1 FROM kernel_failedfact WHERE fact_id = kernel_outboxfact.id) "
            "ORDER BY id LIMIT 5000), "
            "forgotten AS (DELETE FROM kernel_handledfact WHERE fact_id IN (SELECT id FROM old)) "
            "DELETE FROM kernel_outboxfact WHERE id IN (SELECT id FROM old)",
            [KEPT_DAYS],
        )
