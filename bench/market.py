"""`market_orders_…`: traders who place orders in closed loop over the real socket, acknowledged after commit.

Each buys and sells in turn, at prices at which an order takes what waits on the other side, in part or whole,
and waits itself where nothing does. Run as a module it is the load.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence

import httpx

from bench import closed_loop
from bench.fighter import Fighter
from bench.population import populate
from bench.report import Figures
from bench.server import PEER_DATABASE_URL, own_database, serving, until_facts_are_handled

TRADERS = 50
ITEMS = (
    *("reed_fibre", "skitter_shell", "lampfat", "peat_clod"),
    *("ash_feather", "slag_plate", "kiln_coal", "gull_pinion"),
)
ARRIVING_AT_ONCE = 8
PRICE, QUANTITY_MAX = 100, 5


def run(*, books: int, seconds: float = closed_loop.SECONDS) -> Figures:
    """Measure against a server of our own, on so many books."""
    name = f"market_orders_{books}"
    with own_database() as environment:
        traders = populate(environment, TRADERS, kind="traders")
        with serving(environment) as (url, process):
            return closed_loop.drive(
                name,
                "bench.market",
                server=process,
                arguments=[url, "--seconds", str(seconds), "--books", str(books)],
                people=traders,
                settle=lambda: until_facts_are_handled(environment[PEER_DATABASE_URL]),
            )


class Trader:
    """Somebody with one order under way at a time."""

    def __init__(self, fighter: Fighter, item: str) -> None:
        self._fighter, self._item = fighter, item
        self._dice = random.Random(fighter.id)
        self._is_buying = bool(fighter.id % 2)

    async def go_on(self, until: float) -> None:
        while time.perf_counter() < until:
            self._is_buying = not self._is_buying
            better = self._dice.randint(0, 1)
            order = {
                "item": self._item,
                "side": "buy" if self._is_buying else "sell",
                "price": PRICE + (better if self._is_buying else -better),
                "quantity": self._dice.randint(1, QUANTITY_MAX),
            }
            await self._fighter.act("economy.market_place", order)


async def arrive(
    url: str, people: Sequence[tuple[str, int]], tally: closed_loop.Tally, books: int
) -> list[Trader]:
    """Let everybody in, a few at a time; neighbours trade in different books."""
    arriving = asyncio.Semaphore(ARRIVING_AT_ONCE)
    async with httpx.AsyncClient(base_url=url, timeout=60) as rest:
        fighters = [Fighter(rest, token, character, tally) for token, character in people]

        async def enter(fighter: Fighter) -> None:
            async with arriving:
                await fighter.arrive()

        await asyncio.gather(*map(enter, fighters))
    return [Trader(fighter, ITEMS[n // 2 % books]) for n, fighter in enumerate(fighters)]


def main() -> None:
    parser = closed_loop.arguments("Load of orders.")
    parser.add_argument("--books", type=int, required=True)
    given = parser.parse_args()
    people = closed_loop.people()
    closed_loop.load(lambda tally: arrive(given.url, people, tally, given.books), given)


if __name__ == "__main__":
    main()
