"""Rows of hostile input about rollbacks: chosen wrongly, twice at once, and while the thing is traded on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aether.kernel import clock
from aether.kernel.audit import SecondPersonError
from aether.kernel.models import JournalLine
from apps.economy import auditing, selectors
from apps.economy.models import Alarm, Debt, RollbackCase, RollbackStep
from apps.economy.services import alarms, rollback
from apps.economy.services.rollback import running, steps
from tests.economy.cast import all_at_once, character, give, item_id
from tests.economy.undoing import (
    carried_out,
    entry_of_key,
    hand_over,
    hand_over_item,
    has_item,
    opened,
    staff,
    system_sum,
    undone,
)

pytestmark = pytest.mark.django_db
racing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> int:
    found = character()
    give(found, glim=900, reed_hook=1, key="wrong")
    return found


def approve(case: RollbackCase) -> None:
    rollback.approve_case(actor=staff("odo"), case_id=case.pk, seen=case.fingerprint, reason="right")


def test_g02_a_rollback_takes_a_second_person(alice: int) -> None:
    case = opened(entries=[entry_of_key("wrong")])
    with pytest.raises(SecondPersonError):
        rollback.approve_case(actor=staff("gwen"), case_id=case.pk, seen=case.fingerprint, reason="me")
    assert selectors.glim(alice) == 900


def test_g09_a_scope_that_reaches_into_the_future_ends_now(alice: int) -> None:
    later = clock.utc_now() + timedelta(days=9)
    case = opened(characters=[alice], until=later)
    give(alice, glim=5, key="afterwards")
    assert case.scope["until"] < later.isoformat()
    assert carried_out(case).state == "done"
    assert selectors.glim(alice) == 5


def test_g09_what_is_undone_twice_is_undone_once(alice: int) -> None:
    for _ in range(2):
        undone(entries=[entry_of_key("wrong")])
    assert (selectors.glim(alice), system_sum(f"debt:{alice}")) == (0, 0)
    assert auditing.audit_ledger() == []


def test_g10_of_two_overlapping_rollbacks_the_second_looks_again(alice: int) -> None:
    first, second = opened(entries=[entry_of_key("wrong")]), opened(characters=[alice])
    approve(first)
    approve(second)
    rollback.carry_on_all()
    states = [RollbackCase.objects.get(pk=case.pk).state for case in (first, second)]
    assert states == ["done", "stale"]
    assert RollbackCase.objects.get(pk=second.pk).approved_by is None


def test_g10_a_rollback_waits_for_none_that_is_in_its_middle(alice: int) -> None:
    give(alice, glim=2000, key="right")
    give(alice, glim=30, key="also wrong")
    both = [entry_of_key("also wrong"), entry_of_key("wrong")]
    first, second = opened(entries=both), opened(entries=both[:1])
    third = opened(entries=[entry_of_key("right")])
    for case in (first, second, third):
        approve(case)
    assert rollback.take_step(first.pk)
    assert not rollback.take_step(second.pk)
    rollback.carry_on_all()
    states = [RollbackCase.objects.get(pk=case.pk).state for case in (first, second, third)]
    assert states == ["done", "stale", "done"]
    assert selectors.glim(alice) == 0
    assert auditing.audit_ledger() == []


def test_g10_one_that_fails_does_not_stop_those_after_it(
    alice: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    give(alice, glim=30, key="also wrong")
    first, second = opened(entries=[entry_of_key("wrong")]), opened(entries=[entry_of_key("also wrong")])
    approve(first)
    approve(second)
    act = running._DO[steps.ACTS]

    def failing(case: RollbackCase, step: RollbackStep) -> None:
        if case.pk == first.pk:
            raise RuntimeError("it broke")
        act(case, step)

    monkeypatch.setitem(running._DO, steps.ACTS, failing)
    rollback.carry_on_all()
    states = [RollbackCase.objects.get(pk=case.pk).state for case in (first, second)]
    assert states == ["running", "done"]
    assert f"rollback {first.pk} is due and cannot be resolved" in caplog.text


@racing
def test_g10_two_workers_carry_out_one_case_once() -> None:
    alice = character()
    give(alice, glim=900, key="wrong")
    case = opened(entries=[entry_of_key("wrong")])
    approve(case)
    all_at_once(*[lambda: rollback.carry_on(case.pk) for _ in range(4)])
    rollback.carry_on(case.pk)
    assert RollbackCase.objects.get().state == "done"
    assert (selectors.glim(alice), system_sum("faucet:starter")) == (0, 0)


@racing
@pytest.mark.parametrize("seed", range(4))
def test_r15_an_item_is_traded_on_or_taken_never_both(seed: int) -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=900, reed_hook=1, key="wrong")
    hook = item_id(alice, "reed_hook")
    case = opened(entries=[entry_of_key("wrong")])
    approve(case)
    works = [lambda: rollback.carry_on(case.pk), lambda: hand_over_item(alice, bob, hook, "race")]
    all_at_once(*(works if seed % 2 else works[::-1]))
    state = RollbackCase.objects.get().state
    assert (state == "stale") == has_item(bob, hook)
    assert selectors.glim(alice) == (900 if state == "stale" else 0)
    assert auditing.audit_ledger() == []


def test_e12_a_broken_law_is_an_alarm_within_a_minute(alice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = auditing.Finding("each asset sums to zero over all accounts", "glim, 7")
    monkeypatch.setattr(auditing, "audit_snapshot", lambda: [finding])
    alarms.watch()
    assert Alarm.objects.get().what == "each asset sums to zero over all accounts: glim, 7"


def test_b07_every_step_of_staff_towards_a_rollback_is_in_the_journal(alice: int) -> None:
    undone(entries=[entry_of_key("wrong")])
    acts = {line.payload["action"] for line in JournalLine.objects.filter(kind=3)}
    assert {"open_rollback", "plan_rollback", "approve_rollback"} <= acts


@racing
@pytest.mark.parametrize("seed", range(4))
def test_g10_a_debt_that_is_waived_while_it_is_undone_ends_once(seed: int) -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=900, key="wrong")
    hand_over(alice, bob, "t", glim=900)
    case = undone(entries=[entry_of_key("wrong")])
    back = rollback.undo_case(actor=staff("gwen"), case_id=case.pk, reason="it was right")
    back = rollback.plan_case(actor=staff("gwen"), case_id=back.pk, reason="look")
    approve(back)
    rollback.take_step(back.pk)
    debt, gwen = Debt.objects.get().pk, staff("gwen")
    works = [
        lambda: rollback.carry_on(back.pk),
        lambda: rollback.waive_debt(actor=gwen, debt_id=debt, reason="paid enough"),
    ]
    all_at_once(*(works if seed % 2 else works[::-1]))
    assert RollbackCase.objects.get(pk=back.pk).state == "done"
    assert system_sum(f"debt:{alice}") == 0
    assert selectors.glim(alice) == -system_sum("gm:compensation")
    assert auditing.audit_ledger() == []
