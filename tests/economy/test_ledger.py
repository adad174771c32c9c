"""The ledger's laws, kept by `post` and again by the database itself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from apps.economy import selectors
from apps.economy.buckets import bag, faucet, sink, wallet
from apps.economy.errors import CapacityError, InsufficientError
from apps.economy.models import BALANCE_MAX, Account, Balance, Entry, Line
from apps.economy.services.ledger import Move, Posting, post
from tests.economy.cast import mint

pytestmark = pytest.mark.django_db


def posting(key: str, *moves: Move) -> Posting:
    return Posting(kind="test", idempotency_key=key, cause="test:1", moves=moves)


def spend(owner: int, amount: int) -> Move:
    return Move(asset="glim", amount=amount, source=wallet(owner), target=sink("test"))


def test_a_posting_moves_what_it_says() -> None:
    mint(1, 100, "a")
    post(posting("b", spend(1, 30)))
    assert selectors.glim(1) == 70


def test_the_same_key_posts_once() -> None:
    mint(1, 100, "a")
    first = post(posting("b", spend(1, 30)))
    again = post(posting("b", spend(1, 30)))
    assert (again.entry_id, again.is_new) == (first.entry_id, False)
    assert selectors.glim(1) == 70


def test_more_than_is_held_is_refused_and_changes_nothing() -> None:
    mint(1, 100, "a")
    with pytest.raises(InsufficientError):
        post(posting("b", spend(1, 101)))
    assert selectors.glim(1) == 100
    assert not Entry.objects.filter(idempotency_key="b").exists()


def test_more_than_can_be_held_is_refused() -> None:
    mint(1, BALANCE_MAX, "a")
    with pytest.raises(CapacityError):
        mint(1, 1, "b")


def test_what_leaves_and_comes_back_in_one_entry_writes_no_line() -> None:
    mint(1, 100, "a")
    back = Move(asset="glim", amount=100, source=sink("test"), target=wallet(1))
    posted = post(posting("b", spend(1, 100), back))
    assert not Line.objects.filter(entry_id=posted.entry_id).exists()


def test_system_accounts_have_no_balance_row() -> None:
    mint(1, 100, "a")
    assert Balance.objects.filter(account__owner_type="system").count() == 0


def test_the_database_refuses_lines_that_do_not_sum_to_zero() -> None:
    mint(1, 100, "a")
    entry = Entry.objects.create(kind="forged", idempotency_key="f", cause="x")
    account = Account.objects.get(owner_id=1, bucket="wallet")
    with pytest.raises(IntegrityError, match="does not sum to zero"), transaction.atomic():
        Line.objects.create(entry=entry, account=account, asset="glim", amount=5)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE economy_line SET amount = amount * 2",
        "DELETE FROM economy_line",
        "UPDATE economy_entry SET note = 'x'",
        "DELETE FROM economy_entry",
        "UPDATE economy_account SET owner_id = 2",
        "UPDATE economy_balance SET posted = 1000",
        "DELETE FROM economy_balance",
    ],
)
def test_the_database_refuses_to_rewrite_the_ledger(statement: str) -> None:
    mint(1, 100, "a")
    with (
        pytest.raises((IntegrityError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.replace("note = 'x'", "kind = 'x'"))


def test_the_database_refuses_a_balance_out_of_nothing() -> None:
    account = Account.objects.create(owner_type="character", owner_id=1, bucket="wallet")
    with pytest.raises(IntegrityError), transaction.atomic():
        Balance.objects.create(account=account, asset="glim", posted=5)


def test_the_database_refuses_a_negative_balance() -> None:
    mint(1, 5, "a")
    entry = Entry.objects.create(kind="forged", idempotency_key="f", cause="x")
    account = Account.objects.get(owner_id=1, bucket="wallet")
    lines = [
        Line(entry=entry, account=holder, asset="glim", amount=amount)
        for holder, amount in ((account, -6), (Account.objects.get(bucket="faucet:test"), 6))
    ]
    with pytest.raises(IntegrityError, match="balance_within_bounds"), transaction.atomic():
        Line.objects.bulk_create(lines)


def test_the_database_refuses_a_second_holder_of_an_instance() -> None:
    asset = "item:00000000-0000-4000-8000-000000000001"
    for owner, key in ((1, "a"), (2, "b")):
        move = Move(asset=asset, amount=1, source=faucet("test"), target=bag(owner))
        post(posting(key, move))
    with pytest.raises(IntegrityError, match="instance_has_one_holder"):
        connection.check_constraints()
    transaction.set_rollback(True)
