"""Cases: opened by one person, planned, approved by another, carried out, and undone if they were wrong."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction

from aether.kernel import audit, clock
from aether.kernel.audit import SecondPersonError
from apps.economy.case_errors import AlreadyUndoneError, CaseStaleError, CaseStateError
from apps.economy.models import RollbackCase
from apps.economy.rules.rollback import Found, Plan, plan
from apps.economy.services.rollback.gathering import fingerprint, gather
from apps.economy.services.rollback.scopes import PLAN_KEPT, Scope, read_scope
from apps.economy.services.rollback.steps import write_steps
from apps.economy.services.rollback.summing import summed_up

State = RollbackCase.State
PLANNABLE = (State.OPEN, State.PLANNED, State.STALE)


@transaction.atomic
def open_case(
    *,
    actor: Any,
    reason: str,
    scope: object,
    evidence: dict[str, object] | None = None,
    income_share_pct: int = 20,
) -> RollbackCase:
    """Open a case. Entries that come later than now are not of it, whatever its scope says."""
    read = read_scope(scope)
    now = clock.utc_now()
    if read.until is None or read.until > now:
        read = msgspec.structs.replace(read, until=now)
    return _open(actor, reason, read, evidence=evidence or {}, income_share_pct=income_share_pct)


def plan_case(*, actor: Any, case_id: int, reason: str) -> RollbackCase:
    """Make the dry run of a case: what it would do now. An approval of an earlier one is void.

    A large one takes seconds, in which no transaction is open. Of two at a time the last one stays.
    """
    case, now = RollbackCase.objects.get(pk=case_id), clock.utc_now()
    if case.state not in PLANNABLE:
        raise CaseStateError
    found = gather(case.pk, read_scope(case.scope), now)
    made = plan(found)
    return _keep_plan(actor, case_id, reason, found, made)


@transaction.atomic
def _keep_plan(actor: Any, case_id: int, reason: str, found: Found, made: Plan) -> RollbackCase:
    case = _in_state(case_id, *PLANNABLE)
    write_steps(case, made)
    case.state, case.planned_at = State.PLANNED, found.now
    case.fingerprint, case.summary = fingerprint(found), summed_up(found, made)
    case.save(update_fields=["state", "planned_at", "fingerprint", "summary"])
    audit.record(actor, "plan_rollback", _target(case), reason, {"fingerprint": case.fingerprint})
    return case


@transaction.atomic
def require_planned(*, case_id: int) -> None:
    """Refuse where there is no dry run that could be approved."""
    _in_state(case_id, State.PLANNED)


@transaction.atomic
def approve_case(*, actor: Any, case_id: int, seen: str, reason: str) -> RollbackCase:
    """Have the dry run with fingerprint `seen` carried out, as somebody else than who opened the case."""
    case = _in_state(case_id, State.PLANNED)
    if actor.pk == case.opened_by:
        raise SecondPersonError
    if seen != case.fingerprint or case.planned_at is None or clock.utc_now() - case.planned_at > PLAN_KEPT:
        raise CaseStaleError
    case.state, case.approved_by, case.approved_name = State.RUNNING, actor.pk, actor.get_username()
    case.save(update_fields=["state", "approved_by", "approved_name"])
    audit.record(actor, "approve_rollback", _target(case), reason, {"fingerprint": case.fingerprint})
    return case


@transaction.atomic
def withdraw_case(*, actor: Any, case_id: int, reason: str) -> RollbackCase:
    """Close a case without doing anything."""
    case = _in_state(case_id, *PLANNABLE)
    case.state, case.ended_at = State.WITHDRAWN, clock.utc_now()
    case.save(update_fields=["state", "ended_at"])
    audit.record(actor, "withdraw_rollback", _target(case), reason)
    return case


@transaction.atomic
def undo_case(*, actor: Any, case_id: int, reason: str) -> RollbackCase:
    """Open the case that undoes a finished one."""
    case = _in_state(case_id, State.DONE)
    earlier = RollbackCase.objects.filter(undoes=case).exclude(state=State.WITHDRAWN)
    if earlier.exists():
        raise AlreadyUndoneError
    RollbackCase.objects.filter(undoes=case).update(undoes=None)
    return _open(actor, reason, Scope(of_case=case.pk), undoes=case)


def _open(actor: Any, reason: str, scope: Scope, **more: Any) -> RollbackCase:
    case = RollbackCase.objects.create(
        reason=reason.strip(),
        scope=msgspec.to_builtins(scope),
        opened_by=actor.pk,
        opened_name=actor.get_username(),
        **more,
    )
    audit.record(actor, "open_rollback", _target(case), reason, {"scope": case.scope})
    return case


def _in_state(case_id: int, *states: State) -> RollbackCase:
    case = RollbackCase.objects.select_for_update().get(pk=case_id)
    if case.state not in states:
        raise CaseStateError
    return case


def _target(case: RollbackCase) -> str:
    return f"rollback:{case.pk}"
