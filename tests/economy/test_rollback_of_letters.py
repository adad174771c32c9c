"""What lies in a letter stays in it, and what was paid for on delivery is the buyer's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aether.protocol.exchange import Goods
from apps.economy import auditing, selectors
from apps.economy.models import RollbackCase
from apps.economy.services import mail, rollback
from tests.economy.cast import character, give, item_id, stacks
from tests.economy.test_mail import days_later, send, some, take
from tests.economy.undoing import (
    entry_of_key,
    has_item,
    holdings,
    opened,
    situations,
    staff,
    system_sum,
    undone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _audited() -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


@pytest.fixture
def cheater() -> int:
    return character("Mallory")


@pytest.fixture
def bob() -> int:
    found = character("Bob")
    give(found, glim=500, reed_fibre=9)
    return found


def test_what_lies_in_an_unopened_letter_is_not_taken_from_whom_it_is_for(cheater: int, bob: int) -> None:
    give(cheater, glim=100, reed_fibre=5, key="wrong")
    send(cheater, goods=Goods(glim=100, stacks=some("reed_fibre", 5)), key="letter")
    before = holdings()
    case = undone(entries=[entry_of_key("letter")], subjects=[cheater])
    assert situations(case) == {"in_escrow": 2}
    assert holdings() == before


def test_what_was_taken_out_of_a_letter_is_taken_back(cheater: int, bob: int) -> None:
    give(cheater, glim=100, reed_fibre=5, key="wrong")
    letter = send(cheater, goods=Goods(glim=100, stacks=some("reed_fibre", 5)), key="letter")
    take(bob, letter, asset="glim")
    case = undone(entries=[entry_of_key("letter")], subjects=[cheater])
    assert situations(case) == {"in_escrow": 1}
    assert (selectors.glim(bob), stacks(bob)) == (500, {"reed_fibre": 9})
    assert (selectors.glim(cheater), stacks(cheater)) == (100, {})


def test_a_subject_owes_nothing_for_what_lies_in_its_letter(cheater: int, bob: int) -> None:
    send(bob, "Mallory", goods=Goods(glim=100), key="letter")
    case = undone(entries=[entry_of_key("letter")], subjects=[cheater])
    assert situations(case) == {"in_escrow": 1}
    assert (selectors.glim(bob), system_sum(f"debt:{cheater}"), system_sum("gm:compensation")) == (400, 0, 0)


def test_a_letter_that_went_back_is_taken_from_nobody(cheater: int, bob: int) -> None:
    give(cheater, glim=100, key="wrong")
    letter = send(cheater, goods=Goods(glim=100), key="letter")
    with days_later(31):
        assert mail.expire_letters() == 1
    with days_later(32):
        before = holdings()
        case = undone(causes=[f"mail:{letter}"], subjects=[cheater, bob])
    assert situations(case) == {"in_escrow": 2}
    assert holdings() == before


def test_whose_letter_went_back_has_nothing_to_give_back(cheater: int, bob: int) -> None:
    give(cheater, glim=100, key="wrong")
    letter = send(cheater, goods=Goods(glim=100), key="letter")
    with days_later(31):
        mail.expire_letters()
        take(cheater, letter)
    case = undone(entries=[entry_of_key("letter")], subjects=[cheater])
    assert situations(case) == {"elsewhere": 1}
    assert (selectors.glim(bob), selectors.glim(cheater)) == (500, 100)


def test_a_letter_that_is_opened_after_the_dry_run_asks_for_another(cheater: int, bob: int) -> None:
    give(cheater, glim=100, key="wrong")
    letter = send(cheater, goods=Goods(glim=100), key="letter")
    case = opened(entries=[entry_of_key("letter")], subjects=[cheater])
    take(bob, letter)
    rollback.approve_case(actor=staff("odo"), case_id=case.pk, seen=case.fingerprint, reason="right")
    rollback.carry_on(case.pk)
    assert RollbackCase.objects.get().state == "stale"


def test_who_has_paid_on_delivery_keeps_it(cheater: int, bob: int) -> None:
    give(cheater, reed_hook=1, key="wrong")
    hook = item_id(cheater, "reed_hook")
    take(bob, send(cheater, goods=Goods(items=[hook]), cod=40), cod=40)
    case = undone(entries=[entry_of_key("wrong")])
    assert situations(case) == {"sold_on": 1}
    assert has_item(bob, hook)
    assert (selectors.glim(bob), selectors.glim(cheater), system_sum("gm:confiscate")) == (460, 0, 40)


def test_who_has_paid_next_to_nothing_on_delivery_is_paid_back(cheater: int, bob: int) -> None:
    give(cheater, reed_hook=1, key="wrong")
    hook = item_id(cheater, "reed_hook")
    take(bob, send(cheater, goods=Goods(items=[hook]), cod=2), cod=2)
    undone(entries=[entry_of_key("wrong")])
    assert not has_item(bob, hook)
    assert selectors.glim(bob) == 500


def test_a_sale_on_delivery_in_the_scope_stays(cheater: int, bob: int) -> None:
    give(cheater, reed_hook=1, reed_fibre=2)
    hook = item_id(cheater, "reed_hook")
    letter = send(cheater, goods=Goods(items=[hook], stacks=some("reed_fibre", 2)), cod=25)
    take(bob, letter, cod=25)
    before = holdings()
    case = undone(causes=[f"mail:{letter}"], subjects=[cheater])
    assert situations(case) == {"sale": 2}
    assert holdings() == before


def test_a_letter_not_paid_for_yet_stays_where_it_is(cheater: int, bob: int) -> None:
    give(cheater, reed_hook=1, key="wrong")
    hook = item_id(cheater, "reed_hook")
    letter = send(cheater, goods=Goods(items=[hook]), cod=40)
    case = undone(entries=[entry_of_key("wrong")])
    assert situations(case) == {"in_escrow": 1}
    assert holdings()[bob, f"mail:{letter}", f"item:{hook}"] == 1
