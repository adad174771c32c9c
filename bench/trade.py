"""`trade_commit…`: fifty trades in progress, and how long the confirmation takes that exchanges the goods.

At a steady rate they begin one after the other, so that there is no moment at which all ask at once, and
each is counted from the moment at which it was due; in closed loop everybody trades on as soon as the two
seconds are over in which nobody can confirm. Run as a module it is the load.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
from aether_sdk.errors import RefusedError

from bench import closed_loop
from bench.fighter import Fighter
from bench.population import populate
from bench.report import Figures
from bench.server import PEER_DATABASE_URL, own_database, serving, until_facts_are_handled

TRADES = 50
RATE_PER_S = 10
ARRIVING_AT_ONCE = 8
CONFIRMED_AFTER_S = 2.05
SECONDS = 30.0
WARM_UP_S = 20.0
"""Each of the server's connections prepares a statement when it has met it some times."""


def run(*, rate_per_s: int, seconds: float = SECONDS) -> Figures:
    """Measure against a server of our own; no rate means a closed loop."""
    name = "trade_commit" if rate_per_s else "trade_commit_closed"
    with own_database() as environment:
        people = populate(environment, 2 * TRADES, kind="partners")
        with serving(environment) as (url, process):
            return closed_loop.drive(
                name,
                "bench.trade",
                server=process,
                arguments=[
                    *(url, "--seconds", str(seconds), "--warm-up", str(WARM_UP_S)),
                    *("--rate", str(rate_per_s)),
                ],
                people=people,
                settle=lambda: until_facts_are_handled(environment[PEER_DATABASE_URL]),
            )


class Beat:
    """Moments that come at a steady rate; each is taken by one trade."""

    def __init__(self, rate_per_s: int) -> None:
        self._rate_per_s = rate_per_s
        self._next = 0.0

    async def take(self) -> float:
        """Wait for the next moment that is free, and return it."""
        now = time.perf_counter()
        if not self._rate_per_s:
            return now
        due = max(now, self._next)
        self._next = due + 1 / self._rate_per_s
        await asyncio.sleep(due - now)
        return due


class Trading:
    """Two people who trade with each other again and again, from a moment on."""

    def __init__(self, one: Fighter, other: Fighter, beat: Beat, *, begins_after_s: float) -> None:
        self._one, self._other, self._beat = one, other, beat
        self._begins_after_s = begins_after_s
        self._amounts: Iterator[int] = itertools.cycle(range(1, 10))

    async def go_on(self, until: float) -> None:
        await asyncio.sleep(self._begins_after_s)
        while time.perf_counter() < until:
            try:
                await self._trade()
            except RefusedError as refused:
                self._one.tally.refusals[refused.code] += 1
                await asyncio.sleep(CONFIRMED_AFTER_S)

    async def _trade(self) -> None:
        trade = await self._one.ask("economy.trade_invite", {"character": self._other.id})
        at: dict[str, Any] = {"trade": trade["id"]}
        await self._other.ask("economy.trade_accept", at)
        glim, items = {"glim": next(self._amounts)}, {"stacks": [{"item": "reed_fibre", "count": 2}]}
        rev = trade["rev"]
        for side, goods in ((self._one, glim), (self._other, items)):
            offered = await side.ask("economy.trade_offer", {**at, "rev": rev, "goods": goods})
            rev = offered["rev"]
        at["rev"] = rev
        for side in (self._one, self._other):
            await side.ask("economy.trade_lock", at)
        await asyncio.sleep(CONFIRMED_AFTER_S)
        await self._one.ask("economy.trade_confirm", at)
        due = await self._beat.take()
        await self._other.ask("economy.trade_confirm", at)
        self._one.tally.times_s.append(time.perf_counter() - due)


async def arrive(
    url: str, people: Sequence[tuple[str, int]], tally: closed_loop.Tally, rate_per_s: int
) -> list[Trading]:
    """Let everybody in, a few at a time; partners are of different accounts."""
    arriving = asyncio.Semaphore(ARRIVING_AT_ONCE)
    async with httpx.AsyncClient(base_url=url, timeout=60) as rest:
        fighters = [Fighter(rest, token, character, tally) for token, character in people]

        async def enter(fighter: Fighter) -> None:
            async with arriving:
                await fighter.arrive()

        await asyncio.gather(*map(enter, fighters))
    beat, half = Beat(rate_per_s), len(fighters) // 2
    apart_s = 1 / rate_per_s if rate_per_s else 0.0
    return [
        Trading(one, other, beat, begins_after_s=n * apart_s)
        for n, (one, other) in enumerate(zip(fighters[:half], fighters[half:], strict=True))
    ]


def main() -> None:
    parser = closed_loop.arguments("Load of trades.")
    parser.add_argument("--rate", type=int, required=True)
    given = parser.parse_args()
    people = closed_loop.people()
    closed_loop.load(lambda tally: arrive(given.url, people, tally, given.rate), given)


if __name__ == "__main__":
    main()
