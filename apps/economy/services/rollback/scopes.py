"""Scopes: which entries a case is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from django.db import connection

from apps.economy.case_errors import ScopeTooLargeError, ScopeTooWideError, WrongScopeError
from apps.economy.rules.rollback.planner import OWN_CAUSES

LINES_MAX = 300_000
PLAN_KEPT = timedelta(days=1)
"""How long a dry run may be carried out: gifts grow old meanwhile, and prices change."""

Id = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Scope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Entries to which everything applies that is said here. A cause that ends in `*` is a beginning.

    `subjects` are those who may be left in debt: if none is named, the characters of the scope, and if
    none of those either, whoever was given something out of a faucet or by staff.
    """

    characters: list[Id] = []
    entries: list[Id] = []
    kinds: list[Name] = []
    assets: list[Name] = []
    causes: list[Name] = []
    since: datetime | None = None
    until: datetime | None = None
    subjects: list[Id] = []
    revokes_xp: bool = True
    reopens_quests: bool = True
    of_case: Id | None = None
    """The rollback that is to be undone."""

    @property
    def is_wide(self) -> bool:
        """Whether it says nothing but a time."""
        return not (self.characters or self.entries or self.assets or self.causes or self.of_case)


def read_scope(given: object) -> Scope:
    """Read a scope as it was kept or sent; refuse one that is wrong or would be everything."""
    try:
        scope = msgspec.convert(given, Scope)
    except msgspec.ValidationError as error:
        raise WrongScopeError(problem=str(error)) from None
    for moment in (scope.since, scope.until):
        if moment is not None and moment.tzinfo is None:
            raise WrongScopeError(problem="a moment has no time zone")
    if scope.since and scope.until and scope.since >= scope.until:
        raise WrongScopeError(problem="it ends before it begins")
    if scope.is_wide:
        raise ScopeTooWideError
    return scope


def entry_ids(scope: Scope) -> list[int]:
    """Return the entries of a scope, newest first."""
    clauses, parameters = _conditions(scope)
    query = f"SELECT id FROM economy_entry WHERE {' AND '.join(clauses)} ORDER BY id DESC LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, [*parameters, LINES_MAX])
        ids = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM economy_line WHERE entry_id = ANY(%s)", [ids])
        if cursor.fetchone()[0] > LINES_MAX or len(ids) == LINES_MAX:
            raise ScopeTooLargeError(most=LINES_MAX)
    return ids


def _conditions(scope: Scope) -> tuple[list[str], list[Any]]:
    if scope.of_case is not None:
        return ["cause = %s", "kind <> ALL(%s)"], [f"rollback:{scope.of_case}", ["hold", "return", "release"]]
    clauses, parameters = ["cause NOT LIKE ALL(%s)"], [list[str](OWN_CAUSES)]
    simple: list[tuple[str, Any]] = [
        ("id = ANY(%s)", scope.entries),
        ("kind = ANY(%s)", scope.kinds),
        ("at >= %s", scope.since),
        ("at < %s", scope.until),
    ]
    of_lines: list[tuple[str, Any]] = [
        (
            "account_id IN (SELECT id FROM economy_account"
            " WHERE owner_type = 'character' AND owner_id = ANY(%s))",
            scope.characters,
        ),
        ("asset = ANY(%s)", scope.assets),
    ]
    if scope.causes:
        clauses.append("(cause = ANY(%s) OR cause LIKE ANY(%s))")
        parameters += [
            [cause for cause in scope.causes if not cause.endswith("*")],
            [_pattern(cause) for cause in scope.causes if cause.endswith("*")],
        ]
    for clause, value in simple:
        if value:
            clauses.append(clause)
            parameters.append(value)
    if lines := [(clause, value) for clause, value in of_lines if value]:
        inner = " AND ".join(clause for clause, _ in lines)
        clauses.append(f"id IN (SELECT entry_id FROM economy_line WHERE {inner})")  # noqa: S608
        parameters += [value for _, value in lines]
    return clauses, parameters


def _pattern(cause: str) -> str:
    """Return the beginning of a cause as a pattern of the database, in which only its star means anything."""
    return cause.removesuffix("*").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
