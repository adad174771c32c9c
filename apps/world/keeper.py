"""What one process does for a zone copy: tells what happened, and looks after those who and what is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from aether.kernel import clock, live, realtime
from aether.kernel.database_threads import in_database_thread
from aether.protocol.base import Update
from aether.protocol.life import Sky
from aether.protocol.world import (
    GatherBegan,
    GroupCame,
    GroupLeft,
    PlayerSeen,
    PlayerWalked,
    SkyChanged,
    ZoneChange,
    ZoneChanged,
)
from apps.world import ground, positions, selectors, services, sky
from apps.world.interest import Interest, Telling
from apps.world.positions import GroupChanged, Pending
from apps.world.rules.interest import audience_of, is_seen_whole
from apps.world.rules.sky import is_another
from apps.world.services.checkpoints import keep_positions

GROUPS_EVERY_S = 1.0
GATHERINGS_EVERY_S = 5.0
"""Beside those whose beginning was told here, which are ended on time."""
PEOPLE_EVERY_S = 2.0
SAMPLE_EVERY_S = 60.0
FAILED_FOR_S = 2.0
TAKEN_OVER_WITHIN = timedelta(seconds=10)
GRACE_S = 15.0
"""Who has lost its socket stays to be seen for so long."""


class Keeper:
    """What one process remembers between the ticks of a zone copy."""

    def __init__(self, instance: str, rng: Random) -> None:
        self.instance, self.zone = instance, ground.zone_of_instance(instance)
        self.is_draining = False
        self._rng = rng
        self._missing_since: dict[int, float] = {}
        self._interest: Interest | None = None
        self._next_sample = self._lag_s = 0.0
        self._sky: Sky | None = None
        self._moment: tuple[bool, ...] = ()
        # Whoever kept this copy before may have died a while before another one took over.
        self._waits_told = clock.utc_now() - TAKEN_OVER_WITHIN
        self._has_groups = False
        self._next_groups = self._next_people = self._next_gathering = 0.0

    def note_lag(self, lag_s: float) -> None:
        """Take note of how much later than planned a tick began."""
        self._lag_s = max(self._lag_s, lag_s)

    @property
    def due_at(self) -> float:
        """Return when there is something to do beside telling."""
        return min(self._next_groups, self._next_people, self._next_gathering)

    async def tick(self) -> bool:
        """Do what is due and tell what happened; return whether anybody is there."""
        await self.keep()
        pending = (await positions.take_changes([self.instance]))[self.instance]
        if pending or self.is_moving:
            await self.tell(pending)
        return await positions.count(self.instance) > 0

    async def keep(self) -> None:
        """Do what is due."""
        now = clock.now()
        if now >= self._next_people:
            self._next_people = now + PEOPLE_EVERY_S
            await self._correct_interest(await in_database_thread(self._keep_people))
            if self.is_draining:
                await in_database_thread(services.empty_copy, self.instance)
        if now >= self._next_groups:
            self._next_groups = now + GROUPS_EVERY_S
            if await positions.count(self.instance) > 0:
                await self._tell_sky(await in_database_thread(self._keep_life))
        if now >= self._next_gathering:
            self._next_gathering = now + GATHERINGS_EVERY_S
            await in_database_thread(services.finish_gatherings, self.instance, self._rng)

    def wait(self) -> None:
        """Try again later: something went wrong."""
        self._next_groups = self._next_people = self._next_gathering = clock.now() + FAILED_FOR_S

    @property
    def is_moving(self) -> bool:
        """Tell if somebody may come into another's sight, whatever else happens."""
        return self._interest is not None and self._interest.is_moving

    async def tell(self, pending: list[Pending]) -> None:
        """Tell everybody who looks what happened, in order; on a large map, what happened in their sight."""
        changes = await self._changes(pending)
        if is_seen_whole(ground.map_of(self.zone)):
            for update in _paged(changes):
                await realtime.send(ground.stream_of(self.instance), update)
            return
        if self._interest is None:
            here = await in_database_thread(positions.everybody, self.instance)
            self._interest = Interest(here, clock.now())
        await self._tell_apart(self._interest.take(changes, clock.now()))

    async def _tell_apart(self, telling: Telling) -> None:
        """Tell each block its own; with as many updates as the longest needs.

        Who has crossed into another block changes its audience, also where there is nothing to tell.
        """
        blocks = {audience_of(block): _paged(changes) for block, changes in telling.blocks.items()}
        crossings = {
            crossing: _paged(changes) or [ZoneChanged(changes=[])]
            for crossing, changes in telling.crossings.items()
        }
        pages = max(map(len, (*blocks.values(), *crossings.values())), default=0)
        for page in range(pages):
            await realtime.send_apart(
                ground.stream_of(self.instance),
                [(audience, told[page]) for audience, told in blocks.items() if page < len(told)],
                [
                    (
                        # Who was told one page is there already.
                        audience_of(entered if page else left),
                        audience_of(entered),
                        told[page],
                        telling.crossed[left, entered],
                    )
                    for (left, entered), told in crossings.items()
                    if page < len(told)
                ],
            )

    async def _correct_interest(self, here: Sequence[PlayerSeen]) -> None:
        """Tell of whom the list of changes has lost, and let the sockets be where their characters are."""
        if self._interest is None:
            return
        unheard = self._interest.unheard(here)
        if unheard:
            await self._tell_apart(self._interest.take(unheard, clock.now()))
        standing = [(audience_of(block), there) for block, there in self._interest.standing()]
        await realtime.correct_audiences(ground.stream_of(self.instance), standing)

    async def _changes(self, pending: list[Pending]) -> list[ZoneChange]:
        for change in pending:
            if isinstance(change, GatherBegan):
                self._next_gathering = min(self._next_gathering, change.ends_at)
        ids = {change.id for change in pending if isinstance(change, GroupChanged)}
        groups = await in_database_thread(selectors.groups_seen, self.instance, ids) if ids else {}
        changes: list[ZoneChange] = list(_latest(pending))
        for group_id in sorted(ids):
            seen = groups.get(group_id)
            changes.append(GroupCame(group=seen) if seen else GroupLeft(id=group_id))
        return changes

    async def _tell_sky(self, seen: Sky) -> None:
        """Tell everybody what time it is and what the weather, where that is another than was told."""
        is_new = self._sky is None or is_another(self._sky, seen)
        self._sky = seen
        if is_new:
            await realtime.send(ground.stream_of(self.instance), ZoneChanged(changes=[SkyChanged(sky=seen)]))

    def _keep_life(self) -> Sky:
        """Do what is due in a copy where somebody is; return how its sky is."""
        if not self._has_groups:
            services.ensure_groups(self.instance)
            self._has_groups = True
        services.keep_groups(self.instance, self._rng)
        services.keep_hunts(self.instance)
        services.keep_objects(self.instance)
        self._keep_moment()
        return sky.sky_of(self.zone)

    def _keep_moment(self) -> None:
        """Have those be told who stand before a lock that the hour, the weather or an event has turned.

        Where a zone asks for any of it, the first look tells too: it may have turned since somebody came in.
        """
        moment = services.moment_of(self.zone)
        if self._moment != moment:
            services.tell_moment(self.instance)
        self._moment = moment

    def _keep_people(self) -> list[PlayerSeen]:
        """Mend what Redis has lost, let go who stays away, keep where the others are; return who is there."""
        here, strays = positions.roll(self.instance)
        for character_id in strays:
            positions.remove(character_id, self.instance)
        services.reconcile(self.instance, here)
        if not here:
            return []
        self._sample(here)
        services.mend_doors(self.zone, self.instance)
        online, now = live.online_among(seen.id for seen in here), clock.now()
        missing = {seen.id for seen in here} - online
        self._missing_since = {who: self._missing_since.get(who, now) for who in missing}
        for character_id, since in self._missing_since.items():
            if now - since >= GRACE_S:
                services.leave(character_id=character_id)
        services.end_rests(self.instance, here)
        before, self._waits_told = self._waits_told, clock.utc_now()
        services.tell_waits(self.zone, [seen.id for seen in here], since=before, until=self._waits_told)
        keep_positions(self.instance, here)
        return here

    def _sample(self, here: list[PlayerSeen]) -> None:
        if clock.now() >= self._next_sample:
            self._next_sample = clock.now() + SAMPLE_EVERY_S
            services.sample(zone=self.zone, instance=self.instance, here=here, lag_s=self._lag_s)
            self._lag_s = 0.0


def _paged(changes: list[ZoneChange]) -> list[Update]:
    """Return the updates that tell changes; none where there are none."""
    return list(ZoneChanged(changes=changes).pages()) if changes else []


def _latest(pending: list[Pending]) -> list[ZoneChange]:
    """Leave out walks that a later walk of the same character replaces, and the groups."""
    last_walk = {change.id: at for at, change in enumerate(pending) if isinstance(change, PlayerWalked)}
    return [
        change
        for at, change in enumerate(pending)
        if not isinstance(change, GroupChanged)
        and not (isinstance(change, PlayerWalked) and last_walk[change.id] != at)
    ]
