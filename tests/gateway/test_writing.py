"""Frames that leave at once: the same bytes for all, in order with those that wait, never after the end."""

from __future__ import annotations

import asyncio
import json
from unittest import mock

import pytest
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode

from aether.gateway.limits import from_settings
from aether.gateway.outgoing import Outgoing
from aether.gateway.writing import TURN_BYTES_MAX, framed, write_at_once_of
from tests import cast
from tests.serving import Served
from tests.wire import Wire


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_a_frame_is_built_as_the_library_builds_it(size: int) -> None:
    text, packed = "é" * (size // 2) + "e" * (size % 2), b"\x80" * size
    assert framed(text) == WebSocketFrame(Opcode.TEXT, text.encode()).serialize(mask=False)
    assert framed(packed) == WebSocketFrame(Opcode.BINARY, packed).serialize(mask=False)


def test_a_frame_for_many_is_built_once() -> None:
    text = json.dumps({"t": "world.changed"})
    assert framed(text) is framed(text)


def test_another_server_has_no_such_way() -> None:
    async def send(message: object) -> None: ...

    assert write_at_once_of(send) is None


class Transport:
    """Takes frames until it has enough, and sends what goes the way of ASGI when it is opened."""

    def __init__(self) -> None:
        self.has_enough = False
        self.opened = asyncio.Event()
        self.sent: list[str] = []

    def write(self, frame: str | bytes) -> bool:
        if not self.has_enough:
            self.sent.append(str(frame))
        return not self.has_enough

    async def send(self, message: dict[str, str]) -> None:
        await self.opened.wait()
        self.sent.append(message["text"])


class Counted:
    """The transport of a connection, and what is written to it."""

    def __init__(self, transport: asyncio.Transport, writes: list[bytes]) -> None:
        self._transport, self._writes = transport, writes

    def write(self, wire: bytes) -> None:
        self._writes.append(wire)
        self._transport.write(wire)

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)


async def test_order_stays_when_the_transport_has_enough_for_a_while() -> None:
    transport = Transport()
    out = Outgoing(transport.send, from_settings(), lambda: None, transport.write)
    out.push("one", None)
    transport.has_enough = True
    out.push("two", None)
    transport.has_enough = False
    out.push("three", None)
    writing = asyncio.create_task(out.write("four"))
    await asyncio.sleep(0)
    transport.opened.set()
    await writing
    out.push("five", None)
    assert transport.sent == ["one", "two", "three", "four", "five"]


async def test_nothing_leaves_at_once_after_the_end() -> None:
    transport = Transport()
    out = Outgoing(transport.send, from_settings(), lambda: None, transport.write)
    out.shut()
    out.push("late", None)
    await out.write("later")
    assert transport.sent == []


async def test_what_is_said_in_one_turn_leaves_in_one_write(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.update("me.snapshot")
        (ours,) = server.registry.sockets
        transport = ours._send.__self__.transport  # type: ignore[attr-defined]  # the server's own
        writes: list[bytes] = []
        with mock.patch.object(ours._send.__self__, "transport", Counted(transport, writes)):  # type: ignore[attr-defined]
            for n in range(3):
                ours.push(f'{{"t":"test","d":{n}}}', ours.follows["me"])
            assert [(await wire.update("test"))["d"] for _ in range(3)] == [0, 1, 2]
            # The news of a hello may still be on its way: only the writes that carry ours count.
            assert len([wire for wire in writes if b'"test"' in wire]) == 1
            writes.clear()
            ours.push(json.dumps({"t": "long", "d": "x" * TURN_BYTES_MAX}), ours.follows["me"])
            assert any(b'"long"' in wire for wire in writes), "so much does not wait for the end of the turn"
            await wire.update("long")


async def test_sockets_of_our_server_are_written_to_at_once(server: Served) -> None:
    """Over a real socket: had the frame needed a task, it would wait after `push`."""
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.update("me.snapshot")
        (ours,) = server.registry.sockets
        ours.push('{"t":"test","d":{"said":"è"}}', ours.follows["me"])
        assert ours.outgoing.writing_since is None
        assert (await wire.update("test"))["d"] == {"said": "è"}
