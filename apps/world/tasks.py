"""Periodic work of the world."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from apps.world import services


@shared_task(name="world.prune_samples")  # type: ignore[untyped-decorator]  # celery has no types
def prune_samples() -> None:
    """Forget old samples of population and footfall."""
    close_old_connections()
    services.prune_samples()


@shared_task(name="world.keep_dungeons")  # type: ignore[untyped-decorator]  # celery has no types
def keep_dungeons() -> None:
    """Close the dungeons in which nobody is any more, and those of weeks that are over."""
    close_old_connections()
    services.keep_dungeons()
