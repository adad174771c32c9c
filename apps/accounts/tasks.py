"""Periodic work of accounts."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.db import close_old_connections


@shared_task(name="accounts.forget_sessions")  # type: ignore[untyped-decorator]  # celery has no types
def forget_sessions() -> None:
    """Delete sessions that have expired."""
    close_old_connections()
    call_command("clearsessions")
