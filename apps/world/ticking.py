"""The tick of each zone copy: whoever holds its lock tells what happened, ten times a second.

Nothing is kept here: when this process dies, the next one to get the lock goes on from the database
and Redis. A zone copy in which nobody is sleeps.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random, SystemRandom
from typing import Any

import psycopg
from django.db import connections

from aether.kernel import background, clock, live, realtime
from aether.kernel.database_threads import in_database_thread
from aether.protocol.life import Sky
from aether.protocol.world import (
    GatherBegan,
    GroupCame,
    GroupLeft,
    PlayerWalked,
    SkyChanged,
    ZoneChange,
    ZoneChanged,
)
from apps.world import ground, metrics, positions, selectors, services, sky
from apps.world.positions import GroupChanged, Pending
from apps.world.rules.sky import is_another
from apps.world.services.checkpoints import keep_positions

TICK_S = 0.1
ASLEEP_S = 0.5
PAUSE_MIN_S = 0.01
"""Also after a tick that took too long: others want to walk meanwhile."""
GROUPS_EVERY_S = 1.0
GATHERINGS_EVERY_S = 5.0
"""Beside those whose beginning was told here, which are ended on time."""
PEOPLE_EVERY_S = 2.0
LOCK_EVERY_S = 2.0
GRACE_S = 15.0
"""Who has lost its socket stays to be seen for so long."""

LOCK_SPACE = 0x776F

Connection = psycopg.AsyncConnection[Any]


@background.task("world.zones")
async def keep_zones(stop: asyncio.Event) -> None:
    """Tick every zone copy that no other process ticks."""
    async with asyncio.TaskGroup() as zones:
        for zone in await in_database_thread(ground.zones):
            zones.create_task(_keep_zone(zone, stop))


async def _keep_zone(zone: str, stop: asyncio.Event) -> None:
    while not stop.is_set():
        async with _connection() as lock:
            if await _is_locked(lock, ground.instance_of(zone)):
                await _tick_until(Keeper(zone, SystemRandom()), lock, stop)
        await _pause(stop, LOCK_EVERY_S)


async def _tick_until(keeper: Keeper, lock: Connection, stop: asyncio.Event) -> None:
    """Tick while the connection that holds the lock lives; a broken one raises."""
    asked_at = clock.now()
    while not stop.is_set():
        began = time.monotonic()
        is_awake = await keeper.tick()
        # From one beginning to the next: telling a thousand takes its part of a tick.
        next_at = began + (TICK_S if is_awake else ASLEEP_S)
        await _pause(stop, max(PAUSE_MIN_S, next_at - time.monotonic()))
        if is_awake:
            lag_s = time.monotonic() - began - TICK_S
            metrics.TICK_LAG.labels(keeper.zone).observe(max(0.0, lag_s))
        if clock.now() - asked_at >= LOCK_EVERY_S:
            await lock.execute("SELECT 1")
            asked_at = clock.now()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def _is_locked(lock: Connection, instance: str) -> bool:
    """Take the lock of a zone copy, unless another process has it. It ends with the connection."""
    query = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
    row = await (await lock.execute(query, [LOCK_SPACE, instance])).fetchone()
    return bool(row and row[0])


@asynccontextmanager
async def _connection() -> AsyncIterator[Connection]:
    parameters = {
        name: value
        for name, value in connections["default"].get_connection_params().items()
        if name in {"host", "port", "user", "password", "dbname", "sslmode", "options", "connect_timeout"}
    }
    async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as connection:
        yield connection


class Keeper:
    """What one process remembers between the ticks of a zone copy."""

    def __init__(self, zone: str, rng: Random) -> None:
        self.zone = zone
        self._instance = ground.instance_of(zone)
        self._rng = rng
        self._next_groups = 0.0
        self._next_people = 0.0
        self._missing_since: dict[int, float] = {}
        self._has_groups = False
        self._next_gathering = 0.0
        self._sky: Sky | None = None

    async def tick(self) -> bool:
        """Tell what happened since the last tick; return whether anybody is there."""
        now = clock.now()
        if now >= self._next_people:
            self._next_people = now + PEOPLE_EVERY_S
            await in_database_thread(self._keep_people)
        is_awake = await positions.count(self._instance) > 0
        changed_sky: list[ZoneChange] = []
        if is_awake and now >= self._next_groups:
            self._next_groups = now + GROUPS_EVERY_S
            changed_sky = await in_database_thread(self._keep_life)
        if now >= self._next_gathering:
            self._next_gathering = now + GATHERINGS_EVERY_S
            await in_database_thread(services.finish_gatherings, self._instance, self._rng)
        changes = [*changed_sky, *await self._changes()]
        if changes:
            for update in ZoneChanged(changes=changes).pages():
                await realtime.send(ground.stream_of(self._instance), update)
        return is_awake

    async def _changes(self) -> list[ZoneChange]:
        pending = await positions.take_changes(self._instance)
        for change in pending:
            if isinstance(change, GatherBegan):
                self._next_gathering = min(self._next_gathering, change.ends_at)
        ids = {change.id for change in pending if isinstance(change, GroupChanged)}
        groups = await in_database_thread(selectors.groups_seen, self._instance, ids) if ids else {}
        changes: list[ZoneChange] = list(_latest(pending))
        for group_id in sorted(ids):
            seen = groups.get(group_id)
            changes.append(GroupCame(group=seen) if seen else GroupLeft(id=group_id))
        return changes

    def _keep_life(self) -> list[ZoneChange]:
        """Do what is due in a zone copy where somebody is; return what is to be told of its sky."""
        if not self._has_groups:
            services.ensure_groups(self.zone)
            self._has_groups = True
        services.keep_groups(self.zone, self._rng)
        services.keep_hunts(self.zone)
        services.keep_nodes(self.zone)
        seen = sky.sky_of(self.zone)
        is_new = self._sky is None or is_another(self._sky, seen)
        self._sky = seen
        return [SkyChanged(sky=seen)] if is_new else []

    def _keep_people(self) -> None:
        """Mend what Redis has lost, let go who stays away, and keep where the others are."""
        here = positions.everybody(self._instance)
        services.reconcile(self._instance, here)
        if not here:
            return
        online, now = set(live.online_characters()), clock.now()
        missing = {seen.id for seen in here} - online
        self._missing_since = {who: self._missing_since.get(who, now) for who in missing}
        for character_id, since in self._missing_since.items():
            if now - since >= GRACE_S:
                services.leave(character_id=character_id)
        services.end_rests(self._instance, here)
        keep_positions(self._instance, here)


def _latest(pending: list[Pending]) -> list[ZoneChange]:
    """Leave out walks that a later walk of the same character replaces, and the groups."""
    last_walk = {change.id: at for at, change in enumerate(pending) if isinstance(change, PlayerWalked)}
    return [
        change
        for at, change in enumerate(pending)
        if not isinstance(change, GroupChanged)
        and not (isinstance(change, PlayerWalked) and last_walk[change.id] != at)
    ]
