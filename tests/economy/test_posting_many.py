"""Many entries in one posting: each line is of its own entry, whichever of the keys were used before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.economy import auditing
from apps.economy.buckets import bag, faucet
from apps.economy.models import Account, Line
from apps.economy.services.ledger import Move, Posting, entries_of, post_all

ITEM = "reed_fibre"
WHO = (1, 2, 3)


def posting(number: int) -> Posting:
    """Give a number of things, of which one goes on to somebody new: an amount that names its entry."""
    who = WHO[number % 3]
    moves = (
        Move(asset=ITEM, amount=number + 2, source=faucet("test"), target=bag(who)),
        Move(asset=ITEM, amount=1, source=bag(who), target=bag(100 + number)),
    )
    return Posting(kind="test", idempotency_key=f"k{number}", cause="test:1", moves=moves)


def lines_are_of_their_entries(numbers: set[int]) -> None:
    ids = entries_of(f"k{number}" for number in numbers)
    assert len(ids) == len(numbers)
    for number in numbers:
        lines = Line.objects.filter(entry_id=ids[f"k{number}"]).values_list("amount", flat=True)
        assert sorted(lines) == sorted([-(number + 2), number + 1, 1])


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=30, unique=True), min_size=1, max_size=4))
def test_every_line_is_of_its_entry_and_every_key_posts_once(groups: list[list[int]]) -> None:
    with transaction.atomic():
        known: set[int] = set()
        for group in groups:
            posted = post_all([posting(number) for number in group])
            assert [each.is_new for each in posted] == [number not in known for number in group]
            ids = entries_of(f"k{number}" for number in group)
            assert [each.entry_id for each in posted] == [ids[f"k{number}"] for number in group]
            fresh = [each.entry_id for each in posted if each.is_new]
            assert fresh == sorted(fresh)
            known |= set(group)
        lines_are_of_their_entries(known)
        assert Account.objects.filter(owner_id__gte=100).count() == len(known)
        assert auditing.audit_ledger() == []
        transaction.set_rollback(True)


@pytest.fixture
def migrate() -> Iterator[Callable[[str], None]]:
    """Go to a state of the database; the newest one is there again in the end."""
    yield lambda name: call_command("migrate", "economy", name, verbosity=0)
    call_command("migrate", "economy", verbosity=0)


def definition() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('economy_post(jsonb, timestamptz)'::regprocedure)")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_the_posting_of_before_and_of_now_give_the_same(migrate: Callable[[str], None]) -> None:
    now = definition()
    names = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "economy")
    newer = next(name for name in names if name.endswith("_lines_by_number"))
    older = names[names.index(newer) - 1]
    for step, name in enumerate([older, newer, older]):
        migrate(name)
        assert (definition() == now) is (name == newer)
        with transaction.atomic():
            post_all([posting(number) for number in range(step * 5, step * 5 + 20)])
        lines_are_of_their_entries(set(range(step * 5 + 20)))
    assert auditing.audit_ledger() == []
