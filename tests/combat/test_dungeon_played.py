"""The whole dungeon over real sockets: SDK bots that act as the AI would, from the gate to the loot."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aether_sdk import Client, RefusedError, Rest

from aether.kernel import facts
from aether.kernel.database_threads import in_database_thread
from aether.operations.bots.finding import Cell, path_to
from apps.accounts.models import Character
from apps.accounts.rules.progress import xp_to_next
from apps.combat import engine, rulebooks
from apps.combat.engine import inputs
from apps.combat.engine.ai import choose
from apps.combat.services import opening
from apps.economy.models import ItemInstance
from apps.economy.selectors import amounts_of
from apps.world import ground
from apps.world.models import CharacterPlace, DungeonLock, DungeonRun, Vitality
from apps.world.services import walking
from tests.cast import PASSWORD
from tests.combat.cast import state_of
from tests.serving import Served
from tests.world import delvers

LEVEL = 20
TRIES = 6
CLASSES = {"Ada": "anchorite", "Bertram": "lampwarden", "Celia": "cindersmith", "Dorian": "kitewright"}
MAIN_STAT = {"anchorite": "stone", "lampwarden": "tide", "cindersmith": "ember", "kitewright": "gale"}


class Delver:
    """A bot in a dungeon: it walks, travels and touches things, each by its command."""

    def __init__(self, name: str, character_id: int, client: Client) -> None:
        self.name, self.id, self.client = name, character_id, client
        self.cell: Cell = (0, 0)

    async def enter(self) -> None:
        self._stand(await self.ask("world.enter"))

    async def go(self, exit_id: str) -> dict[str, Any]:
        """Walk to an exit and take it."""
        way = next(way for way in ground.map_of(self.zone).exits if way.id == exit_id)
        await self.walk(list(way.cells))
        place = await self.ask("world.travel", exit=exit_id)
        self._stand(place)
        return place

    async def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """Send a command; whoever is told that it is too fast waits as long as it is told."""
        while True:
            try:
                return await self.client.command(command, **fields)
            except RefusedError as refusal:
                if refusal.code != "rate_limited":
                    raise
                await asyncio.sleep(refusal.details["retry_after_ms"] / 1000)

    async def touch(self, object_id: str) -> str:
        """Walk to a thing and use it; return how it is then."""
        thing = next(each for each in ground.map_of(self.zone).objects if each.id == object_id)
        await self.walk_beside(thing.cell)
        seen = await self.ask("world.interact", object=object_id)
        return str(seen["object"]["state"])

    async def walk_beside(self, cell: Cell) -> None:
        x, y = cell
        await self.walk([(x, y + 1), (x, y - 1), (x + 1, y), (x - 1, y)])

    async def walk(self, goals: list[Cell]) -> None:
        path = path_to(self.cell, goals, ground.map_of(self.zone).is_walkable)
        if path:
            walk = await self.ask("world.move", path=[list(cell) for cell in path])
            self.cell = tuple(walk["path"][-1])

    def _stand(self, place: dict[str, Any]) -> None:
        self.zone, self.cell = place["zone"], tuple(place["cell"])


class Company:
    """Four bots, and the battles that they fight together."""

    def __init__(self, members: list[Delver]) -> None:
        self.members = members

    @property
    def leader(self) -> Delver:
        return self.members[0]

    async def go(self, exit_id: str) -> None:
        for member in self.members:
            await member.go(exit_id)

    async def beat(self, encounter: str) -> int:
        """Fight a group until it is beaten; after a defeat they come back and try again. Return the tries."""
        for tried in range(1, TRIES + 1):
            await self._to(encounter)
            await in_database_thread(_rested, [member.id for member in self.members])
            battle = await self._begin(encounter)
            state = await self._fight_out(battle)
            await in_database_thread(_out_of_battle, [member.id for member in self.members])
            if state.winner == 0:
                return tried
            for member in self.members:
                await member.enter()
        raise AssertionError(f"{encounter} was not beaten in {TRIES} tries")

    async def _to(self, encounter: str) -> None:
        """Walk to a group, through all the doors that lie in between."""
        doors = {"siege": ["lobby_door", "hall_door"], "oru": ["lobby_door", "hall_door", "post_door"]}
        row = await in_database_thread(_group, self.leader.id, encounter)
        for member in self.members:
            if member.cell == (10, 26):
                for door in doors.get(encounter, []):
                    await member.go(door)
            await member.walk_beside(row)

    async def _begin(self, encounter: str) -> int:
        cell = await in_database_thread(_group, self.leader.id, encounter)
        seen = await self.leader.ask("world.look")
        group = next(each["id"] for each in seen["groups"] if tuple(each["cell"]) == cell)
        started = await self.leader.ask("combat.engage", group=group)
        for member in self.members[1:]:
            await member.ask("combat.join", battle=started["battle"])
        for member in self.members:
            await member.ask("combat.ready", battle=started["battle"], seed="")
        return int(started["battle"])

    async def _fight_out(self, battle: int) -> engine.Battle:
        by_character = {member.id: member for member in self.members}
        dice, rulebook = engine.Dice(bytes(32)), rulebooks.current_rulebook()
        while (state := await state_of(battle)).phase != "ended":
            owner = state.of(state.turn_owner)
            actor = by_character[state.build(owner).character_id or 0]
            command, fields = _as_command(choose(state, owner.id, rulebook, dice).intent)
            try:
                await actor.ask(command, battle=battle, **fields)
            except RefusedError:
                await actor.ask("combat.end_turn", battle=battle)
        return state


def _as_command(intent: Any) -> tuple[str, dict[str, Any]]:
    match intent:
        case inputs.Move(path=path):
            return "combat.move", {"path": [list(cell) for cell in path]}
        case inputs.Cast(skill=skill, cell=cell):
            return "combat.cast", {"skill": skill, "cell": list(cell)}
    return "combat.end_turn", {}


def _group(character_id: int, encounter: str) -> Cell:
    run = DungeonRun.objects.get(instance=CharacterPlace.objects.get(pk=character_id).instance)
    return delvers.group(run, encounter).cell


def _out_of_battle(members: list[int]) -> None:
    """Let the world hear that a battle has ended, which another thread may still be telling it."""
    facts.drain()
    while CharacterPlace.objects.filter(pk__in=members, battle__isnull=False).exists():
        facts.drain()


def _rested(members: list[int]) -> None:
    """Let members be as whole as they are after a long rest, which nobody waits for here."""
    Vitality.objects.filter(character_id__in=members).delete()


def _strengthen(character_id: int, class_id: str) -> None:
    """Give somebody the level, the points and what good equipment adds to them."""
    Character.objects.filter(pk=character_id).update(
        xp_total=sum(map(xp_to_next, range(1, LEVEL))), vigor=30, **{MAIN_STAT[class_id]: 130}
    )


@pytest.fixture
async def company(server: Served, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Company]:
    """Four friends before the gate, where they walk to at once; their dice have a seed."""
    monkeypatch.setattr(walking, "STEP_MS", 0)
    dice = random.Random(6)
    monkeypatch.setattr(opening.secrets, "token_bytes", dice.randbytes)
    async with AsyncExitStack() as stack:
        members = []
        for name, class_id in CLASSES.items():
            rest = await stack.enter_async_context(Rest(server.http_url))
            await rest.sign_up(name.lower(), PASSWORD)
            character = await rest.create_character(name, class_id)
            await in_database_thread(_strengthen, character["id"], class_id)
            client = await stack.enter_async_context(Client.playing(rest, character["id"]))
            member = Delver(name, character["id"], client)
            await member.enter()
            await in_database_thread(delvers.to_the_gate, member.id)
            await member.enter()
            members.append(member)
        for member in members[1:]:
            invited = await members[0].ask("chat.party_invite", name=member.name)
            await member.ask("chat.party_accept", invitation=invited["invitation"])
        yield Company(members)


async def test_a_party_plays_the_whole_dungeon(company: Company) -> None:
    leader = company.leader
    await company.go(delvers.GATE)
    opened = await company.members[1].client.update("world.dungeon_opened")
    assert (opened.body["dungeon"], opened.body["name"]) == (delvers.DUNGEON, "Ada")
    await company.beat("west_watch")
    with pytest.raises(RefusedError) as refused:
        await leader.go("lobby_door")
    assert refused.value.code == "world.door_closed"
    await company.beat("east_watch")
    await company.go("lobby_door")
    await _solve(company)
    await company.go("hall_door")
    await company.beat("siege")
    await company.go("post_door")
    await company.beat("oru")
    done = await leader.client.update(
        "world.dungeon_changed", where=lambda update: update.body["cause"] == "done"
    )
    assert done.body["run"]["is_done"] is True
    members = [member.id for member in company.members]
    await in_database_thread(_check_loot, members)
    gate = await leader.ask("world.dungeon", dungeon=delvers.DUNGEON)
    assert (gate["is_locked"], gate["entry"]) == (True, "new")


async def _solve(company: Company) -> None:
    """Let each read an inscription, then pull the levers as the clues say."""
    readers = zip(
        company.members, ("inscription_west", "inscription_south", "inscription_east"), strict=False
    )
    for member, inscription in readers:
        assert await member.touch(inscription) == "read"
    seen = await company.leader.ask("world.dungeon", dungeon=delvers.DUNGEON)
    after = {clue["first"]: clue["second"] for clue in seen["run"]["clues"]}
    (lever,) = after.keys() - set(after.values())
    for member in company.members:
        assert await member.touch(lever) == "down"
        lever = after.get(lever, "")


def _check_loot(members: list[int]) -> None:
    held = amounts_of(members, {"wright_cog"})
    assert [sum(held[who].values()) for who in members] == [1, 1, 1, 1]
    assert DungeonLock.objects.filter(character_id__in=members).count() == 4
    assert DungeonRun.objects.get().state == "done"
    assert ItemInstance.objects.filter(definition="orus_cog").count() <= 4
