"""What all tests share: a database that is emptied between them, and that nobody keeps connections to."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.test import TransactionTestCase

from aether.kernel.transactions import is_under_way
from tests.emptying import empty
from tests.serving import jobs, server, shared_server

__all__ = ["jobs", "server", "shared_server"]


FLUSHES = 5
SERVER_FIXTURES = {"server", "shared_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that go through a running server: those that `make test PROFILE=services` runs."""
    for item in items:
        if SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.socket)


@pytest.fixture(autouse=True, scope="session")
def _tables_are_emptied_fast() -> Iterator[None]:
    """Let a transactional test leave nothing behind, without Django's flush: it takes longer than most tests.

    Rows are deleted where there are any, past the journal's append-only trigger; what the flush would make
    anew (permissions, roles) stays.
    """
    flush = TransactionTestCase._fixture_teardown

    def empty_all(case: Any) -> None:
        for alias in case._databases_names(include_mirrors=False):
            empty_at_last(connections[alias])

    TransactionTestCase._fixture_teardown = empty_all
    yield
    TransactionTestCase._fixture_teardown = flush


def empty_at_last(database: Any) -> None:
    """Empty a database. A worker in a process of its own may hold a table, or meet this head-on."""
    for attempt in range(FLUSHES):
        try:
            empty(database)
            break
        except OperationalError:
            if attempt == FLUSHES - 1:
                raise


# What a test has not committed is no row to who counts them meanwhile: the planner would take a table that
# is being filled for an empty one, and read all of it once for each row of another.
_COUNT_NOBODY = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name);
    END LOOP;
END $$
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Keep the planner's numbers as they are, and the database such that it can be dropped.

    Threads of coroutines leave connections open.
    """
    with django_db_blocker.unblock():
        for database in connections.all():
            with database.cursor() as cursor:
                cursor.execute(_COUNT_NOBODY)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True, scope="session")
def _redis_is_not_called_in_transactions() -> Iterator[None]:
    """Let every test fail that calls Redis inside a transaction: law 9."""
    call, calls = redis.Redis.execute_command, redis.client.Pipeline.execute

    def refuse_in_transaction() -> None:
        assert not is_under_way(), "Redis is called inside a transaction of the database"

    def guarded_call(client: Any, *arguments: Any, **options: Any) -> Any:
        refuse_in_transaction()
        return call(client, *arguments, **options)

    def guarded_calls(pipe: Any, *arguments: Any, **options: Any) -> Any:
        refuse_in_transaction()
        return calls(pipe, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redis.Redis, "execute_command", guarded_call)
        patch.setattr(redis.client.Pipeline, "execute", guarded_calls)
        yield


@pytest.fixture
def alone_on_real_services() -> Iterator[None]:
    """Keep the other workers of this run off Redis and RabbitMQ, whose channels know no database."""
    place = Path(settings.DATA) / "real-services.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
