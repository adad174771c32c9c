"""What the realm is told of a transfer: each change is one conditional update, which only one can win."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aether.kernel import clock, failpoints
from apps.accounts.models import Transfer

State = Transfer.State


def tell(transfer_id: UUID, before: State, after: State, **extra: Any) -> bool:
    """Move a transfer on, unless somebody has moved it already."""
    now = clock.utc_now()
    fresh = {"state": after, "changed_at": now, "due_at": now, "attempts": 0, "error": "", **extra}
    is_ours = bool(Transfer.objects.filter(pk=transfer_id, state=before).update(**fresh))
    if is_ours:
        reach("transfer_told")
    return is_ours


def reach(name: str) -> None:
    if failpoints.is_armed:
        failpoints.reach(name)
