"""One bot: signs up, makes a character, and lives: it walks, talks, travels, fights and loots."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from random import Random
from typing import Any

from aether_sdk import Client, RefusedError, Rest
from aether_sdk.streams import Update

from aether.operations.bots.fighting import BattleSeen
from aether.operations.bots.finding import Cell, distance
from aether.operations.bots.measuring import Measures
from aether.operations.bots.zone import ZoneSeen

HUNTING_GROUND = "reedmoor_flats"
LINES = ("Anyone for the flats?", "My boots are wet.", "Did you hear the chains last night?", "Well met!")
THINK_S = (0.3, 1.2)
TOO_FAST = {"rate_limited", "throttled", "http_429"}
NAME_PARTS = [
    "ash",
    "bel",
    "cor",
    "dun",
    "eld",
    "fen",
    "gil",
    "hul",
    "isk",
    "jor",
    "kel",
    "lun",
    "mor",
    "rin",
    "tob",
]


def new_name() -> str:
    """Return a name that is hardly taken, also on a server where bots have been before."""
    return "".join(secrets.choice(NAME_PARTS) for _ in range(5)).capitalize()


class Bot:
    """Use `await bot.live()`; it goes on until it is cancelled. It comes in by `door`, which may be full.

    `has_come` says that it is in the world, or has given up.
    """

    def __init__(
        self, *, url: str, password: str, random: Random, measures: Measures, door: asyncio.Semaphore
    ) -> None:
        self._url = url
        self._name = new_name()
        self._password = password
        self._random = random
        self._measures = measures
        self._door = door
        self.has_come = asyncio.Event()
        self._skills: dict[str, Any] = {}
        self._maps: dict[tuple[str, str], Any] = {}
        self._cell: Cell = (0, 0)
        self._zone: ZoneSeen | None = None
        self._battle: BattleSeen | None = None
        self._battle_id: int | None = None
        self._changed = asyncio.Event()

    async def live(self) -> None:
        """Play until cancelled."""
        try:
            async with contextlib.AsyncExitStack() as leaving:
                async with self._door:
                    await self._come(leaving)
                self.has_come.set()
                await self._play()
        finally:
            self.has_come.set()

    async def _come(self, leaving: contextlib.AsyncExitStack) -> None:
        """Sign up, make a character, and enter the world with it."""
        self._rest = rest = await leaving.enter_async_context(Rest(self._url, timeout_s=30))
        await self._sign_up(rest)
        known = await rest.classes()
        self._character = await rest.create_character(self._name, self._random.choice(known)["id"])
        self._skills = (await rest.catalogue())["skills"]
        playing = Client.playing(rest, self._character["id"], name="aether-bots/1")
        self._client = await leaving.enter_async_context(playing)
        leaving.callback(asyncio.create_task(self._watch()).cancel)
        place = await self._ask("world.enter")
        self._cell = _cell(place["cell"])

    async def _sign_up(self, rest: Rest) -> None:
        """Sign up; a server that says "not so fast" is asked again a little later."""
        while True:
            try:
                await rest.sign_up(self._name.lower(), self._password)
                return
            except RefusedError as refusal:
                if refusal.code not in TOO_FAST:
                    raise
            await asyncio.sleep(self._random.uniform(2, 6))

    async def _play(self) -> None:
        await self._dress()
        while True:
            try:
                await self._do_something()
            except RefusedError:
                await self._look_again()
            await asyncio.sleep(self._random.uniform(*THINK_S))

    async def _do_something(self) -> None:
        if self._battle_id is not None:
            await self._fight()
        elif self._random.random() < 0.12:
            await self._talk()
        elif self._zone is None:
            await self._ask("world.enter")
        elif self._zone.name != HUNTING_GROUND:
            await self._travel()
        elif self._random.random() < 0.15:
            await self._walk_about()
        elif await self._is_hurt():
            await self._ask("world.emote", emote="sit")
        else:
            await self._hunt()

    async def _dress(self) -> None:
        """Wear what lies in the bag and fits."""
        inventory = await self._ask("economy.inventory")
        for item in inventory["items"]:
            if item["slot"] is None:
                try:
                    await self._ask("economy.equip", item=item["id"])
                    self._measures.deeds["items worn"] += 1
                except RefusedError:
                    continue

    async def _talk(self) -> None:
        channel = self._random.choice(("zone", "zone", "global"))
        await self._ask("chat.say", channel=channel, text=self._random.choice(LINES))
        self._measures.deeds["lines said"] += 1

    async def _travel(self) -> None:
        assert self._zone is not None
        way = next(iter(self._zone.exits.values()))
        cells = [_cell(cell) for cell in way["cells"]]
        if min(distance(self._cell, cell) for cell in cells) > 1:
            await self._walk(self._zone.way_to(self._cell, cells))
            return
        place = await self._ask("world.travel", exit=way["id"])
        self._cell = _cell(place["cell"])
        self._measures.deeds["journeys"] += 1
        # What is there may have been told before the reply was looked at.
        await self._until(lambda: self._is_in(place["zone"]))

    def _is_in(self, zone: str) -> bool:
        return self._zone is not None and self._zone.name == zone

    async def _walk_about(self) -> None:
        assert self._zone is not None
        x, y = self._cell
        there = (x + self._random.randint(-6, 6), y + self._random.randint(-6, 6))
        await self._walk(self._zone.way_to(self._cell, [there], reach=2)[:16])

    async def _is_hurt(self) -> bool:
        """Tell if it would be foolish to fight now."""
        health = await self._ask("world.health")
        return bool(health["hp"] * 2 < health["hp_max"])

    async def _hunt(self) -> None:
        assert self._zone is not None
        groups = self._zone.idle_groups()[:6]
        if not groups:
            await self._walk_about()
            return
        group = self._random.choice(groups)
        target = _cell((group["path"] or [group["cell"]])[-1])
        if distance(self._cell, target) > 1:
            await self._walk(self._zone.way_to(self._cell, [target], reach=1))
        started = await self._ask("combat.engage", group=group["id"])
        self._battle_id = started["battle"]
        self._measures.deeds["battles begun"] += 1

    async def _walk(self, path: list[Cell]) -> None:
        if not path:
            return
        walk = await self._ask("world.move", path=[list(cell) for cell in path])
        self._measures.deeds["walks"] += 1
        await asyncio.sleep((len(walk["path"]) - 1) * walk["step_ms"] / 1000)
        self._cell = _cell(walk["path"][-1])

    async def _fight(self) -> None:
        """Play the battle to its end; what is refused is answered by ending the turn."""
        await self._until(lambda: self._battle is not None or self._battle_id is None)
        if self._battle is None:
            return
        battle = self._battle
        if battle.phase == "placement":
            await self._ask("combat.ready", battle=battle.id, seed=self._random.randbytes(16).hex())
        while not self._is_over(battle):
            await self._until(lambda: battle.is_my_turn or self._is_over(battle))
            if battle.is_my_turn:
                await self._take_turn(battle)
        self._battle = None
        await self._until(lambda: self._battle_id is None)

    def _is_over(self, battle: BattleSeen) -> bool:
        return battle.phase == "ended" or self._battle_id != battle.id

    async def _take_turn(self, battle: BattleSeen) -> None:
        turn = battle.turn_owner
        refused: set[str] = set()
        while battle.is_my_turn and battle.turn_owner == turn:
            skills = {id_: skill for id_, skill in self._skills.items() if id_ not in refused} | {
                id_: {**self._skills[id_], "ap": 99} for id_ in refused
            }
            command, fields = battle.plan(skills, self._random)
            try:
                await self._ask(command, battle=battle.id, **fields)
                if command == "combat.end_turn":
                    return
            except RefusedError as refusal:
                if refusal.retry:
                    continue
                if command != "combat.cast":
                    await self._ask("combat.end_turn", battle=battle.id)
                    return
                refused.add(fields["skill"])
            await asyncio.sleep(self._random.uniform(0.05, 0.2))

    async def _look_again(self) -> None:
        """Something was refused: see where one really is."""
        if self._battle_id is not None:
            return
        seen = await self._ask("world.look")
        mine = next((p for p in seen["players"] if p["id"] == self._character["id"]), None)
        if mine:
            self._cell = _cell((mine["path"] or [mine["cell"]])[-1])
        await self._take_zone(seen)

    async def _ask(self, command: str, **fields: Any) -> dict[str, Any]:
        try:
            with self._measures.timing(command):
                return await self._client.command(command, **fields)
        except RefusedError as refusal:
            if refusal.code == "rate_limited":
                await asyncio.sleep(refusal.details["retry_after_ms"] / 1000)
            raise

    async def _until(self, is_true: Any) -> None:
        async with asyncio.timeout(150):
            while not is_true():
                self._changed.clear()
                await self._changed.wait()

    async def _watch(self) -> None:
        """Keep what this bot knows up to date, from every update in turn."""
        async for update in self._client:
            await self._take(update)
            self._changed.set()

    async def _take(self, update: Update) -> None:
        body = update.body
        match update.type:
            case "world.snapshot":
                await self._take_zone(body)
            case "world.changed" if self._zone:
                self._zone.take(body["changes"])
            case "combat.snapshot":
                self._battle = BattleSeen(body["battle"], self._character["id"])
            case "combat.events" if self._battle:
                self._battle.take(body["events"])
            case "combat.current":
                self._battle_id = body["battle"]
                if body["outcome"]:
                    self._measures.deeds[f"battles {body['outcome']}"] += 1
            case "economy.loot_received":
                self._measures.deeds["loot received"] += 1

    async def _take_zone(self, snapshot: dict[str, Any]) -> None:
        key = snapshot["zone"], snapshot["map_hash"]
        if key not in self._maps:
            self._maps[key] = await self._rest.zone_map(*key)
        if self._zone is None or self._zone.name != snapshot["zone"]:
            mine = next((p for p in snapshot["players"] if p["id"] == self._character["id"]), None)
            if mine:
                self._cell = _cell((mine["path"] or [mine["cell"]])[-1])
        self._zone = ZoneSeen(snapshot, self._maps[key])


def _cell(pair: Any) -> Cell:
    return (int(pair[0]), int(pair[1]))
