"""Nobody waits for the database for long, and what others have undone is tried again, a few times."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection, transaction

from aether.kernel import journal, retrying
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import UnavailableError
from aether.kernel.facts import canary
from aether.kernel.journal import EMPTY, Append, Stream, StreamKind
from aether.kernel.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)

LIMITS = {"lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"}


@pytest.fixture
def other() -> Any:
    """Somebody else in the same database."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    with psycopg.connect(**parameters, autocommit=True) as found:
        yield found


def test_a_connection_of_django_has_limits() -> None:
    with connection.cursor() as cursor:
        for name, limit in LIMITS.items():
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == (limit,)


async def test_the_journals_connections_have_the_same_limits() -> None:
    for name, limit in LIMITS.items():
        assert await journal.fetch(f"SHOW {name}", []) == [(limit,)]
    await journal.close()


async def test_an_append_behind_a_lock_fails_in_time_and_may_be_sent_again(other: Any) -> None:
    append = Append(stream=Stream(StreamKind.OBJECT, 7), expected=EMPTY, payload=b"{}")
    began = time.monotonic()
    with other.transaction():
        other.execute("LOCK TABLE journal IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(UnavailableError):
            await journal.append(append)
    assert time.monotonic() - began < 3.5

    assert (await journal.append(append)).version == 1
    await journal.close()


def contested(other: Any, times: int) -> tuple[Callable[[], None], list[int]]:
    """Return a transaction that others get in the way of, the first few times, and how often it was tried."""
    canary.due(["economy"])
    tries: list[int] = []

    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT lost FROM kernel_canary")
            tries.append(1)
            if len(tries) <= times:
                other.execute("UPDATE kernel_canary SET lost = lost + 1")
            cursor.execute("UPDATE kernel_canary SET lost = lost + 100")

    return work, tries


def lost() -> int:
    return canary.sightings()[0].lost


async def test_what_others_have_undone_is_tried_again(other: Any) -> None:
    work, tries = await in_database_thread(contested, other, retrying.RETRIES)
    await in_database_thread(work)
    assert len(tries) == 1 + retrying.RETRIES
    assert await in_database_thread(lost) == retrying.RETRIES + 100


async def test_who_is_in_the_way_for_too_long_makes_it_unavailable(other: Any) -> None:
    work, tries = await in_database_thread(contested, other, 99)
    with pytest.raises(UnavailableError):
        await in_database_thread(work)
    assert len(tries) == 1 + retrying.RETRIES


def test_other_errors_of_the_database_are_not_tried_again() -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 10; SELECT pg_sleep(1)")

    with pytest.raises(OperationalError):
        retrying.retrying(work)
    assert len(tries) == 1
    connection.close()


def test_a_migration_waits_for_no_lock_for_long_but_tries_again(
    other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_MS", 50)
    monkeypatch.setattr(migrate, "PAUSE_S", 0.01)
    is_free = threading.Event()
    other.execute("BEGIN; LOCK TABLE kernel_canary IN ACCESS EXCLUSIVE MODE")

    class LetGo(io.StringIO):
        def write(self, said: str) -> int:
            if not is_free.is_set():
                is_free.set()
                other.execute("ROLLBACK")
            return super().write(said)

    said = LetGo()
    try:
        call_command("migrate", "kernel", "0003", verbosity=0, stderr=said)
    finally:
        call_command("migrate", "kernel", verbosity=0)
    assert is_free.is_set()
    assert said.getvalue().count("A table is in use") == 1


def test_two_who_migrate_do_so_one_after_the_other(other: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that was killed may have left one who still migrates, when the next start begins."""
    monkeypatch.setattr(migrate, "PAUSE_S", 0.01)
    other.execute(migrate.ALONE)

    class LetGo(io.StringIO):
        def write(self, said: str) -> int:
            other.execute("SELECT pg_advisory_unlock_all()")
            return super().write(said)

    said = LetGo()
    try:
        call_command("migrate", "kernel", "0003", verbosity=0, stderr=said)
    finally:
        call_command("migrate", "kernel", verbosity=0)
    assert said.getvalue().count("Somebody else migrates") == 1
    # PostgreSQL lets go when it has noticed that the connection is gone: no later than this times out.
    other.execute(
        "SET lock_timeout = 10000; SELECT pg_advisory_lock(hashtext('aether'), hashtext('migrate'))"
    )


def test_who_never_may_migrate_says_so(other: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "PAUSE_S", 0.0)
    monkeypatch.setattr(migrate, "ALONE_ATTEMPTS", 2)
    other.execute(migrate.ALONE)
    with pytest.raises(CommandError, match="Somebody else has migrated all the time"):
        call_command("migrate", "kernel", "0003", verbosity=0, stderr=io.StringIO())


def test_a_migration_that_never_gets_its_lock_changes_nothing(
    other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_MS", 20)
    monkeypatch.setattr(migrate, "PAUSE_S", 0.0)
    monkeypatch.setattr(migrate, "ATTEMPTS", 2)
    try:
        with other.transaction():
            other.execute("LOCK TABLE kernel_canary IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(CommandError, match="was in use all the time"):
                call_command("migrate", "kernel", "0003", verbosity=0, stderr=io.StringIO())
    finally:
        call_command("migrate", "kernel", verbosity=0)
    assert canary.sightings() == []
