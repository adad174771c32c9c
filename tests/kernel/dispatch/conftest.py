"""A gateway's end and services of `accounts`, in one process, over the real channel layer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from channels.layers import get_channel_layer

from aether.kernel import dispatch
from aether.kernel.dispatch import Caller, Route, Server, directory, registry
from aether.kernel.dispatch import running as dispatch_running
from aether.kernel.dispatch.remote import RemoteDispatch
from aether.kernel.ending import end
from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.protocol.accounts import ReadProfile

COMMAND = ReadProfile()
ALL = range(16)

Use = Callable[[Callable[..., Any]], None]
Serve = Callable[..., Awaitable[Server]]


def caller(character_id: int = 1) -> Caller:
    return Caller(
        character_id=CharacterId(character_id),
        account_id=AccountId(1),
        session_id=SessionId("s"),
        language="en",
        command_id=CommandId("c-1"),
        body_digest=b"",
    )


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Let a coroutine handle the command of these tests."""

    def put(handler: Callable[..., Any]) -> None:
        monkeypatch.setitem(registry._routes, ReadProfile, Route(ReadProfile, handler, is_async=True))

    return put


@pytest.fixture
async def remote(settings: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RemoteDispatch]:
    """A process for which `accounts` is remote. Announcements come often, and silence lasts no time."""
    settings.REMOTE_APPS = ["accounts"]
    monkeypatch.setattr("aether.kernel.dispatch.serving.ANNOUNCE_EVERY_S", 0.01)
    monkeypatch.setattr("aether.kernel.dispatch.station.ANNOUNCE_EVERY_S", 0.01)
    monkeypatch.setattr("aether.kernel.dispatch.serving.QUIET_S", 0.02)
    monkeypatch.setattr("aether.kernel.dispatch.remote.SERVER_PATIENCE_S", 1.0)
    monkeypatch.setattr(directory, "LAPSES_AFTER_S", 0.8)
    await dispatch.start()
    assert dispatch_running._remote is not None
    yield dispatch_running._remote
    await dispatch.stop()
    await get_channel_layer().flush()


@pytest.fixture
async def serve(remote: RemoteDispatch) -> AsyncIterator[Serve]:
    """Start services, each as a process of its own would."""
    async with AsyncExitStack() as stack:

        async def start(partitions: Iterable[int] = ALL, on_presence: Any = None) -> Server:
            server = Server("accounts", partitions, on_presence)
            await server.start()
            stack.push_async_callback(server.stop, 0.01)
            await heard(remote, server)
            return server

        yield start


async def heard(remote: RemoteDispatch, server: Server) -> None:
    """Wait until the gateway's end knows a service."""
    async with asyncio.timeout(5):
        while server.station.channel not in remote.station.directory._serving:
            await asyncio.sleep(0.005)


async def kill(server: Server) -> None:
    """Let a service fall silent, as kill -9 does."""
    assert server._announcing is not None
    server._take = lambda frame: None  # type: ignore[method-assign]
    server.station._on_frame = lambda frame: None
    await end(server._announcing, *server._at_work)
