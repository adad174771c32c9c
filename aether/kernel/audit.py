"""Who of the staff did what to whom, and why: one stream of the journal, never without a reason."""

from __future__ import annotations

import msgspec
from django.contrib.auth.models import AbstractBaseUser

from aether.kernel import journal
from aether.kernel.errors import GameError
from aether.kernel.journal import StreamKind

STREAM_ID = 1
REASON_LENGTH_MAX = 500


class ReasonMissingError(GameError):
    code = "reason_missing"
    en = "Give a reason, in {longest} characters at most."
    fr = "Donnez un motif, en {longest} caractères au plus."


class SecondPersonError(GameError):
    code = "second_person_needed"
    http_status = 403
    en = "This takes a second person: somebody else than who asked for it has to approve it."
    fr = "Il faut une deuxième personne : quelqu'un d'autre que le demandeur doit approuver."


class StaffActed(msgspec.Struct, frozen=True, kw_only=True, tag="staff_acted"):
    """`target` is `<what>:<id>`, as in `account:12`."""

    actor: str
    action: str
    target: str
    reason: str
    details: dict[str, object]


def record(
    actor: AbstractBaseUser, action: str, target: str, reason: str, details: dict[str, object] | None = None
) -> None:
    """Write an act of the staff into the journal, inside the transaction of the act itself."""
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH_MAX:
        raise ReasonMissingError(longest=REASON_LENGTH_MAX)
    act = StaffActed(
        actor=actor.get_username(), action=action, target=target, reason=reason, details=details or {}
    )
    journal.record(StreamKind.AUDIT, STREAM_ID, act, actor_id=actor.pk)
