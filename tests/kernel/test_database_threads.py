"""The threads of the database: each keeps a connection, and none outlives the pool."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from aether.kernel.database_threads import (
    THREADS,
    close_pool,
    in_database_thread,
    on_working_connection,
)

pytestmark = pytest.mark.django_db(transaction=True)


def backend_of_all(everybody: threading.Barrier) -> int:
    """Return the database's number of this thread's connection, once every thread has one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        everybody.wait(10)
        return int(cursor.fetchone()[0])


def count_of(backends: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [backends])
        return int(cursor.fetchone()[0])


async def test_every_thread_closes_its_connection_in_the_end() -> None:
    everybody = threading.Barrier(THREADS)
    backends = await asyncio.gather(*(in_database_thread(backend_of_all, everybody) for _ in range(THREADS)))
    await asyncio.to_thread(close_pool)
    async with asyncio.timeout(5):
        while await in_database_thread(count_of, backends):
            await asyncio.sleep(0.01)
    await asyncio.to_thread(close_pool)
    assert len(set(backends)) == THREADS


PREPARED = "SELECT generic_plans FROM pg_prepared_statements WHERE statement = %s"
COUNTED = "SELECT counted FROM scores WHERE who = %s"
OFTEN_ENOUGH = 12


@pytest.fixture
def scores() -> Iterator[None]:
    """A table, and a statement whose plan this thread's connection has kept."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scores (who bigint PRIMARY KEY, counted integer)")
        cursor.execute("INSERT INTO scores VALUES (1, 7)")
    for _ in range(OFTEN_ENOUGH):
        on_working_connection(counted)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE scores")


def counted() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [1])
        return cursor.fetchone()


@pytest.mark.usefixtures("scores")
def test_a_plan_is_kept_of_what_a_connection_asks_often() -> None:
    with connection.cursor() as cursor:
        cursor.execute(PREPARED, [COUNTED.replace("%s", "$1")])
        assert [kept > 0 for (kept,) in cursor.fetchall()] == [True]


@pytest.mark.usefixtures("scores")
@pytest.mark.parametrize("work", [counted, transaction.atomic(counted)], ids=["alone", "in a transaction"])
def test_a_table_may_be_altered_beneath_a_plan(work: Any) -> None:
    parameters = connection.get_connection_params()
    with psycopg.connect(**{**parameters, "cursor_factory": None, "context": None}) as migration:
        migration.execute("ALTER TABLE scores ALTER counted TYPE bigint")
    assert on_working_connection(work) == (7,)
