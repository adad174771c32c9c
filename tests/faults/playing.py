"""What simulated players do together while something breaks: duels without end, and trade without end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from random import Random

import httpx
from aether_sdk import AetherError, RefusedError

from tests.faults.history import History
from tests.faults.platform import Platform
from tests.faults.players import THINKS_S, Player

SHOP, KEEPER, WEAPON = "lastmoor_stores", "maren_sallow", "reed_hook"
GOODS = {"skitter_shell": (6, 2), "reed_fibre": (6, 2), "lampfat": (12, 4), "marsh_tonic": (12, 4)}
PURSE = 5_000
ORDERED, PRICES = "reed_fibre", (4, 5, 6)
OPEN_ORDERS = 20
DRAINED_S = 60.0


class Company:
    """Some players at play. `stop` lets each finish what it is at; then everything is settled and checked."""

    def __init__(self, platform: Platform, random: Random) -> None:
        self.history = History()
        self.platform = platform
        self.random = random
        self.players: list[Player] = []
        self.fighters: list[Player] = []
        self._is_stopping = False
        self._playing: list[asyncio.Task[None]] = []

    def __str__(self) -> str:
        return "\n".join(map(str, self.players))

    async def arrive(self, *, duels: int, traders: int, orderers: int = 0) -> None:
        """Let everybody arrive, beside the shop, and begin."""
        count, url = 2 * duels + traders + orderers, self.platform.url
        people = await asyncio.to_thread(
            self.platform.backstage, "newcomers", count=count, npc=KEEPER, glim=PURSE
        )
        async with httpx.AsyncClient(base_url=url, timeout=10) as web:
            skills = (await web.get("/api/v1/catalogue?lang=en")).json()["skills"]
        self.players = [
            Player(url, person, self.history, Random(self.random.getrandbits(64))) for person in people
        ]
        await asyncio.gather(*(player.arrive(skills) for player in self.players))
        self.fighters = self.players[: 2 * duels]
        pairs = [self.players[2 * at : 2 * at + 2] for at in range(duels)]
        self._playing = [asyncio.create_task(self._duel(one, other)) for one, other in pairs]
        others = self.players[2 * duels :]
        self._playing += [asyncio.create_task(self._trade(each)) for each in others[:traders]]
        self._playing += [asyncio.create_task(self._order(each)) for each in others[traders:]]

    async def play(self, seconds: float) -> None:
        """Let them play; whoever cannot go on fails the run."""
        async with asyncio.timeout(seconds + 1):
            done, _ = await asyncio.wait(self._playing, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    async def acknowledged(self, more: int, *, within_s: float = 30.0) -> None:
        """Let them play until so many more durable commands were acknowledged."""
        goal = self.history.count("ok") + more
        deadline = time.monotonic() + within_s
        while (so_far := self.history.count("ok")) < goal:
            assert time.monotonic() < deadline, f"{goal - so_far} of {more} are missing:\n{self}"
            await self.play(0.05)

    async def stop(self) -> None:
        """Let everybody finish; then nobody asks for anything any more."""
        self._is_stopping = True
        await asyncio.gather(*self._playing)

    async def settle(self) -> None:
        """Wait until every fact has arrived, then let everybody see all of it."""
        async with asyncio.timeout(DRAINED_S):
            while (left := await self.backlog())["pending"]:
                await asyncio.sleep(0.1)
        assert not left["parked"], f"parked facts: {left}"
        for player in self.players:
            await player.settle()

    async def check(self) -> dict[str, int]:
        """Stop, settle, and hold everything against I1 to I8; return how much there was."""
        await self.stop()
        await self.settle()
        await self.leave()
        path = self.platform.folder / "history.jsonl"
        self.history.write(path)
        found = await asyncio.to_thread(self.platform.backstage, "check", history=str(path))
        assert not found["wrong"], "\n".join(found["wrong"][:20])
        return dict(found["counts"])

    async def leave(self) -> None:
        for task in self._playing:
            task.cancel()
        await asyncio.gather(*self._playing, return_exceptions=True)
        for player in self.players:
            await player.leave()
        self.players = []

    async def backlog(self) -> dict[str, int]:
        """Return how many facts are on their way, and how many parked."""
        return dict(await asyncio.to_thread(self.platform.backstage, "backlog"))

    async def _duel(self, one: Player, other: Player) -> None:
        while not self._is_stopping:
            battle = await self._agree(one, other)
            if battle is None:
                return
            fights = [asyncio.create_task(each.fight(battle)) for each in (one, other)]
            stopper = asyncio.create_task(self._give_up(one, other, battle))
            await asyncio.gather(*fights)
            stopper.cancel()
            await asyncio.gather(stopper, return_exceptions=True)

    async def _agree(self, one: Player, other: Player) -> int | None:
        """Return the battle that two begin, each as soon as the world has let go of their last one.

        A refused acceptance leaves the challenge open, so it is accepted again, not made again.
        """
        challenge = ""
        while not self._is_stopping:
            try:
                challenge = challenge or (await one.ask("combat.challenge", character=other.id))["challenge"]
                return int((await other.ask("combat.accept", challenge=challenge))["battle"])
            except RefusedError as refused:
                if refused.code == "combat.challenge_gone":
                    challenge = ""
                await asyncio.sleep(0.1)
        return None

    async def _give_up(self, one: Player, other: Player, battle: int) -> None:
        """When it is time to stop, a duel ends by surrender, as soon as both have seen it begin."""
        while not (self._is_stopping and one.knows(battle) and other.knows(battle)):
            await asyncio.sleep(0.05)
        with contextlib.suppress(RefusedError):
            await one.ask("combat.forfeit", battle=battle)

    async def _trade(self, player: Player) -> None:
        while not self._is_stopping:
            with contextlib.suppress(RefusedError):
                await self._trade_once(player)
            await asyncio.sleep(player.random.uniform(0, THINKS_S))

    async def _trade_once(self, player: Player) -> None:
        match player.random.randrange(4):
            case 0:
                worn = [item for item in player.items.values() if item.get("slot")]
                if worn:
                    await player.ask("economy.unequip", slot=worn[0]["slot"])
                elif hooks := [i for i in player.items.values() if i["item"] == WEAPON]:
                    await player.ask("economy.equip", item=player.random.choice(hooks)["id"])
            case 1:
                await self._deal(player, "economy.shop_sell", player.random.choice(sorted(GOODS)), 1)
            case _:
                await self._deal(player, "economy.shop_buy", player.random.choice(sorted(GOODS)), 0)

    async def _order(self, player: Player) -> None:
        """Buy and sell on the market, everybody in one book; too many open orders are taken back."""
        placed: list[int] = []
        with contextlib.suppress(RefusedError):
            await player.ask("economy.shop_buy", shop=SHOP, item=ORDERED, count=10, expected_price=6)
        while not self._is_stopping:
            order = {"side": player.random.choice(["buy", "sell"]), "quantity": player.random.randint(1, 4)}
            with contextlib.suppress(RefusedError):
                if len(placed) >= OPEN_ORDERS:
                    await player.ask("economy.market_cancel", order=placed.pop(0))
                answer = await player.ask(
                    "economy.market_place", item=ORDERED, price=player.random.choice(PRICES), **order
                )
                placed += [answer["id"]] if answer["state"] == "open" else []

    async def _deal(self, player: Player, t: str, item: str, side: int) -> None:
        count = player.random.randint(1, 3)
        await player.ask(t, shop=SHOP, item=item, count=count, expected_price=GOODS[item][side])


@contextlib.asynccontextmanager
async def company(
    platform: Platform, random: Random, *, duels: int = 2, traders: int = 2, orderers: int = 0
) -> AsyncIterator[Company]:
    """Lend a company at play; whatever happens, it leaves in the end."""
    gathered = Company(platform, random)
    try:
        await gathered.arrive(duels=duels, traders=traders, orderers=orderers)
        yield gathered
    except AetherError as error:
        raise AssertionError(f"a player could not go on: {error!r}\n{platform.logs()}") from error
    finally:
        await gathered.leave()


def quantile(values: list[float], share: float) -> float:
    """Return the value that so many do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
