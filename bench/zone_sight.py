"""`zone_sight_1000`: people walk all over a map of 128 by 128 cells, where each is told what is near.

A move takes from its command's sending until the last of those who have the walker in sight has been told.
The map is the town's with free ground around it. Run as a module it is the load itself.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import msgspec

from bench import closed_loop, crowd
from bench.population import populate
from bench.report import Figures
from bench.server import PROJECT, own_database, serving
from bench.zone_walk import STREAM, WARM_UP_S, ZONE, Ground, Walk, map_of

SIDE = 128
WALK = b'"c":"walk"'


def run(count: int) -> Figures:
    """Measure with so many people."""
    with own_database() as environment, wide_pack() as pack:
        environment |= crowd.LIMITS | {"CONTENT_PACK": str(pack)}
        people = populate(environment, count, kind="spread")
        with serving(environment) as (url, process):
            return closed_loop.drive(
                f"zone_sight_{count}", "bench.zone_sight", server=process, arguments=[url], people=people
            )


@contextmanager
def wide_pack() -> Iterator[Path]:
    """Yield a copy of the sample game in which the town lies in a wide plain."""
    with tempfile.TemporaryDirectory(prefix="aether-wide-") as folder:
        pack = Path(folder) / "pack"
        shutil.copytree(PROJECT / "content" / "aether", pack)
        path = pack / "maps" / f"{ZONE}.tmj"
        path.write_text(json.dumps(_widened(json.loads(path.read_text()))))
        yield pack


def _widened(drawn: dict[str, object]) -> dict[str, object]:
    width = int(str(drawn["width"]))
    for layer in drawn["layers"]:  # type: ignore[attr-defined]  # as Tiled writes it
        if layer["type"] != "tilelayer":
            continue
        plain = statistics.mode(layer["data"])
        rows = [layer["data"][at : at + width] for at in range(0, len(layer["data"]), width)]
        wide = [row + [plain] * (SIDE - width) for row in rows]
        layer["data"] = [cell for row in wide for cell in row] + [plain] * SIDE * (SIDE - len(rows))
        layer["width"] = layer["height"] = SIDE
    return drawn | {"width": SIDE, "height": SIDE}


class Sightings:
    """When each update with walks in it reached the last of those who were told, and how many they were."""

    def __init__(self) -> None:
        self._prefix = f'{{"t":"world.changed","s":"{STREAM}",'.encode()
        self._last: dict[bytes, float] = {}
        self._reached: defaultdict[bytes, int] = defaultdict(int)

    def note(self, frame: bytes, *, is_witness: bool) -> bool:
        """Take note of an update that counts; tell if it is one."""
        if not frame.startswith(self._prefix):
            return False
        if WALK in frame:
            self._last[frame] = time.perf_counter()
            self._reached[frame] += 1
        return True

    def forget(self) -> None:
        self._last.clear()
        self._reached.clear()

    def walks(self) -> dict[int, list[tuple[float, int]]]:
        """Return when each walk of each walker had been told to the last, and to how many; in order."""
        told: dict[tuple[int, float], tuple[float, int]] = {}
        for frame, at in self._last.items():
            for change in msgspec.json.decode(frame)["d"]["changes"]:
                if change["c"] == "walk":
                    key = change["id"], change["started_at"]
                    last, count = told.get(key, (0.0, 0))
                    told[key] = max(last, at), count + self._reached[frame]
        found: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
        for (who, _), sighting in sorted(told.items()):
            found[who].append(sighting)
        return found


async def load(url: str, people: list[tuple[str, int]], *, seconds: float, server: int) -> Figures:
    """Let everybody arrive, then walk."""
    sightings = Sightings()
    everybody = await crowd.gather(url, people, sightings)
    walk = Walk(everybody, Ground(await map_of(url, everybody[0])), Random(1))
    await crowd.begin()
    await walk.go_on(WARM_UP_S)
    walk.sent.clear()
    sightings.forget()
    counted = crowd.Count(server)
    await walk.go_on(seconds)
    counted.end()
    await asyncio.sleep(crowd.LAST_ARRIVAL_S)
    times_s, viewers = _times(walk, sightings)
    figures = counted.figures(times_s, walk.people, missing=len(walk.sent) - len(times_s))
    for person in walk.people:
        person.leave()
    note = f"{figures.note}, told to {statistics.mean(viewers):.0f} each"
    return msgspec.structs.replace(figures, note=note)


def _times(walk: Walk, sightings: Sightings) -> tuple[list[float], list[int]]:
    """Return how long each move took to its last viewer, and how many saw it, as far as it was told."""
    told, times_s, viewers = sightings.walks(), [], [0]
    for sent, who in walk.sent:
        seen = next((each for each in told.get(who, ()) if each[0] > sent), None)
        if seen is not None:
            times_s.append(seen[0] - sent)
            viewers.append(seen[1])
    return times_s, viewers


def main() -> None:
    import uvloop

    given = closed_loop.arguments("Load of walkers on a wide map.").parse_args()
    people = [(token, character) for token, character in closed_loop.people()]
    figures = uvloop.run(load(given.url, people, seconds=given.seconds, server=given.server))
    print(msgspec.json.encode(figures).decode())


if __name__ == "__main__":
    main()
