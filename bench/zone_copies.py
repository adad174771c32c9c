"""`zone_copies_50`: fifty copies of zones in one process, four walkers in each, a move each two seconds.

Figures are of the ticks: how late each copy was told what happened, from the moment at which its tick was
planned, as the server's own metrics say. The note says what a copy without people costs in memory.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from random import Random

import httpx
import msgspec

from bench import closed_loop, crowd
from bench.crowd import Arrivals, Count
from bench.population import populate
from bench.report import Figures
from bench.server import PROJECT, own_database, serving
from bench.zone_walk import Ground, Walk, map_of

COPIES, IN_EACH, IDLE = 50, 4, 500
WARM_UP_S = 6.0
SETTLE_S = 3.0
LAG = re.compile(r'^aether_zone_tick_lag_seconds_bucket\{le="([^"]+)",.*\} ([\d.e+]+)$', re.MULTILINE)


def run() -> Figures:
    """Measure."""
    with own_database() as environment:
        people = populate(environment, COPIES * IN_EACH, kind="copies")
        with serving(environment) as (url, process):
            figures = closed_loop.drive(
                f"zone_copies_{COPIES}", "bench.zone_copies", server=process, arguments=[url], people=people
            )
            cost_kb = _idle_cost_kb(environment, process)
    figures.note += f", an idle copy {cost_kb:.1f} kB"
    return figures


def _idle_cost_kb(environment: dict[str, str], process: int) -> float:
    """Return how much more memory the server has for each copy in which nobody is."""
    before = resident_kb(process)
    command = [sys.executable, "-m", "bench.population", str(IDLE), "idle_copies"]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL)
    threading.Event().wait(SETTLE_S)
    return max(0.0, resident_kb(process) - before) / IDLE


def resident_kb(process: int) -> float:
    """Return the memory that a process has."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return float(found[1]) if found else 0.0


async def load(url: str, people: list[tuple[str, int]], *, seconds: float, server: int) -> Figures:
    """Let everybody arrive, then walk."""
    everybody = await crowd.gather(url, people, Arrivals("world.changed", "zone:nowhere"))
    walk = Walk(everybody, Ground(await map_of(url, everybody[0])), Random(1))
    await crowd.begin()
    await walk.go_on(WARM_UP_S)
    walk.sent.clear()
    counted, before = Count(server), await _lags(url)
    await walk.go_on(seconds)
    counted.end()
    after = await _lags(url)
    figures = counted.figures([], everybody, missing=0)
    ticks = [(bound, late - before.get(bound, 0.0)) for bound, late in after.items()]
    figures.count = int(ticks[-1][1])
    figures.per_s = round(figures.count / counted.took_s, 1)
    figures.p50_ms, figures.p99_ms = (round(within(ticks, share) * 1000, 1) for share in (0.5, 0.99))
    figures.server_us = round(counted.server_s / max(1, figures.count) * 1e6, 1)
    figures.note += f", {len(walk.sent)} moves"
    for person in everybody:
        person.leave()
    return figures


async def _lags(url: str) -> dict[float, float]:
    """Return how many ticks were at most so late, of all zones together."""
    async with httpx.AsyncClient(base_url=url) as http:
        text = (await http.get("/metrics")).raise_for_status().text
    found: dict[float, float] = {}
    for bound, count in LAG.findall(text):
        found[float(bound)] = found.get(float(bound), 0.0) + float(count)
    return dict(sorted(found.items()))


def within(buckets: Sequence[tuple[float, float]], share: float) -> float:
    """Return the lag below which a share of the ticks was, as far as their buckets tell."""
    wanted, lower, below = buckets[-1][1] * share, 0.0, 0.0
    for bound, count in buckets:
        if count >= wanted:
            part = (wanted - below) / (count - below) if count > below else 1.0
            return lower if bound == float("inf") else lower + (bound - lower) * part
        lower, below = bound, count
    return lower


def main() -> None:
    import uvloop

    given = closed_loop.arguments("Load of walkers in many copies.").parse_args()
    people = [(token, character) for token, character in closed_loop.people()]
    figures = uvloop.run(load(given.url, people, seconds=given.seconds, server=given.server))
    print(msgspec.json.encode(figures).decode())


if __name__ == "__main__":
    main()
