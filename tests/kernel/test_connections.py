"""A connection that the server has closed is replaced, and nobody notices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from aether.kernel.database_threads import THREADS, in_database_thread
from aether.kernel.live import aredis

pytestmark = pytest.mark.django_db(transaction=True)


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.01), pg_backend_pid()")
        return int(cursor.fetchone()[1])


def _backend_in_a_transaction() -> int:
    with transaction.atomic():
        return _backend()


@pytest.mark.parametrize("work", [_backend, _backend_in_a_transaction])
async def test_work_goes_on_after_the_server_has_closed_every_connection(
    work: Callable[[], int], end_other_connections: Callable[[], None]
) -> None:
    async def backends() -> set[int]:
        return set(await asyncio.gather(*(in_database_thread(work) for _ in range(2 * THREADS))))

    before = await backends()
    await sync_to_async(end_other_connections)()

    assert not before & await backends()


async def test_a_crowd_may_ask_redis_at_once() -> None:
    answers = await asyncio.gather(*(aredis().ping() for _ in range(300)))
    assert answers == [True] * 300
