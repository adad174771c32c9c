"""The streams `zone:<instance>`: numbered per process, a snapshot for whoever comes or has missed something.

A snapshot may already show what the next update tells: every change says how things are, so telling it
again changes nothing.
"""

from __future__ import annotations

from aether.kernel import realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.protocol.base import Update
from apps.chat.selectors import register_zone_finder
from apps.world import ground, selectors
from apps.world.rules.interest import audience_of, block_at, is_seen_whole


class ZoneSource:
    """Answers for zone streams; only who stands in a zone copy sees it."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        return await in_database_thread(_audience, character_id, stream)

    async def head(self, stream: str, audience: str) -> int:
        return realtime.local_head(stream)

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        # The head comes first: a change in between is told again, never lost.
        head = realtime.local_head(stream)
        instance = stream.partition(":")[2]
        return head, await in_database_thread(_snapshot, instance, character_id)

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        return None


def _audience(character_id: CharacterId, stream: str) -> str:
    place = selectors.places_of([character_id]).get(character_id)
    if place is None or stream != ground.stream_of(place.instance):
        raise NotFoundError
    return "" if is_seen_whole(ground.map_of(place.zone)) else audience_of(block_at(place.cell))


def _snapshot(instance: str, character_id: int) -> Update:
    return selectors.snapshot(instance, character_id=character_id)


realtime.register_source("zone", ZoneSource(), is_sequenced=False)
realtime.register_must_follow(selectors.streams_followed, nobody_else=("zone:", "chat:zone:"))
register_zone_finder(selectors.instances_of)
