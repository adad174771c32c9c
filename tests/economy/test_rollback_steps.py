"""A case is carried out in short steps. When one of its first is refused, all that was taken goes back."""

from __future__ import annotations

import pytest

from apps.economy import auditing
from apps.economy.models import RollbackCase
from apps.economy.services import rollback
from apps.economy.services.rollback import steps
from tests.economy.cast import character, give, item_id
from tests.economy.test_rollback_properties import kill_in_the_step
from tests.economy.undoing import hand_over, hand_over_item, holdings, opened, staff

pytestmark = pytest.mark.django_db

CROWD = 5


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Some who were all given too much, whom a case takes it from one by one."""
    monkeypatch.setattr(steps, "AT_ONCE", 1)
    people = [character(f"Crowd{n}") for n in range(CROWD)]
    for each in people:
        give(each, glim=90, key=f"wrong:{each}")
    return people


def approved(case: RollbackCase) -> RollbackCase:
    rollback.approve_case(actor=staff("odo"), case_id=case.pk, seen=case.fingerprint, reason="right")
    return case


def test_nobody_waits_for_more_than_a_part_of_the_people(crowd: list[int]) -> None:
    case = opened(causes=["starter:*"], characters=crowd)
    kinds = list(case.steps.values_list("kind", flat=True))
    assert kinds.count(steps.HOLD) == kinds.count(steps.LETTERS) == CROWD


def test_what_was_taken_goes_back_when_somebody_has_spent_it_meanwhile(crowd: list[int]) -> None:
    case = approved(opened(characters=crowd))
    for _ in range(3):
        assert rollback.take_step(case.pk)
    hand_over(crowd[-1], character("Shop"), "spent", glim=60)
    before = dict.fromkeys(crowd[:-1], 90) | {crowd[-1]: 30}
    rollback.carry_on(case.pk)
    case.refresh_from_db()
    assert (case.state, case.approved_by) == (RollbackCase.State.STALE, None)
    assert {who: holdings().get((who, "wallet", "glim"), 0) for who in crowd} == before
    assert auditing.audit_ledger() == []


def test_after_giving_back_a_new_dry_run_takes_it_anew(crowd: list[int]) -> None:
    case = approved(opened(characters=crowd))
    rollback.take_step(case.pk)
    rollback.take_step(case.pk)
    hand_over(crowd[-1], character("Shop"), "spent", glim=60)
    rollback.carry_on(case.pk)
    again = rollback.plan_case(actor=staff("gwen"), case_id=case.pk, reason="anew")
    rollback.carry_on(approved(again).pk)
    again.refresh_from_db()
    assert again.state == RollbackCase.State.DONE
    assert [holdings().get((who, "wallet", "glim"), 0) for who in crowd] == [0] * CROWD


def test_a_process_that_dies_while_it_gives_back_is_followed_by_one_that_goes_on(crowd: list[int]) -> None:
    case = approved(opened(characters=crowd))
    rollback.take_step(case.pk)
    rollback.take_step(case.pk)
    rollback.take_step(case.pk)
    hand_over(crowd[-1], character("Shop"), "spent", glim=60)
    for _ in range(3 * CROWD):
        kill_in_the_step(case.pk)
        rollback.carry_on_all()
    case.refresh_from_db()
    assert case.state == RollbackCase.State.STALE
    assert holdings()[crowd[0], "wallet", "glim"] == 90


def test_an_item_that_went_away_and_came_back_since_the_check_is_not_taken(crowd: list[int]) -> None:
    owner, friend = crowd[0], crowd[1]
    give(owner, reed_hook=1, key="hook")
    hook = item_id(owner, "reed_hook")
    case = approved(opened(characters=[owner], subjects=[owner]))
    rollback.take_step(case.pk)
    hand_over_item(owner, friend, hook, "there")
    hand_over_item(friend, owner, hook, "and_back")
    rollback.carry_on(case.pk)
    case.refresh_from_db()
    assert case.state == RollbackCase.State.STALE
    assert holdings()[owner, "wallet", "glim"] == 90
