"""Whatever is posted, in whatever order, refused or repeated: the laws of the ledger hold."""

from __future__ import annotations

import contextlib

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel.errors import GameError
from apps.economy import auditing
from apps.economy.buckets import Bucket, bag, faucet, sink, wallet
from apps.economy.models import Balance, Entry, Line
from apps.economy.services.ledger import Move, Posted, Posting, post
from tests.long_run import examples

pytestmark = pytest.mark.django_db

BUCKETS: list[Bucket] = [
    faucet("test"),
    sink("test"),
    *(make(owner) for owner in (1, 2) for make in (wallet, bag)),
]
MOVES = st.builds(
    lambda ends, asset, amount: Move(asset=asset, amount=amount, source=ends[0], target=ends[1]),
    st.permutations(BUCKETS),
    st.sampled_from(["glim", "reed_fibre"]),
    st.integers(1, 60),
)
HOOKS = [f"item:00000000-0000-4000-8000-00000000000{n}" for n in (1, 2)]
HOLDERS = BUCKETS[2:]
INSTANCE_MOVES = st.builds(
    lambda ends, asset, is_destroyed: Move(
        asset=asset, amount=1, source=ends[0], target=sink("test") if is_destroyed else ends[1]
    ),
    st.permutations(HOLDERS),
    st.sampled_from(HOOKS),
    st.booleans(),
)
POSTINGS = st.lists(
    st.tuples(st.integers(0, 12), st.lists(MOVES, min_size=1, max_size=4)), min_size=1, max_size=15
)


def try_to_post(key: int, moves: list[Move]) -> Posted | None:
    posting = Posting(kind="test", idempotency_key=f"k{key}", cause="test:1", moves=tuple(moves))
    with contextlib.suppress(GameError), transaction.atomic():
        return post(posting)
    return None


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(POSTINGS)
def test_random_postings_keep_every_law(postings: list[tuple[int, list[Move]]]) -> None:
    with transaction.atomic():
        for key, moves in postings:
            before = dict(Balance.objects.values_list("pk", "posted"))
            posted = try_to_post(key, moves)
            if posted is None or not posted.is_new:
                assert dict(Balance.objects.values_list("pk", "posted")) == before
        connection.check_constraints()
        assert not [finding for finding in auditing.audit_ledger() if "instance" not in finding.law]
        transaction.set_rollback(True)


@settings(
    max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(POSTINGS)
def test_replaying_every_posting_changes_nothing(postings: list[tuple[int, list[Move]]]) -> None:
    with transaction.atomic():
        done = [(key, moves) for key, moves in postings if try_to_post(key, moves)]
        before = (
            Entry.objects.count(),
            Line.objects.count(),
            set(Balance.objects.values_list("pk", "posted")),
        )
        for key, moves in done:
            again = try_to_post(key, moves)
            assert again is not None
            assert not again.is_new
        after = (
            Entry.objects.count(),
            Line.objects.count(),
            set(Balance.objects.values_list("pk", "posted")),
        )
        assert before == after
        transaction.set_rollback(True)


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(INSTANCE_MOVES, max_size=12))
def test_an_instance_has_one_holder_and_a_path_whatever_is_tried(moves: list[Move]) -> None:
    with transaction.atomic():
        minted = [Move(asset=hook, amount=1, source=faucet("test"), target=bag(1)) for hook in HOOKS]
        assert try_to_post(0, minted)
        holder = {hook: bag(1) for hook in HOOKS}
        for key, move in enumerate(moves, start=1):
            posted = try_to_post(key, [move])
            assert (posted is not None) == (holder[move.asset] == move.source)
            if posted:
                holder[move.asset] = move.target
        connection.check_constraints()
        laws = {finding.law for finding in auditing.audit_ledger()}
        assert not [law for law in laws if "described" not in law]
        transaction.set_rollback(True)
