"""Simulated players on the SDK: they play without pause, write down everything, and never trust luck.

A player whose connection is over for good begins anew and asks for what was not answered under the old id.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import httpx
from aether_sdk import AetherError, Client, RefusedError, Rest
from aether_sdk.streams import Update

from aether.operations.bots.fighting import BattleSeen
from tests.faults.history import History

PATIENCE_S = 60.0
AGAIN_S = 0.15
THINKS_S = 0.05
"""How long a player thinks at most: without pause, a few would take the processors from what is started."""
DEAF_S = 15.0


class RecordedClient(Client):
    """Writes down each update that it applies, and each time that it was without a socket."""

    history: History
    player: int
    life: int = 0
    kept_out_by = ""
    """Why it has no socket now, as far as it was told."""
    _up_since = 0.0

    async def _take_of_stream(self, update: Update) -> None:
        before = self.streams.seen.get(update.stream or "")
        await super()._take_of_stream(update)
        if self.streams.seen.get(update.stream or "") != before or update.is_snapshot:
            self.history.note(
                "saw",
                self.player,
                life=self.life,
                s=update.stream,
                t=update.type,
                first=update.first,
                last=update.last,
                snapshot=update.is_snapshot or before is None,
                d=update.body if update.type == "combat.events" else None,
            )

    def up_s(self) -> float:
        """Return for how long it has had its socket."""
        return time.monotonic() - self._up_since if self._link is not None else 0.0

    async def _open(self, hello: dict[str, Any]) -> None:
        try:
            await super()._open(hello)
        except Exception as error:
            self.kept_out_by = repr(error)
            raise
        self._up_since, self.kept_out_by = time.monotonic(), ""

    async def _reconnect(self) -> None:
        began = time.monotonic()
        await super()._reconnect()
        self.history.resumed_s.append(time.monotonic() - began)


class Player:
    """Somebody with a character. Use it as `async with`."""

    def __init__(self, url: str, person: Mapping[str, Any], history: History, random: Random) -> None:
        self.history, self.random = history, random
        self.battle: BattleSeen | None = None
        self.glim = 0
        self.stacks: dict[str, int] = {}
        self.items: dict[str, dict[str, Any]] = {}
        self.id, self.token = int(person["id"]), str(person["token"])
        self.turns = 0
        """How many turns of its own it has taken."""

        self.client: RecordedClient
        self._rest = Rest.signed_in(url, person["token"])
        self._changed = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._life = 0
        self._number = 0
        self._skills: Mapping[str, Any] = {}

    def __str__(self) -> str:
        """Say what it is at, for whoever wonders why nothing goes on."""
        asked = self.history.unanswered(self.id)
        if self.battle is None:
            return f"{self.id} knows of no battle, and waits for {asked}"
        whose = "its own turn" if self.battle.is_my_turn else f"the turn of {self.battle.turn_owner}"
        seen = self.client.streams.seen.get(f"battle:{self.battle.id}")
        return (
            f"{self.id} sees {whose} in battle {self.battle.id} ({self.battle.phase}) at {seen},"
            f" and waits for {asked}"
        )

    async def arrive(self, skills: Mapping[str, Any]) -> None:
        """Open a socket and enter the world."""
        self._skills = skills
        await self._begin()
        await self.ask("world.enter")

    async def leave(self) -> None:
        await self._end()
        await self._rest.__aexit__(None, None, None)

    async def ask(self, t: str, **fields: Any) -> dict[str, Any]:
        """Ask until there is an answer, always under one id; raise what is refused for good."""
        self._number += 1
        command_id = f"{self.id}-{self._number}"
        self.history.note_command("invoke", self.id, command_id, t, d=fields)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            began = time.monotonic()
            took = lambda began=began: round(time.monotonic() - began, 3)  # noqa: E731
            try:
                async with asyncio.timeout_at(
                    asyncio.get_running_loop().time() + deadline - time.monotonic()
                ):
                    answer = await self.client.command_as(command_id, t, fields)
            except RefusedError as refusal:
                self.history.note_command("refused", self.id, command_id, t, code=refusal.code, s=took())
                if not refusal.retry or time.monotonic() > deadline:
                    kind = "unknown" if refusal.retry else "fail"
                    self.history.note_command(kind, self.id, command_id, t, code=refusal.code)
                    raise
                await asyncio.sleep(AGAIN_S)
            except TimeoutError:
                self.history.note_command("unknown", self.id, command_id, t, code="no answer")
                raise AssertionError(f"no answer to {t}, socket: {self.client.kept_out_by}; {self}") from None
            except AetherError:
                if time.monotonic() > deadline:
                    self.history.note_command("unknown", self.id, command_id, t, code="no connection")
                    raise
                await self._begin_anew()
            else:
                self.history.note_command("ok", self.id, command_id, t, ok=answer, s=took())
                return answer

    async def until(self, is_true: Callable[[], bool], *, within_s: float = PATIENCE_S) -> None:
        """Wait for updates that make it true."""
        async with asyncio.timeout(within_s):
            while not is_true():
                self._changed.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1.0):
                        await self._changed.wait()

    def knows(self, battle_id: int) -> bool:
        """Tell if it has been told of a battle."""
        return self.battle is not None and self.battle.id == battle_id

    async def fight(self, battle_id: int) -> None:
        """Fight a battle to its end."""
        battle = await self._seen(battle_id)
        if battle.phase == "placement":
            await self._try("combat.ready", battle=battle_id, seed=self.random.randbytes(16).hex())
        while not self._is_over(battle_id):
            battle = self.battle
            if battle is not None and battle.is_my_turn:
                await self._take_turn(battle)
            else:
                await self.until(lambda: self._is_over(battle_id) or self._has_turn(), within_s=150)

    async def _seen(self, battle_id: int) -> BattleSeen:
        """Return a battle as soon as it is told; one that nobody tells of must be over by now."""
        began = time.monotonic()
        while not self.knows(battle_id) and min(time.monotonic() - began, self.client.up_s()) < DEAF_S:
            await asyncio.sleep(0.05)
        if not self.knows(battle_id):
            await self.ask("subscribe", s=f"battle:{battle_id}")
            await self.until(lambda: self.knows(battle_id))
            assert self.battle is not None
            assert self.battle.phase == "ended", f"{self.id} was not told of its battle {battle_id}"
        assert self.battle is not None
        return self.battle

    async def settle(self) -> None:
        """See everything that there is to see, and write down where each stream ends."""
        for stream in [
            name for name in self.client.streams.seen if name.partition(":")[0] in ("me", "battle")
        ]:
            with contextlib.suppress(RefusedError):
                await self._settle(stream)
        holds = {"glim": self.glim, "stacks": self.stacks, "items": sorted(self.items)}
        self.history.note("holds", self.id, **holds)

    async def _settle(self, stream: str) -> None:
        for _ in range(100):
            seen = self.client.streams.seen[stream]
            answer = await self.ask("resume", s=stream, **{"from": seen + 1})
            if answer["head"] == self.client.streams.seen[stream]:
                break
            await asyncio.sleep(0.05)
        seen = self.client.streams.seen[stream]
        self.history.note("head", self.id, s=stream, seen=seen, head=answer["head"])

    async def _take_turn(self, battle: BattleSeen) -> None:
        turn = battle.turn_owner
        self.turns += 1
        skills = dict(self._skills)
        while battle.is_my_turn and battle.turn_owner == turn and self.battle is battle:
            command, fields = battle.plan(skills, self.random)
            try:
                await self.ask(command, battle=battle.id, **fields)
            except RefusedError as refusal:
                if refusal.code in ("combat.battle_over", "not_found"):
                    return
                if command != "combat.cast":
                    await self._try("combat.end_turn", battle=battle.id)
                    return
                skills[fields["skill"]] = {**skills[fields["skill"]], "ap": 99}
            await asyncio.sleep(self.random.uniform(0, THINKS_S))
            if command == "combat.end_turn":
                return

    async def _try(self, command: str, **fields: Any) -> None:
        with contextlib.suppress(RefusedError):
            await self.ask(command, **fields)

    def _has_turn(self) -> bool:
        return self.battle is not None and self.battle.is_my_turn

    def _is_over(self, battle_id: int) -> bool:
        return self.battle is None or self.battle.id != battle_id or self.battle.phase == "ended"

    async def _begin(self) -> None:
        self._life += 1
        self.client = RecordedClient.playing(self._rest, self.id, name="faults/1")
        self.client.history, self.client.player, self.client.life = self.history, self.id, self._life
        await self.client.__aenter__()
        self._watching = asyncio.create_task(self._watch(self.client))

    async def _begin_anew(self) -> None:
        """The connection is over for good: open another, as somebody who starts the game again."""
        await self._end()
        try:
            await self._begin()
        except (AetherError, OSError, httpx.TransportError, TimeoutError, ValueError):
            await asyncio.sleep(AGAIN_S)

    async def _end(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if hasattr(self, "client"):
            await self.client.close()

    async def _watch(self, client: Client) -> None:
        async for update in client:
            self._take(update.type, update.body)
            self._changed.set()

    def _take(self, t: str, body: Mapping[str, Any]) -> None:
        match t:
            case "me.snapshot":
                self._take_snapshot(body["parts"])
            case "economy.inventory_changed":
                self._take_inventory(body)
            case "combat.snapshot":
                self.battle = BattleSeen(body["battle"], self.id)
            case "combat.events" if self.battle is not None:
                self.battle.take(body["events"])
            case "combat.current":
                self._take_current(body)

    def _take_snapshot(self, parts: Mapping[str, Any]) -> None:
        inventory = parts["inventory"]
        self.glim = inventory["glim"]
        self.stacks = {stack["item"]: stack["count"] for stack in inventory["stacks"]}
        self.items = {item["id"]: item for item in inventory["items"]}
        self._take_current(parts["battle"])

    def _take_current(self, current: Mapping[str, Any]) -> None:
        if current["battle"] is None and self.battle is not None:
            self.battle.phase = "ended"

    def _take_inventory(self, changed: Mapping[str, Any]) -> None:
        if changed.get("glim") is not None:
            self.glim = changed["glim"]
        for stack in changed.get("stacks", ()):
            self.stacks[stack["item"]] = stack["count"]
            if not stack["count"]:
                del self.stacks[stack["item"]]
        for item in changed.get("items", ()):
            self.items[item["id"]] = item
        for gone in changed.get("gone", ()):
            self.items.pop(gone, None)
