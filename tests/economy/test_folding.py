"""No posting waits for a row that everybody uses, and the fold changes how it is kept, never what is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.economy import auditing, selectors, statements
from apps.economy.buckets import faucet, sink, wallet
from apps.economy.errors import InsufficientError
from apps.economy.models import Account, Balance, FoldMark, Line, SystemTotal, UnfoldedCredit
from apps.economy.services import folding
from apps.economy.services.ledger import Move, Posting, post
from tests.economy.cast import all_at_once, mint
from tests.long_run import examples

racing = pytest.mark.django_db(transaction=True)
SELLER = 99
PROJECT = Path(__file__).resolve().parents[2]


def pay(payer: int, amount: int, key: str, payee: int = SELLER) -> None:
    move = Move(asset="glim", amount=amount, source=wallet(payer), target=wallet(payee))
    with transaction.atomic():
        post(Posting(kind="test", idempotency_key=key, cause="test:1", moves=(move,)))


@contextmanager
def somebody_has_the_balance(owner: int) -> Iterator[None]:
    """Keep a balance locked by another transaction, as a posting does that has not committed yet."""
    has_it, may_go = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            list(Balance.objects.select_for_update(no_key=True).filter(account__owner_id=owner))
            has_it.set()
            may_go.wait(10)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    assert has_it.wait(10)
    try:
        yield
    finally:
        may_go.set()
        holder.join(10)


def fold_until_all_is() -> None:
    """Fold until every line is, which takes until older transactions of other tests have ended, too."""
    last = Line.objects.order_by("-pk").values_list("pk", flat=True)[0]
    pause = Event()
    for _ in range(600):
        folding.fold()
        if FoldMark.objects.get().folded_to >= last:
            return
        pause.wait(0.05)


def system_total(bucket: str) -> int:
    account = Account.objects.get(owner_type="system", bucket=bucket)
    return dict(statements.holdings_of(account)).get("glim", 0)


@racing
def test_a_credit_does_not_wait_and_is_read_at_once() -> None:
    mint(1, 100, "a")
    mint(SELLER, 5, "b")
    with somebody_has_the_balance(SELLER):
        pay(1, 30, "c")
        assert selectors.glim(SELLER) == 35
        assert selectors.inventory(SELLER).glim == 35
        assert UnfoldedCredit.objects.count() == 1
        assert auditing.audit_ledger() == []


@racing
def test_the_next_to_have_the_balance_brings_credits_home() -> None:
    mint(1, 100, "a")
    mint(SELLER, 5, "b")
    with somebody_has_the_balance(SELLER):
        pay(1, 30, "c")
    pay(1, 1, "d")
    assert not UnfoldedCredit.objects.exists()
    assert Balance.objects.get(account__owner_id=SELLER).posted == 36


@racing
def test_a_debit_counts_what_lies_beside_the_balance() -> None:
    mint(1, 100, "a")
    mint(SELLER, 5, "b")
    with somebody_has_the_balance(SELLER):
        pay(1, 30, "c")
    with pytest.raises(InsufficientError):
        pay(SELLER, 36, "d", payee=2)
    pay(SELLER, 35, "e", payee=2)
    assert (selectors.glim(SELLER), selectors.glim(2)) == (0, 35)
    assert auditing.audit_ledger() == []


@racing
def test_the_fold_passes_over_what_somebody_has() -> None:
    mint(1, 100, "a")
    mint(SELLER, 5, "b")
    with somebody_has_the_balance(SELLER):
        pay(1, 30, "c")
        assert folding.fold_credits() == 0
    assert folding.fold_credits() == 1
    assert Balance.objects.get(account__owner_id=SELLER).posted == 35


@racing
def test_many_payers_of_one_seller_who_spends_meanwhile() -> None:
    for payer in range(1, 9):
        mint(payer, 10, f"m{payer}")
    mint(SELLER, 10, "s")

    def buy(payer: int) -> Callable[[], None]:
        return lambda: [pay(payer, 1, f"{payer}.{n}") for n in range(10)] and None

    def spend() -> None:
        for n in range(30):
            pay(SELLER, 3, f"spent.{n}", payee=50)

    def fold() -> None:
        for _ in range(10):
            folding.fold()

    results = all_at_once(*(buy(payer) for payer in range(1, 9)), spend, fold)
    assert [type(each) for each in results if each is not None] in ([], [InsufficientError])
    assert selectors.glim(SELLER) + selectors.glim(50) == 90
    folding.fold()
    assert selectors.glim(SELLER) + selectors.glim(50) == 90
    assert not UnfoldedCredit.objects.exists()
    assert auditing.audit_ledger() == []


@racing
def test_r16_the_last_of_a_limited_stock_goes_to_as_many_as_there_are() -> None:
    mint(SELLER, 5, "stock", asset="ticket")

    def take(buyer: int) -> None:
        move = Move(asset="ticket", amount=1, source=wallet(SELLER), target=wallet(buyer))
        with transaction.atomic():
            post(Posting(kind="test", idempotency_key=f"t{buyer}", cause="test:1", moves=(move,)))

    results = all_at_once(*(lambda buyer=n: take(buyer) for n in range(1, 13)))
    assert [type(each) for each in results if each is not None] == [InsufficientError] * 7
    assert auditing.audit_ledger() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO economy_unfoldedcredit (account_id, asset, amount)"
        " SELECT id, 'glim', 5 FROM economy_account WHERE owner_type = 'character'",
        "UPDATE economy_unfoldedcredit SET amount = 5",
    ],
)
def test_the_database_refuses_credits_without_a_line(statement: str) -> None:
    mint(1, 100, "a")
    with (
        pytest.raises((IntegrityError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@racing
def test_what_a_faucet_has_given_is_read_the_same_before_and_after_the_fold() -> None:
    for n in range(6):
        mint(1, 10, f"k{n}")
        assert system_total("faucet:test") == -10 * (n + 1)
        folding.fold()
        assert system_total("faucet:test") == -10 * (n + 1)
    fold_until_it_shows()
    assert system_total("faucet:test") == -60
    assert auditing.audit_ledger() == []


def fold_until_it_shows() -> None:
    """Fold until a total is kept: a transaction of another database of this server holds folds up."""
    for _ in range(200):
        folding.fold()
        if SystemTotal.objects.exists():
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("nothing was folded")


@racing
def test_the_fold_waits_for_lines_that_are_not_committed_yet() -> None:
    mint(1, 10, "a")
    wrote, may_commit = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            move = Move(asset="glim", amount=7, source=faucet("test"), target=wallet(2))
            post(Posting(kind="test", idempotency_key="slow", cause="test:1", moves=(move,)))
            wrote.set()
            may_commit.wait(10)
        connection.close()

    writer = Thread(target=slow)
    writer.start()
    assert wrote.wait(10)
    mint(1, 1, "b")
    for _ in range(3):
        folding.fold()
        assert system_total("faucet:test") == -11
    may_commit.set()
    writer.join(10)
    for _ in range(3):
        assert system_total("faucet:test") == -18
        folding.fold()
    fold_until_all_is()
    assert SystemTotal.objects.get().total == -18
    assert auditing.audit_ledger() == []


@racing
def test_two_folds_at_once_add_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "LINES_AT_ONCE", 2)
    for n in range(10):
        mint(1, 10, f"k{n}")
    folding.fold()
    assert [each for each in all_at_once(*[folding.fold] * 6) if each is not None] == []
    fold_until_all_is()
    assert SystemTotal.objects.get().total == -100
    assert auditing.audit_ledger() == []


KILLED = """
import os, signal, sys
sys.path.insert(0, {project!r})
import django
django.setup()
from django.db import connection
from apps.economy.services import folding
steps = iter(range({step}))
def die(execute, sql, params, many, context):
    if next(steps, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(die):
    folding.fold()
print("the fold was through")
"""


@racing
@pytest.mark.parametrize("step", [2, 5, 7])
def test_a_fold_that_is_killed_in_the_middle_changes_no_reading(step: int) -> None:
    mint(1, 100, "a")
    mint(SELLER, 5, "b")
    folding.fold()  # sees the lines; the next fold takes them
    with somebody_has_the_balance(SELLER):
        pay(1, 30, "c")
    killed = fold_and_kill(step)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (selectors.glim(SELLER), system_total("faucet:test")) == (35, -105)
    assert auditing.audit_ledger() == []
    folding.fold()
    assert (selectors.glim(SELLER), system_total("faucet:test")) == (35, -105)
    assert FoldMark.objects.get().folded_to > 0
    assert auditing.audit_ledger() == []


def fold_and_kill(step: int) -> subprocess.CompletedProcess[str]:
    """Fold in a process of its own, which is killed before its nth statement."""
    at = connection.settings_dict
    address = f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "aether.settings.embedded",
    }
    return subprocess.run(
        [sys.executable, "-c", KILLED.format(project=str(PROJECT), step=step)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("mint"), st.integers(1, 3), st.integers(1, 50)),
        st.tuples(st.just("spend"), st.integers(1, 3), st.integers(1, 50)),
        st.tuples(st.just("fold"), st.just(0), st.just(0)),
        st.tuples(st.just("leave beside"), st.integers(1, 3), st.just(0)),
    ),
    max_size=20,
)


@pytest.mark.django_db
@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ACTS)
def test_whatever_is_done_in_whatever_order_a_fold_keeps_every_reading(
    acts: list[tuple[str, int, int]],
) -> None:
    with transaction.atomic():
        model = {1: 0, 2: 0, 3: 0}
        for n, (act, owner, amount) in enumerate(acts):
            if act == "mint":
                mint(owner, amount, f"k{n}")
                model[owner] += amount
            elif act == "spend":
                model[owner] -= spend(owner, amount, f"k{n}")
            elif act == "fold":
                folding.fold_credits()
            else:
                leave_beside(owner)
            assert {each: selectors.glim(each) for each in model} == model
        assert auditing.audit_ledger() == []
        transaction.set_rollback(True)


def spend(owner: int, amount: int, key: str) -> int:
    """Spend what is there; return how much was spent."""
    move = Move(asset="glim", amount=amount, source=wallet(owner), target=sink("test"))
    try:
        with transaction.atomic():
            post(Posting(kind="test", idempotency_key=key, cause="test:1", moves=(move,)))
    except InsufficientError:
        return 0
    return amount


def leave_beside(owner: int) -> None:
    """Have half of a balance lie beside it, as if its row had been taken when that came."""
    balance = Balance.objects.filter(account__owner_id=owner, posted__gt=1).first()
    if balance is None:
        return
    half = balance.posted // 2
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Balance.objects.filter(pk=balance.pk).update(posted=balance.posted - half)
        UnfoldedCredit.objects.create(account_id=balance.account_id, asset="glim", amount=half)
        cursor.execute("SET LOCAL session_replication_role = origin")
