"""Zone copies whose processes die: each character is in one copy, and somebody else runs it at once."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest
from aether_sdk import RefusedError

from tests.faults.history import History
from tests.faults.platform import Platform, Role
from tests.faults.players import Player

TAKEN_OVER_WITHIN_S = 5.0
SETTLED_WITHIN_S = 20.0
LOOK_S = 0.03
"""The pause between two looks: without one, looking would take the processors from those who travel."""
WAYS = {"lastmoor": ("moor_gate", (30, 14)), "reedmoor_flats": ("lastmoor_gate", (1, 24))}
POINTS = ("after_hand_over_before_shown", "after_commit_before_reply")

_AT_THE_GATE = "UPDATE world_characterplace SET zone = 'lastmoor', instance = 'lastmoor.1', x = 30, y = 14"
_SMALL = """
INSERT INTO world_zonecopy (id, zone, number, kind, state, opened_at, capacity)
VALUES ('lastmoor.1', 'lastmoor', 1, 'shared', 'open', now(), 2),
    ('reedmoor_flats.1', 'reedmoor_flats', 1, 'shared', 'open', now(), 2)
ON CONFLICT (id) DO UPDATE SET state = 'open', closed_at = NULL, capacity = 2
"""


class Travellers:
    """Players who go to and fro between two zones, each of which has more of them than one copy takes."""

    def __init__(self, platform: Platform, random: Random) -> None:
        self.platform, self.random = platform, random
        self.players: list[Player] = []
        self.crossings = 0
        self._is_stopping = False
        self._going: list[asyncio.Task[None]] = []

    async def arrive(self, count: int) -> None:
        people = await self._backstage("newcomers", count=count, npc="maren_sallow", glim=0)
        await self._backstage("query", sql=_AT_THE_GATE)
        await self._backstage("query", sql=_SMALL)
        history = History()
        self.players = [
            Player(self.platform.url, each, history, Random(self.random.getrandbits(64))) for each in people
        ]
        await asyncio.gather(*(player.arrive({}) for player in self.players))
        self._going = [asyncio.create_task(self._go(player)) for player in self.players]

    async def crossed(self, more: int, *, within_s: float = 40) -> None:
        """Let them travel until so many more crossings were acknowledged; look where all are meanwhile."""
        goal = self.crossings + more
        async with asyncio.timeout(within_s):
            while self.crossings < goal:
                await self.look()
                self.raise_failures()

    async def look(self) -> dict[str, Any]:
        """Return where everybody is; nobody is ever shown in two copies, nor kept in one that is closed."""
        await asyncio.sleep(LOOK_S)
        found = await self._backstage("whereabouts")
        assert all(len(copies) <= 1 for copies in found["shown"].values()), found["shown"]
        return dict(found)

    async def stop(self) -> None:
        self._is_stopping = True
        await asyncio.gather(*self._going)

    async def wrong_in_the_end(self) -> str:
        """Give Redis and the sockets a while to say what the database says; return what they do not."""
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while (wrong := self._wrong(await self.look())) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        return wrong

    async def leave(self) -> None:
        for task in self._going:
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)
        for player in self.players:
            await player.leave()

    def raise_failures(self) -> None:
        for task in self._going:
            if task.done():
                task.result()

    def _wrong(self, found: dict[str, Any]) -> str:
        """Return what does not agree yet."""
        for player in self.players:
            kept = found["kept"].get(str(player.id))
            if kept is None or kept not in found["open"]:
                return f"{player.id} is kept in {kept}, open are {found['open']}"
            if found["shown"].get(str(player.id)) != [kept]:
                return f"{player.id} is kept in {kept} and shown in {found['shown'].get(str(player.id))}"
            zones = [name for name in player.client.streams.seen if name.startswith("zone:")]
            if f"zone:{kept}" not in zones:
                return f"{player.id} is kept in {kept} and follows {zones}"
        return ""

    async def _go(self, player: Player) -> None:
        place = await player.ask("world.enter")
        while not self._is_stopping:
            way, cell = WAYS[place["zone"]]
            try:
                with contextlib.suppress(RefusedError):
                    await player.ask("world.move", path=[list(cell)])
                place = await player.ask("world.travel", exit=way)
                self.crossings += 1
            except RefusedError as refusal:
                # What it did under an id that was never answered may have brought it over already.
                if refusal.code not in ("world.too_far", "not_found", "world.not_in_world"):
                    raise
                place = await player.ask("world.enter")
            await asyncio.sleep(player.random.uniform(0, 0.05))

    async def _backstage(self, do: str, **given: Any) -> Any:
        return await asyncio.to_thread(self.platform.backstage, do, **given)


@contextlib.asynccontextmanager
async def travellers(platform: Platform, random: Random, count: int) -> AsyncIterator[Travellers]:
    those = Travellers(platform, random)
    await those.arrive(count)
    try:
        yield those
    finally:
        await those.leave()


async def has_died(role: Role, those: Travellers, *, within_s: float = 60) -> None:
    async with asyncio.timeout(within_s):
        while role.is_running:
            await those.look()
            those.raise_failures()
    role.wait()


@pytest.mark.parametrize(
    "points", [POINTS, pytest.param(POINTS[::-1], marks=pytest.mark.chaos)], ids="+".join
)
async def test_f01_who_crosses_while_gateways_die_is_in_one_copy(
    platform: Platform, random: Random, points: tuple[str, str]
) -> None:
    """Both die in the middle of a hand-over: behind the commit, before anybody is shown or told."""
    platform.arm(
        {
            gateway: f"{point}=exit:{random.randint(10, 40)}"
            for gateway, point in zip(platform.gateways, points, strict=True)
        }
    )
    async with travellers(platform, random, 8) as those:
        for gateway in platform.gateways:
            await has_died(gateway, those)
            await asyncio.to_thread(platform.restart, gateway)
        await those.crossed(40)
        await those.stop()
        assert await those.wrong_in_the_end() == ""


async def test_f27_who_stands_still_in_a_hand_over_moves_nobody_back(
    platform: Platform, random: Random
) -> None:
    """A gateway stops behind the commit; its players go on elsewhere; then it shows what is long past."""
    zombie, _ = platform.gateways
    platform.arm({zombie: f"after_hand_over_before_shown=stop:{random.randint(10, 30)}"})
    async with travellers(platform, random, 8) as those:
        async with asyncio.timeout(60):
            while not zombie.is_stopped:
                await those.look()
        port = platform.port_of(zombie)
        platform.front.upstreams = [there for there in platform.front.upstreams if there[1] != port]
        platform.front.cut()
        try:
            await those.crossed(40)
            zombie.resume()
            await asyncio.to_thread(platform.await_well, zombie)
            await those.crossed(10)
        finally:
            platform.front.upstreams.append(("127.0.0.1", port))
        await those.stop()
        assert await those.wrong_in_the_end() == ""


@pytest.mark.parametrize("how", ["kill", pytest.param("pause", marks=pytest.mark.chaos)])
async def test_f01_another_process_takes_the_copies_over(
    platform: Platform, random: Random, how: str
) -> None:
    """The figure: how long a copy was run by nobody."""
    took_s: list[float] = []
    async with travellers(platform, random, 6) as those:
        await those.crossed(10)
        await those.stop()
        for _ in range(2):
            gateway, lost = await who_runs_some(platform, those)
            getattr(gateway, how)()
            began = time.monotonic()
            async with asyncio.timeout(20):
                while not await taken_over(those, lost, gateway):
                    await asyncio.sleep(0.02)
            took_s.append(time.monotonic() - began)
            if how == "pause":
                gateway.resume()
            await asyncio.to_thread(platform.restart, gateway)
        assert await those.wrong_in_the_end() == ""
    print(f"F01 copies: taken over after a {how} in " + ", ".join(f"{each:.1f}" for each in took_s) + " s")
    assert max(took_s) <= TAKEN_OVER_WITHIN_S


async def who_runs_some(platform: Platform, those: Travellers) -> tuple[Role, list[str]]:
    """Wait until all copies in which somebody is are run; return a gateway that runs some, and which."""
    async with asyncio.timeout(30):
        while True:
            found = await those.look()
            needed = set(found["kept"].values())
            for gateway in platform.gateways:
                its = [copy for copy in needed if found["run_by"].get(copy, "").endswith(f":{gateway.pid}")]
                if its and needed <= found["run_by"].keys():
                    return gateway, its
            await asyncio.sleep(0.1)


async def taken_over(those: Travellers, lost: list[str], gateway: Role) -> bool:
    """Tell if each copy that was lost is run by another process."""
    run_by = (await those.look())["run_by"]
    gone = f":{gateway.pid}"
    return all(not run_by.get(copy, gone).endswith(gone) for copy in lost)
