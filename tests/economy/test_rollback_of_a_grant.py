"""A wrong grant is undone: scope, dry run, a second person, compensating entries, and back again."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from aether.kernel.audit import SecondPersonError
from apps.economy import auditing, selectors
from apps.economy.case_errors import CaseStaleError, CaseStateError, ScopeTooWideError, WrongScopeError
from apps.economy.models import Entry, RollbackCase
from apps.economy.services import rollback
from tests.economy.cast import character, give, item_id, stacks
from tests.economy.undoing import (
    carried_out,
    entry_of_key,
    holdings,
    opened,
    staff,
    system_sum,
    undone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> int:
    """Somebody who had 50 glim and was given far too much."""
    found = character()
    give(found, glim=50, key="right")
    give(found, glim=900, reed_fibre=7, reed_hook=1, key="wrong")
    return found


def wrong_entry() -> int:
    return entry_of_key("wrong")


def test_what_was_given_is_taken_back(alice: int) -> None:
    hook = item_id(alice, "reed_hook")
    case = undone(entries=[wrong_entry()])
    assert case.state == RollbackCase.State.DONE
    assert selectors.glim(alice) == 50
    assert stacks(alice) == {}
    assert not selectors.inventory(alice).items
    assert system_sum("gm:confiscate", f"item:{hook}") == 1
    assert auditing.audit_ledger() == []


def test_the_reversal_names_what_it_reverses_and_why(alice: int) -> None:
    case = undone(entries=[wrong_entry()])
    reversal = Entry.objects.get(reverses_id=wrong_entry())
    assert (reversal.kind, reversal.cause) == ("reversal", f"rollback:{case.pk}")
    assert reversal.note.text == case.reason


def test_a_dry_run_moves_nothing(alice: int) -> None:
    before = holdings()
    case = opened(entries=[wrong_entry()])
    assert holdings() == before
    assert case.summary["reversals"] == 1
    assert [alice, "wallet", "glim", -900] in [effect[1:] for effect in case.summary["effects"]]


def test_undoing_the_rollback_brings_everything_back(alice: int) -> None:
    before = holdings()
    case = undone(entries=[wrong_entry()])
    back = rollback.undo_case(actor=staff("gwen"), case_id=case.pk, reason="it was right after all")
    rollback.plan_case(actor=staff("gwen"), case_id=back.pk, reason="look")
    carried_out(RollbackCase.objects.get(pk=back.pk))
    assert holdings() == before
    assert auditing.audit_ledger() == []


def test_nobody_approves_their_own_case(alice: int) -> None:
    case = opened(entries=[wrong_entry()])
    with pytest.raises(SecondPersonError):
        rollback.approve_case(actor=staff("gwen"), case_id=case.pk, seen=case.fingerprint, reason="me")
    with pytest.raises(IntegrityError), transaction.atomic():
        RollbackCase.objects.filter(pk=case.pk).update(approved_by=case.opened_by)


def test_nothing_runs_unapproved(alice: int) -> None:
    case = opened(entries=[wrong_entry()])
    rollback.carry_on_all()
    assert selectors.glim(alice) == 950
    with pytest.raises(IntegrityError), transaction.atomic():
        RollbackCase.objects.filter(pk=case.pk).update(state="running")


def test_an_approval_is_of_the_dry_run_that_was_seen(alice: int) -> None:
    case = opened(entries=[wrong_entry()])
    with pytest.raises(CaseStaleError):
        rollback.approve_case(actor=staff("odo"), case_id=case.pk, seen="0" * 64, reason="yes")


def test_a_case_runs_once(alice: int) -> None:
    case = undone(entries=[wrong_entry()])
    rollback.carry_on(case.pk)
    assert selectors.glim(alice) == 50
    with pytest.raises(CaseStateError):
        rollback.plan_case(actor=staff("gwen"), case_id=case.pk, reason="again")


def test_what_is_undone_already_is_left_alone(alice: int) -> None:
    undone(entries=[wrong_entry()])
    again = undone(entries=[wrong_entry()])
    assert again.summary["situations"] == {"reversed_already": 1}
    assert selectors.glim(alice) == 50


@pytest.mark.parametrize(
    "scope",
    [
        {"characters": [0]},
        {"characters": ["x"]},
        {"entries": [2**60]},
        {"nonsense": 1},
        {"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z", "characters": [1]},
        {"since": "2026-01-02T00:00:00", "characters": [1]},
        [],
    ],
)
def test_a_wrong_scope_is_refused(scope: object) -> None:
    with pytest.raises(WrongScopeError):
        rollback.open_case(actor=staff("gwen"), reason="r", scope=scope)


def test_a_scope_of_time_alone_is_refused() -> None:
    with pytest.raises(ScopeTooWideError):
        rollback.open_case(
            actor=staff("gwen"), reason="r", scope={"since": "2026-01-01T00:00:00Z", "kinds": ["grant"]}
        )


@pytest.mark.parametrize(
    "scope",
    [
        {"causes": ["starter:*"]},
        {"causes": ["starter:test"], "kinds": ["grant"]},
        {"assets": ["glim"]},
        {"characters": [-1], "assets": ["glim"]},
    ],
)
def test_a_scope_finds_by_each_of_its_sides(alice: int, scope: dict[str, object]) -> None:
    if "characters" in scope:
        scope = {**scope, "characters": [alice]}
    assert opened(**scope).summary["entries"] == 2


def test_a_scope_finds_nothing_where_one_side_does_not_fit(alice: int) -> None:
    for scope in ({"characters": [alice], "kinds": ["trade"]}, {"causes": ["starter_test"]}):
        assert opened(**scope).summary["entries"] == 0
