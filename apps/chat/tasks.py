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


@shared_task(name="chat.keep_guilds")  # type: ignore[untyped-decorator]  # celery has no types
def keep_guilds() -> None:
    """Close invitations to guilds that lapsed, see who is there, and settle foundings that were cut off."""
    close_old_connections()
    services.keep_guilds()
