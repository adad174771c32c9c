"""The sweep that moves transfers on: this shard's part of each, as far as it goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog
from django.db.models import F, Q

from aether.kernel import clock, shards
from apps.accounts.errors import TransferFailedError
from apps.accounts.models import Transfer
from apps.accounts.services.transferring import arriving, leaving
from apps.accounts.services.transferring.telling import State

SWEPT_AT_ONCE = 50
FAILURES_MAX = 10
"""How often the target tries before it declines: then the character goes home."""

logger = structlog.get_logger(__name__)

Step = Callable[[Transfer], bool]

AT_SOURCE: dict[str, Step] = {
    State.REQUESTED: leaving.freeze,
    State.FROZEN: leaving.pack,
    State.IMPORTED: leaving.release,
    State.CANCELLING: leaving.take_back,
}
AT_TARGET: dict[str, Step] = {State.EXPORTED: arriving.claim, State.IMPORTING: arriving.arrive}


def move_characters() -> int:
    """Do what is this shard's to do; return how many steps that were. Any number may do so at once."""
    ours = Q(source=shards.here(), state__in=AT_SOURCE) | Q(target=shards.here(), state__in=AT_TARGET)
    due = Transfer.objects.filter(ours, due_at__lte=clock.utc_now()).order_by("due_at")
    return sum(_move_on(pk) for pk in list(due.values_list("pk", flat=True)[:SWEPT_AT_ONCE]))


def _move_on(transfer_id: UUID) -> int:
    steps = 0
    while True:
        transfer = Transfer.objects.get(pk=transfer_id)
        side = AT_SOURCE if transfer.source == shards.here() else AT_TARGET
        step = side.get(transfer.state)
        if step is None:
            return steps
        try:
            if not step(transfer):
                return steps
        except Exception as error:  # noqa: BLE001 - one transfer that fails must not stop the others
            _note_failure(transfer, error)
            return steps
        steps += 1


def _note_failure(transfer: Transfer, error: Exception) -> None:
    logger.exception("a transfer does not move on", transfer=str(transfer.pk), state=transfer.state)
    pause = timedelta(seconds=min(2**transfer.attempts, 300))
    Transfer.objects.filter(pk=transfer.pk, state=transfer.state).update(
        attempts=F("attempts") + 1, error=repr(error)[:2000], due_at=clock.utc_now() + pause
    )
    if transfer.state == State.IMPORTING and transfer.attempts + 1 >= FAILURES_MAX:
        arriving.decline(transfer, TransferFailedError())
