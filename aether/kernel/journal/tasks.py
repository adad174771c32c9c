"""The journal's broom."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from aether.kernel.journal.pruning import prune_receipts


@shared_task(name="journal.prune_receipts")  # type: ignore[untyped-decorator]  # celery has no types
def forget_receipts() -> None:
    """Forget the receipts of commands that nobody will send again."""
    close_old_connections()
    prune_receipts()
