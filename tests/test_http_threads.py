"""Requests over HTTP keep their threads, and with them their connections to the database."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db.backends.signals import connection_created

from aether import http_threads
from bench.population import make_people
from tests.serving import Served


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The thread of each connection that is opened to the database."""
    opened: list[str] = []

    def note(**_signal: object) -> None:
        opened.append(threading.current_thread().name)

    connection_created.connect(note)
    yield opened
    connection_created.disconnect(note)


async def test_requests_one_after_the_other_share_a_connection(server: Served, opened: list[str]) -> None:
    ((token, _),) = await sync_to_async(make_people)(1)
    opened.clear()
    async with httpx.AsyncClient(base_url=server.http_url, headers={"X-Session-Token": token}) as http:
        for _ in range(5):
            assert (await http.get("/api/v1/characters")).status_code == 200
    assert len([thread for thread in opened if thread.startswith(http_threads.NAME)]) == 1, opened


async def test_more_requests_at_once_than_threads_are_kept_are_all_answered(server: Served) -> None:
    async with httpx.AsyncClient(base_url=server.http_url, timeout=30) as http:
        answers = await asyncio.gather(*(http.get("/api/v1/classes") for _ in range(3 * http_threads.KEPT)))
    assert {answer.status_code for answer in answers} == {200}
