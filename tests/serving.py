"""A running socket application: uvicorn on a free port, on the loop of the test."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase, override_settings

from aether.gateway import running
from aether.gateway.registry import Registry
from aether.gateway.watch import Watch
from aether.kernel import background
from aether.kernel.dispatch import Server
from aether.kernel.live import presence, redis
from tests.processes import ensure_virtual_host, start_relay, start_worker, stop


class Served:
    """A server, and the ends that tests may pull."""

    def __init__(self, port: int, server: uvicorn.Server) -> None:
        self.port = port
        self.server = server
        self.http_url = f"http://127.0.0.1:{port}"
        self.socket_url = f"ws://127.0.0.1:{port}/ws/"

    @property
    def registry(self) -> Registry:
        found = running.registry()
        assert found is not None
        return found

    async def look(self) -> None:
        """Do what the watch over the sockets does when time has passed."""
        watch = Watch(self.registry)
        await watch.look()
        await watch.beat()


class _QuietServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(remote_apps: Sequence[str] | None = None) -> AsyncIterator[Served]:
    """Serve until the block ends, remote apps as well: those given, or those of the settings."""
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
    remote_apps = getattr(settings, "REMOTE_IN_TESTS", []) if remote_apps is None else remote_apps
    with override_settings(REMOTE_APPS=remote_apps), socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        task = asyncio.create_task(server.serve([listener]))
        while not server.started:
            assert not task.done(), "the server did not start"
            await asyncio.sleep(0.005)
        try:
            async with _served(remote_apps):
                yield Served(listener.getsockname()[1], server)
        finally:
            server.should_exit = True
            await task


@contextlib.asynccontextmanager
async def _served(apps: Sequence[str]) -> AsyncIterator[None]:
    """Serve remote apps on the same loop, as far from the gateway as Redis is."""
    servers = [Server(app, range(16), partial(presence.tell_listeners_of, app)) for app in apps]
    for server in servers:
        await server.start()
    tasks = background.Running(apps.__contains__)
    try:
        yield
    finally:
        await asyncio.gather(*(server.stop() for server in servers))
        await tasks.stop()


@pytest.fixture(scope="session")
def jobs(django_db_setup: None) -> Iterator[None]:
    """On real services, a worker and a relay in processes of their own, as long as the tests last."""
    if settings.PROFILE == "embedded":
        yield
        return
    ensure_virtual_host(settings.CELERY_BROKER_URL)
    processes = [start_worker(settings.CELERY_BROKER_URL), start_relay(settings.CELERY_BROKER_URL)]
    yield
    stop(*processes)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_server(django_db_setup: None, django_db_blocker: Any, jobs: None) -> AsyncIterator[Served]:
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
async def server(transactional_db: None, jobs: None) -> AsyncIterator[Served]:
    """A server on an empty database and an empty Redis."""
    redis().flushdb()
    cache.clear()
    async with serving() as served:
        yield served
    redis().flushdb()
