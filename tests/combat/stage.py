"""Alice and Bob on a stage, over real sockets, and those who watch them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from time import time as clock_of_the_machine

import pytest

from aether.kernel import clock as wall
from apps.combat.running import fresh
from tests import cast
from tests.serving import Served
from tests.wire import Fields, Wire


class Time:
    """The clock of the server, put forward when told."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return clock_of_the_machine() + self.ahead

    def pass_s(self, seconds: float) -> None:
        self.ahead += seconds


@pytest.fixture
def time() -> Iterator[Time]:
    time = Time()
    with wall.replaced(time):
        yield time


class Stage:
    """Alice and Bob fight; Eve stands by."""

    def __init__(self, served: Served, stack: AsyncExitStack) -> None:
        self.served, self._stack = served, stack
        self.alice: Wire
        self.bob: Wire
        self.people: dict[str, cast.Player] = {}
        self.battle = 0

    async def socket(self, name: str) -> Wire:
        """Let somebody come into the world."""
        if name not in self.people:
            self.people[name] = await cast.player(name, name.capitalize(), "kitewright")
        wire = await self._stack.enter_async_context(Wire(self.served.socket_url))
        await wire.hello(await self.people[name].ticket())
        assert "ok" in await wire.call("world.enter")
        return wire

    async def duel(
        self,
        spectating: str | None = None,
        names: tuple[str, str] = ("alice", "bob"),
        seeds: tuple[str, str] = ("", ""),
    ) -> None:
        """Let a duel begin, in which both are ready."""
        self.alice, self.bob = await self.socket(names[0]), await self.socket(names[1])
        asked = {"character": self.people[names[1]].character_id}
        if spectating is not None:
            asked["spectating"] = spectating
        challenge = (await self.alice.call("combat.challenge", asked))["ok"]["challenge"]
        assert (await self.bob.update("combat.challenged"))["d"]["spectating"] == (spectating or "live")
        self.battle = (await self.bob.call("combat.accept", {"challenge": challenge}))["ok"]["battle"]
        for wire, seed in zip((self.alice, self.bob), seeds, strict=True):
            assert "ok" in await wire.call("combat.ready", {"battle": self.battle, "seed": seed})

    async def turns(self, count: int) -> None:
        """Let turns pass."""
        for _ in range(count):
            for wire in (self.alice, self.bob):
                if "ok" in await wire.call("combat.end_turn", {"battle": self.battle}):
                    break
            else:
                raise AssertionError("nobody has the turn")

    async def watch(self, wire: Wire) -> Fields:
        return await wire.call("combat.spectate", {"battle": self.battle})

    @property
    def stream(self) -> str:
        return f"battle:{self.battle}"


@pytest.fixture
async def stage(server: Served) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield Stage(server, stack)


async def watched(wire: Wire, last: int) -> list[Fields]:
    """Return what came of a battle, up to a number."""
    seen: list[Fields] = []
    while not seen or seen[-1]["n"][1] < last:
        seen.append(await wire.update("combat.events"))
    return seen


def events(updates: list[Fields]) -> list[Fields]:
    return [event for update in updates for event in update["d"]["events"]]


async def head(stage: Stage, audience: str = "spectator") -> int:
    async with fresh(stage.battle) as battle:
        await battle.show_spectators()
        return battle.numbers[audience]  # type: ignore[index]  # an audience is a string


def told_events(wire: Wire) -> list[Fields]:
    return [update for update in wire.updates if update["t"] == "combat.events"]


async def cut(wire: Wire, seen: dict[str, int]) -> Fields:
    """Close a socket; return what resumes its session."""
    session = wire.greeting
    await wire.socket.close()
    return {"session": session["session"], "secret": session["secret"], "seen": seen}
