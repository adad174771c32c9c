"""`duels_durable_…`: duels in closed loop over the real socket, each action acknowledged after commit.

Run as a module it is the load itself; `run` starts a server on one core and the load on the other.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import httpx
from aether_sdk.errors import RefusedError

from bench import closed_loop
from bench.fighter import Fighter
from bench.population import populate
from bench.report import Figures
from bench.server import PEER_DATABASE_URL, own_database, serving, until_facts_are_handled

DUELS = 50
PAUSE_S = 0.05
BEGINNING_S = 0.04
"""What the beginning of a duel takes: they all begin at once, before anything is counted."""
ARRIVING_AT_ONCE = 8
SKILL, SKILL_RANGE = "updraft", (1, 4)
STRIKE_EVERY = 2
"""A strike every so many turns makes a duel of some 150 actions, most of them walked, as people play."""


def run(*, duels: int = DUELS, seconds: float = closed_loop.SECONDS) -> Figures:
    """Measure against a server of our own, whose players were made before it started."""
    name = f"duels_durable_{duels}"
    warm_up_s = max(closed_loop.WARM_UP_S, duels * BEGINNING_S)
    with own_database() as environment:
        fighters = populate(environment, 2 * duels)
        with serving(environment) as (url, process):
            return closed_loop.drive(
                name,
                "bench.duels",
                server=process,
                arguments=[url, "--seconds", str(seconds), "--warm-up", str(warm_up_s)],
                people=fighters,
                settle=lambda: until_facts_are_handled(environment[PEER_DATABASE_URL]),
            )


class Duel:
    """Two fighters who fight, and fight again. What both see is read from the first one's stream."""

    def __init__(self, one: Fighter, other: Fighter) -> None:
        self.fighters = {one.id: one, other.id: other}
        self._watcher, self._other = one, other
        self._combatants: dict[int, dict[str, Any]] = {}
        self._turn_owner = 0
        self._is_over = True
        self._battle = 0
        self._challenge: str | None = None
        self._board: dict[str, Any] = {}

    async def go_on(self, until: float) -> None:
        while time.perf_counter() < until:
            if self._is_over:
                await self._begin()
            elif not await self._take_turn(until):
                return

    def leave(self) -> None:
        for fighter in self.fighters.values():
            fighter.leave()

    async def _begin(self) -> None:
        """Challenge, accept, get ready. The world lets go of the last battle a moment after its end."""
        try:
            if self._challenge is None:
                challenge = await self._watcher.ask("combat.challenge", {"character": self._other.id})
                self._challenge = challenge["challenge"]
            started = await self._other.ask("combat.accept", {"challenge": self._challenge})
        except RefusedError as refused:
            self._watcher.tally.refusals[refused.code] += 1
            await asyncio.sleep(PAUSE_S)
            return
        self._battle, self._is_over, self._challenge = int(started["battle"]), False, None
        while self._see(await self._watcher.next_update("combat.snapshot")) != self._battle:
            pass
        for fighter in self.fighters.values():
            await fighter.act("combat.ready", {"battle": self._battle, "seed": "00" * 16})
        while not self._turn_owner and not self._is_over:
            self._see(await self._watcher.next_update("combat.events"))

    async def _take_turn(self, until: float) -> bool:
        """Do what is planned, one command after the other."""
        me = self._combatants[self._turn_owner]
        turn_of, fighter = self._turn_owner, self.fighters[me["character_id"]]
        for kind, body in self._plan(me):
            if self._is_over or self._turn_owner != turn_of:
                return True
            if await fighter.act(kind, {"battle": self._battle, **body}):
                self._see(await self._watcher.next_update("combat.events"))
            if time.perf_counter() > until:
                return False
        return True

    def _plan(self, me: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """A kiter's turn: strike at times, step aside and back, end the turn; come nearer when it is far."""
        (foe,) = (each for each in self._combatants.values() if each["id"] != me["id"])
        here, there = tuple(me["cell"]), tuple(foe["cell"])
        free = [cell for cell in _around(here) if self._is_free(cell, there)]
        free.sort(key=lambda cell: _distance(cell, there))
        low, high = SKILL_RANGE
        plan: list[tuple[str, dict[str, Any]]] = []
        is_near = low <= _distance(here, there) <= high
        if is_near and me["turns"] % STRIKE_EVERY == 0:
            plan.append(("combat.cast", {"skill": SKILL, "cell": there}))
        if free:
            cells = (free[-1], here) if is_near else free[:1]
            plan += [("combat.move", {"path": [cell]}) for cell in cells]
        return [*plan, ("combat.end_turn", {})]

    def _is_free(self, cell: tuple[int, int], taken: tuple[int, int]) -> bool:
        (x, y), board = cell, self._board
        is_inside = 0 <= x < board["width"] and 0 <= y < board["height"]
        return cell != taken and is_inside and int(board["terrain"][y * board["width"] + x], 16) & 1 == 1

    def _see(self, update: dict[str, Any]) -> int:
        """Follow a snapshot or events; return the battle of the snapshot."""
        body = update["d"]
        if update["t"] == "combat.snapshot":
            view = body["battle"]
            self._combatants = {each["id"]: each for each in view["combatants"]}
            self._turn_owner, self._board = view["turn_owner"], view["board"]
            return int(view["battle_id"])
        if update["s"] == f"battle:{self._battle}":
            for event in body["events"]:
                self._apply(event)
        return 0

    def _apply(self, event: dict[str, Any]) -> None:
        match event:
            case {"e": "turn_started", "who": who, "turns": turns}:
                self._turn_owner = who
                self._combatants[who]["turns"] = turns
            case {"e": "battle_ended"}:
                self._is_over, self._turn_owner = True, 0
            case {"e": "moved" | "displaced", "who": who, "path": path}:
                self._combatants[who]["cell"] = path[-1]
            case {"e": "placed", "who": who, "cell": cell}:
                self._combatants[who]["cell"] = cell


def _around(cell: tuple[int, int]) -> list[tuple[int, int]]:
    x, y = cell
    return [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


async def arrive(url: str, people: Sequence[tuple[str, int]], tally: closed_loop.Tally) -> list[Duel]:
    """Let everybody into the world, a few at a time, and pair those who are in one copy of the zone."""
    arriving = asyncio.Semaphore(ARRIVING_AT_ONCE)
    async with httpx.AsyncClient(base_url=url, timeout=60) as rest:
        fighters = [Fighter(rest, token, character, tally) for token, character in people]

        async def enter(fighter: Fighter) -> None:
            async with arriving:
                await fighter.arrive()

        await asyncio.gather(*map(enter, fighters))
    duels = []
    for _, here in groupby(sorted(fighters, key=lambda each: each.instance), key=lambda each: each.instance):
        together = list(here)
        duels += [Duel(one, other) for one, other in zip(together[::2], together[1::2], strict=False)]
    return duels


def main() -> None:
    given = closed_loop.arguments("Load of duels.").parse_args()
    people = closed_loop.people()
    closed_loop.load(lambda tally: arrive(given.url, people, tally), given)


if __name__ == "__main__":
    main()
