"""Four eyes: an act above a threshold is asked for by one member of the staff and done by another's word.

Apps register what is done once it is approved. Both persons, and both reasons, stand in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.functional import Promise

from aether.console.models import Approval
from aether.kernel import audit, clock
from aether.kernel.audit import SecondPersonError
from aether.kernel.errors import ForbiddenError, GameError

State = Approval.State


class AlreadyAskedError(GameError):
    code = "approval_already_asked"
    http_status = 409
    en = "This waits for a second person already."
    fr = "Cela attend déjà une deuxième personne."


class AlreadyDecidedError(GameError):
    code = "approval_already_decided"
    http_status = 409
    en = "This has been decided already."
    fr = "Cela a déjà été décidé."


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What was approved: by whom it was asked for, and by whom it may be done now."""

    requested_by: AbstractBaseUser
    approved_by: AbstractBaseUser
    target_id: int
    values: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """An act that may need a second person. Both need its permission."""

    title: str | Promise
    permission: str
    perform: Callable[[Granted], None]


_kinds: dict[str, Kind] = {}


def register(act: str, kind: Kind) -> None:
    """Say what is done when an act of this name is approved."""
    _kinds[act] = kind


def title_of(act: str) -> str | Promise:
    return _kinds[act].title if act in _kinds else act


@transaction.atomic
def ask(*, actor: Any, act: str, target: str, values: Mapping[str, Any], reason: str) -> Approval:
    """Ask for an act on `target` (`<what>:<id>`) that somebody else has to approve."""
    _require(actor, _kinds[act].permission)
    try:
        with transaction.atomic():
            asked = Approval.objects.create(
                act=act, target=target, values=dict(values), reason=reason.strip(), requested_by=actor
            )
    except IntegrityError:
        raise AlreadyAskedError from None
    audit.record(actor, "ask_approval", target, reason, {"act": act, "approval": asked.pk, **values})
    return asked


@transaction.atomic
def approve(*, actor: Any, approval_id: int, reason: str) -> None:
    """Do what was asked for, in the name of both. If it is refused, nothing has changed and it waits on."""
    asked = _open(approval_id)
    if asked.requested_by_id == actor.pk:
        raise SecondPersonError
    kind = _kinds[asked.act]
    for person in (asked.requested_by, actor):
        _require(person, kind.permission)
    _decide(asked, actor, State.APPROVED, reason)
    audit.record(actor, "approve", asked.target, reason, _details(asked))
    kind.perform(
        Granted(
            requested_by=asked.requested_by,
            approved_by=actor,
            target_id=int(asked.target.partition(":")[2]),
            values=asked.values,
            reason=asked.reason,
        )
    )


@transaction.atomic
def refuse(*, actor: Any, approval_id: int, reason: str) -> None:
    """Let what was asked for not be done; whoever asked takes it back by the same act."""
    asked = _open(approval_id)
    is_own = asked.requested_by_id == actor.pk
    if not is_own:
        _require(actor, _kinds[asked.act].permission)
    _decide(asked, actor, State.WITHDRAWN if is_own else State.REFUSED, reason)
    action = "withdraw_approval" if is_own else "refuse_approval"
    audit.record(actor, action, asked.target, reason, _details(asked))


def open_count() -> int:
    """Return how much waits for a second person."""
    return Approval.objects.filter(state=State.OPEN).count()


def _open(approval_id: int) -> Approval:
    asked = Approval.objects.select_for_update().get(pk=approval_id)
    if asked.state != State.OPEN:
        raise AlreadyDecidedError
    return asked


def _require(person: Any, permission: str) -> None:
    if not person.has_perm(permission):
        raise ForbiddenError


def _decide(asked: Approval, actor: Any, state: State, reason: str) -> None:
    asked.state, asked.decided_by, asked.decided_at = state, actor, clock.utc_now()
    asked.decision = reason.strip()
    asked.save(update_fields=["state", "decided_by", "decided_at", "decision"])


def _details(asked: Approval) -> dict[str, object]:
    return {
        "act": asked.act,
        "approval": asked.pk,
        "requested_by": asked.requested_by.get_username(),
        "requested_for": asked.reason,
    }
