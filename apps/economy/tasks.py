"""Periodic work of the economy."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from apps.economy import services
from apps.economy.services import alarms, rollback


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


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="economy.undo", soft_time_limit=300, time_limit=330
)
def undo() -> None:
    """Go on with the rollbacks that were approved."""
    close_old_connections()
    rollback.carry_on_all()


@shared_task(name="economy.show_dice")  # type: ignore[untyped-decorator]  # celery has no types
def show_dice() -> None:
    """Show the seeds of the dice whose week is over."""
    close_old_connections()
    services.show_due_dice()


@shared_task(name="economy.collect_debts")  # type: ignore[untyped-decorator]  # celery has no types
def collect_debts() -> None:
    """Take the share of what debtors have earned."""
    close_old_connections()
    rollback.collect_debts()


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="economy.watch", soft_time_limit=50, time_limit=60
)
def watch() -> None:
    """Check every law of the ledger and look for what is unusual; raise an alarm about both."""
    close_old_connections()
    alarms.watch()


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="economy.watch_transfers", soft_time_limit=280, time_limit=300
)
def watch_transfers() -> None:
    """Look at who gives what to whom; raise an alarm about what looks bought for real money."""
    close_old_connections()
    alarms.watch_transfers()
