"""A running socket application: uvicorn on a free port, on the loop of the test."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase

from aether.gateway import running
from aether.gateway.registry import Registry
from aether.gateway.watch import Watch
from aether.kernel.live import redis


class Served:
    """A server, and the ends that tests may pull."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.http_url = f"http://127.0.0.1:{port}"
        self.socket_url = f"ws://127.0.0.1:{port}/ws/"

    @property
    def registry(self) -> Registry:
        found = running.registry()
        assert found is not None
        return found

    async def look(self) -> None:
        """Do what the watch over the sockets does when time has passed."""
        await Watch(self.registry).look()


class _QuietServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Served]:
    """Serve until the block ends."""
    config = uvicorn.Config(
        "aether.asgi:application",
        loop="asyncio",
        ws="websockets-sansio",
        ws_max_size=8192,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="on",
        forwarded_allow_ips="192.0.2.1",
        log_level="warning",
        timeout_graceful_shutdown=5,
    )
    server = _QuietServer(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        task = asyncio.create_task(server.serve([listener]))
        while not server.started:
            assert not task.done(), "the server did not start"
            await asyncio.sleep(0.005)
        try:
            yield Served(listener.getsockname()[1])
        finally:
            server.should_exit = True
            await task


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_server(django_db_setup: None, django_db_blocker: Any) -> AsyncIterator[Served]:
    """One server for a whole module, which is marked `django_db` and `asyncio(loop_scope="module")`.

    They share its database: each makes the people that it needs under names of their own.
    """
    with django_db_blocker.unblock():
        redis().flushdb()
        cache.clear()
        async with serving() as served:
            yield served
        redis().flushdb()
        await asyncio.to_thread(_empty_database)


def _empty_database() -> None:
    TransactionTestCase("__init__")._fixture_teardown()
    connections.close_all()


@pytest.fixture
async def server(transactional_db: None) -> AsyncIterator[Served]:
    """A server on an empty database and an empty Redis."""
    redis().flushdb()
    cache.clear()
    async with serving() as served:
        yield served
    redis().flushdb()
