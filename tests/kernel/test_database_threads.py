"""The threads of the database: each keeps a connection, and none outlives the pool."""

from __future__ import annotations

import asyncio
import threading

import pytest
from django.db import connection

from aether.kernel.database_threads import THREADS, close_pool, in_database_thread

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
