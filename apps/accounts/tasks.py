"""Periodic work of accounts."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.db import close_old_connections

from apps.accounts import services


@shared_task(name="accounts.forget_sessions")  # type: ignore[untyped-decorator]  # celery has no types
def forget_sessions() -> None:
    """Delete sessions that have expired."""
    close_old_connections()
    call_command("clearsessions")


@shared_task(name="accounts.forget_addresses")  # type: ignore[untyped-decorator]  # celery has no types
def forget_addresses() -> None:
    """Forget from where accounts have signed in long ago."""
    close_old_connections()
    services.forget_addresses()


@shared_task(name="accounts.move_characters")  # type: ignore[untyped-decorator]  # celery has no types
def move_characters() -> None:
    """Do this shard's part of every transfer that is due."""
    close_old_connections()
    services.move_characters()


@shared_task(name="accounts.keep_names")  # type: ignore[untyped-decorator]  # celery has no types
def keep_names() -> None:
    """Free names of the realm that nobody came to bear."""
    close_old_connections()
    services.keep_names()
