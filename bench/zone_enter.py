"""`zone_enter`: people come into a zone, some at once, until each has its place and has been shown the zone.

More come than one copy takes: copies open meanwhile. From the sending of `world.enter` until both the reply
and the first page of the snapshot are there. Run as a module it is the load itself.
"""

from __future__ import annotations

import asyncio
import time

import httpx
import msgspec

from bench import closed_loop, crowd
from bench.crowd import Arrivals, Count, Person
from bench.population import populate
from bench.report import Figures
from bench.server import own_database, serving

COUNT = 400
AT_ONCE = 4
SNAPSHOT = b'{"t":"world.snapshot"'


def run() -> Figures:
    """Measure."""
    with own_database() as environment:
        people = populate(environment, COUNT, kind="visitors")
        with serving(environment) as (url, process):
            return closed_loop.drive(
                "zone_enter", "bench.zone_enter", server=process, arguments=[url], people=people
            )


class Visitor(Person):
    """Somebody who has said hello, and then comes in."""

    def __init__(self, character: int, *, arrivals: Arrivals) -> None:
        super().__init__(character, arrivals=arrivals, is_witness=False)
        self.has_seen = asyncio.Event()

    async def come_in(self) -> float:
        """Enter, and return how long that took."""
        began = time.perf_counter()
        await self.ask("world.enter", {})
        await asyncio.wait_for(self.has_seen.wait(), crowd.ANSWER_TIMEOUT_S)
        return time.perf_counter() - began

    def _hear(self, frame: bytes) -> None:
        if frame.startswith(SNAPSHOT):
            self.has_seen.set()
        else:
            super()._hear(frame)


async def load(url: str, people: list[tuple[str, int]], *, server: int) -> Figures:
    """Let everybody say hello, then come in."""
    arrivals = Arrivals("world.changed", "zone:nowhere")
    visitors = [Visitor(character, arrivals=arrivals) for _, character in people]
    async with httpx.AsyncClient(base_url=url, timeout=crowd.ANSWER_TIMEOUT_S) as http:
        for visitor, (token, _) in zip(visitors, people, strict=True):
            await visitor.greet(http, token)
    await crowd.begin()
    return await count(visitors, server=server)


async def count(visitors: list[Visitor], *, server: int) -> Figures:
    """Let everybody come in, some at once, and count."""
    coming = asyncio.Semaphore(AT_ONCE)

    async def come(visitor: Visitor) -> float:
        async with coming:
            return await visitor.come_in()

    counted = Count(server)
    times_s = await asyncio.gather(*map(come, visitors))
    counted.end()
    figures = counted.figures(list(times_s), list(visitors), missing=0)
    opened = (await visitors[0].ask("world.copies", {}))["copies"]
    figures.note += f", in {len(opened)} copies of {[copy['population'] for copy in opened]}"
    for visitor in visitors:
        visitor.leave()
    return figures


def main() -> None:
    import uvloop

    given = closed_loop.arguments("Load of people who come in.").parse_args()
    people = [(token, character) for token, character in closed_loop.people()]
    print(msgspec.json.encode(uvloop.run(load(given.url, people, server=given.server))).decode())


if __name__ == "__main__":
    main()
