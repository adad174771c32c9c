"""The way out of a slow socket: moves are given up first, then the socket; the rest leaves in order."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest

from aether.gateway.limits import Bucket, from_settings
from aether.gateway.outgoing import Outgoing


class SlowWire:
    """Sends nothing until it is opened."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.sent: list[str] = []

    async def send(self, message: dict[str, Any]) -> None:
        await self.opened.wait()
        self.sent.append(message["text"])


class NamedFollow:
    """A follow that knows its name and whether it lost what was queued."""

    def __init__(self, name: str) -> None:
        self.name, self.losses = name, 0

    def lose(self) -> None:
        self.losses += 1


def outgoing(wire: SlowWire, overflows: list[str], **limits: Any) -> Outgoing:
    given = dataclasses.replace(from_settings(), **limits)
    return Outgoing(wire.send, given, lambda: overflows.append("too slow"))


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_frames_leave_in_order_and_write_waits_its_turn() -> None:
    wire = SlowWire()
    out = outgoing(wire, [])
    out.push("one", None)
    out.push("two", None)
    writing = asyncio.create_task(out.write("three"))
    await settled()
    assert not writing.done()
    wire.opened.set()
    await writing
    out.push("four", None)
    await settled()
    assert wire.sent == ["one", "two", "three", "four"]


async def test_a_full_queue_gives_up_moves_before_anything_else() -> None:
    wire, overflows = SlowWire(), []
    out = outgoing(wire, overflows, queue_updates=4)
    zone, battle = NamedFollow("zone:1"), NamedFollow("battle:1")
    out.push("leaves at once", None)
    await settled()
    for n in range(3):
        out.push(f"move {n}", zone)  # type: ignore[arg-type]  # only its name matters here
    out.push("cast", battle)  # type: ignore[arg-type]
    out.push("move 3", zone)  # type: ignore[arg-type]
    wire.opened.set()
    await settled()
    assert wire.sent == ["leaves at once", "cast"]
    assert (zone.losses, battle.losses, overflows) == (1, 0, [])


@pytest.mark.parametrize("limits", [{"queue_updates": 4}, {"queue_bytes": 30}])
async def test_a_queue_that_stays_full_is_the_end(limits: dict[str, int]) -> None:
    wire, overflows = SlowWire(), []
    out = outgoing(wire, overflows, **limits)
    for n in range(6):
        out.push(f"event {n}", None)
    assert overflows
    out.shut()
    out.push("after", None)
    await out.write("after")
    wire.opened.set()
    await settled()
    assert wire.sent == []


async def test_a_shut_queue_lets_nobody_wait() -> None:
    out = outgoing(SlowWire(), [])
    out.push("stuck", None)
    await settled()
    writing = asyncio.create_task(out.write("never"))
    await settled()
    out.shut()
    await asyncio.wait_for(writing, 1)
    assert writing.done()


def test_a_bucket_fills_as_time_passes() -> None:
    bucket = Bucket(per_s=5, burst=2, now=0.0)
    assert [bucket.take(0.0) for _ in range(3)] == [0.0, 0.0, pytest.approx(0.2)]
    assert bucket.take(0.2) == 0.0
    assert bucket.take(100.0) == 0.0
    assert bucket.take(50.0) == 0.0, "a clock that jumps back takes nothing away"
    assert bucket.take(50.0) > 0
