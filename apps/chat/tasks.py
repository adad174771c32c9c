"""Periodic work of chat."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from apps.chat import services


@shared_task(name="chat.keep_parties")  # type: ignore[untyped-decorator]  # celery has no types
def keep_parties() -> None:
    """Close invitations that lapsed, and see whose player is gone."""
    close_old_connections()
    services.keep_parties()
