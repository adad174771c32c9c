"""However many ask at the same time over HTTP, a gateway opens few connections to the database."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from tests.kernel.facts.test_killed import PROJECT, database_url

NAME = "a gateway under test"
MOST = 10
JOURNAL_AND_ZONES = 6
AT_ONCE = 60
START_S = 60


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    variables = {"DATABASE_URL": database_url(), "DATABASE_CONNECTIONS": str(MOST)}
    variables["PGAPPNAME"] = NAME
    variables["DJANGO_SETTINGS_MODULE"] = "aether.settings.test"
    command = [sys.executable, "-m", "uvicorn", "aether.asgi:application", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--ws", "websockets-sansio"], env=os.environ | variables, cwd=PROJECT
    )
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)


async def test_many_requests_share_few_connections(server: str) -> None:
    async with httpx.AsyncClient(base_url=server, timeout=60) as http:
        async with asyncio.timeout(START_S):
            while not await _answers(http):
                await asyncio.sleep(0.1)
        before = await sync_to_async(_connections)()
        asked = asyncio.gather(*(http.get("/api/v1/characters") for _ in range(AT_ONCE)))
        most = before
        while not asked.done():
            most = max(most, await sync_to_async(_connections)())
            await asyncio.sleep(0)
        assert {answer.status_code for answer in await asked} == {401}
        assert 0 < most <= MOST + JOURNAL_AND_ZONES


async def _answers(http: httpx.AsyncClient) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return (await http.get("/readyz")).status_code == 200
    return False


def _connections() -> int:
    """Return how many connections the gateway has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME])
        return int(cursor.fetchone()[0])
