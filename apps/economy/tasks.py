"""Periodic work of the economy."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from apps.economy import services


@shared_task(name="economy.fold")  # type: ignore[untyped-decorator]  # celery has no types
def fold() -> None:
    """Fold what postings have left beside the balances."""
    close_old_connections()
    services.fold()


@shared_task(name="economy.sweep")  # type: ignore[untyped-decorator]  # celery has no types
def sweep() -> None:
    """Resolve what has waited past its time."""
    close_old_connections()
    services.sweep()
