"""The steps of a plan as they are kept: each happens whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec
from django.db import connection

from apps.economy.models import RollbackCase, RollbackStep
from apps.economy.rules.rollback import Act, Hold, Notice, Plan, Reopening, Revocation, Taint, notices_of

T = TypeVar("T")

# One document, not a parameter for each step: quoting an array of long texts takes longer than the plan.
_KEEP = """
    INSERT INTO economy_rollbackstep (case_id, number, kind, content)
    SELECT %s, (step ->> 0)::int, step ->> 1, step -> 2 FROM jsonb_array_elements(%s::jsonb) AS step
"""

AT_ONCE = 100
"""How much of each kind a step does at most: people wait for one while it lasts."""

CHECK, HOLD, ACTS, TAINT, RELEASE, LETTERS, TELL = (
    "check",
    "hold",
    "acts",
    "taint",
    "release",
    "letters",
    "tell",
)


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What is told when everything is done."""

    revocations: list[Revocation]
    reopenings: list[Reopening] = []


def write_steps(case: RollbackCase, plan: Plan) -> None:
    """Keep a plan as the steps of its case, in place of those of an earlier dry run."""
    case.steps.all().delete()
    steps = [(number, *step) for number, step in enumerate(_steps(plan), start=1)]
    with connection.cursor() as cursor:
        for some in _parts(steps):
            cursor.execute(_KEEP, [case.pk, msgspec.json.encode(some).decode()])


def read_holds(step: RollbackStep) -> list[Hold]:
    return msgspec.convert(step.content, list[Hold])


def read_acts(step: RollbackStep) -> list[Act]:
    return msgspec.convert(step.content, list[Act])


def read_taints(step: RollbackStep) -> list[Taint]:
    return msgspec.convert(step.content, list[Taint])


def read_notices(step: RollbackStep) -> list[Notice]:
    return msgspec.convert(step.content, list[Notice])


def read_ending(step: RollbackStep) -> Ending:
    return msgspec.convert(step.content, Ending)


def _steps(plan: Plan) -> Iterator[tuple[str, Any]]:
    yield CHECK, []
    for holds in _parts(plan.holds):
        yield HOLD, holds
    for acts in _parts(plan.acts):
        yield ACTS, acts
    for taints in _parts(plan.taints):
        yield TAINT, taints
    for releases in _parts(plan.releases):
        yield RELEASE, releases
    for notices in _parts(notices_of(plan)):
        yield LETTERS, notices
    yield TELL, Ending(revocations=list(plan.revocations), reopenings=list(plan.reopenings))


def _parts(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]
