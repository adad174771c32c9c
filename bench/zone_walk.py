"""`zone_walk_…`: people walk in one copy of a zone, all in sight of one another, a move each two seconds.

A move takes from its command's sending until the update that tells it has reached the last of them, the
tick of the zone included. Run as a module it is the load itself.
"""

from __future__ import annotations

import asyncio
import time
from random import Random
from typing import Any

import httpx
import msgspec

from bench import closed_loop, crowd
from bench.crowd import Arrivals, Count, Person
from bench.report import Figures

ZONE, STREAM = "lastmoor", "zone:lastmoor.1"
WARM_UP_S = 8.0
EVERY_S = 2.0
STEPS = (2, 6)
NEVER = float("inf")

Cell = tuple[int, int]


def run(count: int) -> Figures:
    """Measure with so many people."""
    return crowd.run(f"zone_walk_{count}", "bench.zone_walk", count)


class Ground:
    """Where people can walk."""

    def __init__(self, zone_map: dict[str, Any]) -> None:
        width = zone_map["width"]
        self._free = {(at % width, at // width) for at, free in enumerate(zone_map["walk"]) if free}

    def stroll(self, start: Cell, rng: Random) -> list[Cell]:
        path = [start]
        for _ in range(rng.randint(*STEPS)):
            x, y = path[-1]
            ways = [cell for cell in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)) if cell in self._free]
            path.append(rng.choice([cell for cell in ways if cell not in path[-2:]] or ways))
        return path[1:]


class Walk:
    """Everybody walks in turn, evenly over the two seconds; `sent` is when who sent a move."""

    def __init__(self, people: list[Person], ground: Ground, rng: Random) -> None:
        self.people, self._ground, self._rng = people, ground, rng
        self.sent: list[tuple[float, int]] = []

    async def go_on(self, seconds: float) -> None:
        began, count, number = time.perf_counter(), len(self.people), 0
        while (due := number / count * EVERY_S) < seconds:
            await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
            person = self.people[number % count]
            path = self._ground.stroll(person.cell, self._rng)
            person.cell = path[-1]
            self.sent.append((time.perf_counter(), person.character))
            person.tell("world.move", {"path": path})
            number += 1

    def times_s(self, arrivals: Arrivals) -> list[float]:
        """Return how long each move took to its last viewer; those that not everybody saw are left out."""
        told: dict[int, list[float]] = {}
        for number, frame in sorted(arrivals.seen.items()):
            at = arrivals.last[number] if arrivals.reached[number] >= len(self.people) else NEVER
            for change in msgspec.json.decode(frame)["d"]["changes"]:
                if change["c"] == "walk":
                    told.setdefault(change["id"], []).append(at)
        first = [
            (next((at for at in told.get(who, ()) if at > sent), NEVER), sent) for sent, who in self.sent
        ]
        return [at - sent for at, sent in first if at < NEVER]


async def load(url: str, people: list[tuple[str, int]], *, seconds: float, server: int) -> Figures:
    """Let everybody arrive, then walk."""
    arrivals = Arrivals("world.changed", STREAM)
    everybody = await crowd.gather(url, people, arrivals)
    walk = Walk(everybody, Ground(await map_of(url, everybody[0])), Random(1))
    await crowd.begin()
    await walk.go_on(WARM_UP_S)
    return await count(walk, arrivals, seconds=seconds, server=server)


async def count(walk: Walk, arrivals: Arrivals, *, seconds: float, server: int) -> Figures:
    """Count the moves of a while; everybody leaves then."""
    walk.sent.clear()
    arrivals.forget()
    counted = Count(server)
    await walk.go_on(seconds)
    counted.end()
    await asyncio.sleep(crowd.LAST_ARRIVAL_S)
    times_s = walk.times_s(arrivals)
    figures = counted.figures(times_s, walk.people, missing=len(walk.sent) - len(times_s))
    for person in walk.people:
        person.leave()
    return figures


async def map_of(url: str, person: Person) -> dict[str, Any]:
    """Return the map of the zone where somebody stands."""
    seen = await person.ask("world.look", {})
    async with httpx.AsyncClient(base_url=url) as http:
        answer = await http.get(f"/api/v1/zones/{ZONE}/map/{seen['map_hash']}")
        return dict(answer.raise_for_status().json())


def main() -> None:
    import uvloop

    given = closed_loop.arguments("Load of walkers.").parse_args()
    people = [(token, character) for token, character in closed_loop.people()]
    figures = uvloop.run(load(given.url, people, seconds=given.seconds, server=given.server))
    print(msgspec.json.encode(figures).decode())


if __name__ == "__main__":
    main()
