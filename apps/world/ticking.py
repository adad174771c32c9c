"""The tick of the zone copies that this process runs: ten times a second it tells what happened in each.

Nothing is kept here: when this process dies, the next one to get the locks goes on from the database
and Redis. A copy in which nobody is costs nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from random import Random, SystemRandom

import psycopg
import structlog
from redis.exceptions import RedisError

from aether.kernel import background, clock
from aether.kernel.database_threads import in_database_thread
from aether.kernel.ending import end
from aether.kernel.errors import GameError
from apps.world import ground, metrics, positions, reports, services
from apps.world.keeper import Keeper
from apps.world.owning import Ownership, Wanted, owning
from apps.world.positions import Pending

logger = structlog.get_logger(__name__)

TICK_S = 0.1
PAUSE_MIN_S = 0.01
"""Also after a tick that took too long: others want to walk meanwhile."""
SHARE_EVERY_S = 0.5
AGAIN_AFTER_S = 0.5
MERGE_EVERY_S = 5.0
MERGING = ""
"""What falls to one process is called after a copy; this after none."""
CHORES_AT_ONCE = 4
"""The threads for the database are there for commands, too."""


@background.task("world.copies")
async def keep_copies(stop: asyncio.Event) -> None:
    """Tick every zone copy that falls to this process, for as long as its connection holds the locks."""
    while not stop.is_set():
        try:
            async with owning() as ownership:
                await Keepers(ownership, SystemRandom()).keep_until(stop)
        except (psycopg.Error, OSError) as error:
            logger.warning("zone copies cannot be run", error=repr(error))
        await _pause(stop, AGAIN_AFTER_S)


class Keepers:
    """The keepers of the copies that this process runs, ticked together."""

    def __init__(self, ownership: Ownership, rng: Random) -> None:
        self._ownership, self._rng = ownership, rng
        self._keepers: dict[str, Keeper] = {}
        self._chores: dict[str, asyncio.Task[None]] = {}
        self._at_once = asyncio.Semaphore(CHORES_AT_ONCE)
        self._lag_s: dict[str, float] = {}
        self._merges, self._next_merging = False, 0.0

    async def keep_until(self, stop: asyncio.Event) -> None:
        """Keep what falls to this process; raise when that cannot be known any more."""
        ticking = asyncio.create_task(self._tick_until(stop))
        try:
            while not (stop.is_set() or ticking.done()):
                await self.share()
                await _pause(stop, SHARE_EVERY_S)
        finally:
            await end(ticking, *self._chores.values())
        if not ticking.cancelled():
            ticking.result()

    async def share(self) -> None:
        """Take over the copies that fall to this process, and leave those that do so no more."""
        known = set(ground.zones())
        wanted = [
            each for each in await self._ownership.wanted() if ground.zone_of_instance(each.instance) in known
        ]
        ours = await self._ownership.falling_to_us([MERGING, *(each.instance for each in wanted)])
        self._merges = MERGING in ours
        ours.discard(MERGING)
        await self._leave(self._keepers.keys() - ours)
        await self._ownership.take(ours)
        self._run([each for each in wanted if each.instance in self._ownership.held])
        await self._report()
        self._merge_if_due()

    async def tick(self, planned_at: float) -> None:
        """Tell what happened in every copy, and let those do their chores that have some to do."""
        keepers = list(self._keepers.values())
        if not keepers:
            return
        pending = await positions.take_changes([keeper.instance for keeper in keepers])
        # One copy may have to ask the database: the others do not wait for it.
        await asyncio.gather(*(self._tell(each, pending[each.instance], planned_at) for each in keepers))
        for keeper in keepers:
            if keeper.due_at <= clock.now() and keeper.instance not in self._chores:
                self._chores[keeper.instance] = asyncio.create_task(self._do_chores(keeper))

    async def _tell(self, keeper: Keeper, pending: list[Pending], planned_at: float) -> None:
        try:
            if pending or keeper.is_moving:
                await keeper.tell(pending)
        except GameError as error:
            logger.warning(
                "a zone copy cannot be told what happened", copy=keeper.instance, error=repr(error)
            )
        lag_s = max(0.0, time.monotonic() - planned_at)
        metrics.TICK_LAG.labels(keeper.zone).observe(lag_s)
        keeper.note_lag(lag_s)
        self._lag_s[keeper.instance] = max(lag_s, self._lag_s.get(keeper.instance, 0.0))

    async def _tick_until(self, stop: asyncio.Event) -> None:
        planned_at = time.monotonic()
        while not stop.is_set():
            try:
                await self.tick(planned_at)
            except RedisError as error:
                logger.warning("zone copies cannot be ticked", error=repr(error))
                await _pause(stop, AGAIN_AFTER_S)
            # From one beginning to the next: telling a thousand takes its part of a tick.
            planned_at = max(planned_at + TICK_S, time.monotonic() + PAUSE_MIN_S)
            await _pause(stop, planned_at - time.monotonic())

    def _merge_if_due(self) -> None:
        if self._merges and clock.now() >= self._next_merging and MERGING not in self._chores:
            self._next_merging = clock.now() + MERGE_EVERY_S
            self._chores[MERGING] = asyncio.create_task(self._merge())

    async def _merge(self) -> None:
        try:
            async with self._at_once:
                for close_copies in (services.merge_copies, services.close_empty_estates):
                    try:
                        await in_database_thread(close_copies)
                    except Exception:  # an edge, as below
                        logger.exception("zone copies cannot be closed", chore=close_copies.__name__)
        finally:
            self._chores.pop(MERGING, None)

    async def _do_chores(self, keeper: Keeper) -> None:
        try:
            async with self._at_once:
                await keeper.keep()
        except Exception:  # an edge: what fails in one copy must not keep the others waiting
            logger.exception("a zone copy cannot be kept", copy=keeper.instance)
            keeper.wait()
        finally:
            self._chores.pop(keeper.instance, None)

    def _run(self, held: Collection[Wanted]) -> None:
        for each in held:
            keeper = self._keepers.get(each.instance)
            if keeper is None:
                keeper = self._keepers[each.instance] = Keeper(each.instance, self._rng)
            keeper.is_draining = each.is_draining

    async def _leave(self, instances: Collection[str]) -> None:
        left = list(instances)
        for instance in left:
            del self._keepers[instance]
        await end(*(self._chores[instance] for instance in left if instance in self._chores))
        await self._ownership.give(left)
        await reports.withdraw(left)

    async def _report(self) -> None:
        lags, self._lag_s = self._lag_s, {}
        await reports.report({instance: lags.get(instance, 0.0) for instance in self._keepers})


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), max(0.0, seconds))
    except TimeoutError:
        return
