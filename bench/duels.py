"""`duels_durable_50`: fifty duels in closed loop over the real socket, each action acknowledged after commit.

Run as a module it is the load itself; `run` starts a server on one core and the load on the other.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from aether_sdk.errors import RefusedError

from bench.fighter import Fighter
from bench.report import Figures, quantile
from bench.server import LOAD_CORE, PROJECT, SERVER_CORE, pin, running_server

DUELS = 50
SECONDS = 15
WARM_UP_S = 3
PAUSE_S = 0.05
ARRIVING_AT_ONCE = 8
SKILL, SKILL_RANGE = "updraft", (1, 4)
STRIKE_EVERY = 2
"""A strike every so many turns makes a duel of some 150 actions, most of them walked, as people play."""


def run(*, duels: int = DUELS, seconds: float = SECONDS) -> Figures:
    """Measure against a server of our own, which gets its one core once everybody has signed up."""
    with running_server() as (url, process):
        command = [sys.executable, "-m", "bench.duels", url, "--duels", str(duels), "--seconds", str(seconds)]
        with subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as load:
            assert load.stdout is not None
            load.stdout.readline()
            pin(SERVER_CORE, process)
            figures, _ = load.communicate("go\n")
    return Figures(name=f"duels_durable_{duels}", **json.loads(figures))


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

    async def _begin(self) -> None:
        """Challenge, accept, get ready. The world lets go of the last battle a moment after its end."""
        try:
            if self._challenge is None:
                challenge = await self._watcher.ask("combat.challenge", {"character": self._other.id})
                self._challenge = challenge["challenge"]
            started = await self._other.ask("combat.accept", {"challenge": self._challenge})
        except RefusedError as refused:
            self._watcher.refusals[refused.code] += 1
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


async def load(url: str, *, duels: int, seconds: float) -> dict[str, Any]:
    """Let everybody arrive, warm up, then count for a while."""
    fighters = [Fighter(url, number) for number in range(2 * duels)]
    arriving = asyncio.Semaphore(ARRIVING_AT_ONCE)

    async def arrive(fighter: Fighter) -> None:
        async with arriving:
            await fighter.arrive()

    await asyncio.gather(*map(arrive, fighters))
    print("here", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    pin(LOAD_CORE)
    pairs = [Duel(*fighters[2 * number : 2 * number + 2]) for number in range(duels)]
    await _fight(pairs, WARM_UP_S)
    for fighter in fighters:
        fighter.latencies.clear()
        fighter.refusals.clear()
    began = time.perf_counter()
    await _fight(pairs, seconds)
    took = time.perf_counter() - began
    latencies = sorted(one for fighter in fighters for one in fighter.latencies)
    refusals = sum((fighter.refusals for fighter in fighters), Counter())
    await asyncio.gather(*(fighter.leave() for fighter in fighters))
    return {
        "per_s": round(len(latencies) / took, 1),
        "p50_ms": round(quantile(latencies, 0.5) * 1000, 2),
        "p99_ms": round(quantile(latencies, 0.99) * 1000, 2),
        "count": len(latencies),
        "note": ", ".join(f"{code} {count}" for code, count in refusals.most_common()),
    }


async def _fight(pairs: list[Duel], seconds: float) -> None:
    until = time.perf_counter() + seconds
    await asyncio.gather(*(pair.go_on(until) for pair in pairs))


def main() -> None:
    parser = argparse.ArgumentParser(description="Load for duels_durable_50; prints JSON.")
    parser.add_argument("url")
    parser.add_argument("--duels", type=int, default=DUELS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    with contextlib.suppress(ImportError):
        import uvloop

        uvloop.install()
    print(json.dumps(asyncio.run(load(given.url, duels=given.duels, seconds=given.seconds))))


if __name__ == "__main__":
    main()
