"""Which doors of a zone copy stand in the way, for whoever validates a path without asking the database.

Redis keeps, by door, the version and whether it blocks; an older version never takes the place of a newer
one, and what Redis has lost is read from the database again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, cast

from redis.exceptions import RedisError

from aether.kernel.database_threads import in_database_thread
from aether.kernel.live import aredis, redis
from aether.protocol.base import Cell
from apps.world import ground
from apps.world.models import WorldObject

LAPSE_S = 86_400

_KEEP = """
for i = 2, #ARGV, 3 do
  local kept = redis.call('HGET', KEYS[1], ARGV[i])
  local version = kept and tonumber(string.match(kept, '^%d+')) or -1
  if tonumber(ARGV[i + 1]) >= version then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. ':' .. ARGV[i + 2])
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""


class Door(NamedTuple):
    """How a door of a zone copy stands."""

    id: str
    version: int
    is_closed: bool


async def closed_cells(zone: str, instance: str) -> frozenset[Cell]:
    """Return the cells of a zone copy where a closed door stands."""
    doors = ground.doors(zone)
    if not doors:
        return frozenset()
    kept = cast("dict[bytes, bytes]", await cast(Any, aredis().hgetall(_key(instance))))
    closed = {name.decode(): value.endswith(b":1") for name, value in kept.items()}
    if any(door.id not in closed for door in doors):
        closed = {each.id: each.is_closed for each in await in_database_thread(restore, zone, instance)}
    return frozenset(door.cell for door in doors if closed.get(door.id))


def restore(zone: str, instance: str) -> list[Door]:
    """Let Redis say what the database says. From a thread."""
    standing = doors_standing(zone, instance)
    keep(instance, standing)
    return standing


def keep(instance: str, standing: Iterable[Door]) -> None:
    """Write down how doors stand, those of which nothing newer is known. From a thread, after commit."""
    rows = [part for door in standing for part in (door.id, door.version, int(door.is_closed))]
    if rows:
        redis().eval(_KEEP, 1, _key(instance), LAPSE_S, *rows)


def lost(zone: str, instance: str) -> list[str]:
    """Return the doors of which Redis does not say what the database says. From a thread."""
    standing = doors_standing(zone, instance)
    if not standing:
        return []
    try:
        kept = cast("dict[bytes, bytes]", redis().hgetall(_key(instance)))
    except RedisError:
        return []
    told = {door.id: f"{door.version}:{int(door.is_closed)}".encode() for door in standing}
    return [door for door, value in told.items() if kept.get(door.encode()) != value]


def doors_standing(zone: str, instance: str) -> list[Door]:
    """Return how the doors of a zone copy stand, of which most were never touched."""
    doors = ground.doors(zone)
    if not doors:
        return []
    names = [door.id for door in doors]
    rows = WorldObject.objects.filter(instance=instance, object_id__in=names, is_node=False)
    known = {row.object_id: row for row in rows}
    found = []
    for door in doors:
        definition, row = ground.definition_of(door), known.get(door.id)
        state = definition.state(row.state) if row else definition.start
        found.append(Door(door.id, row.version if row else 0, "walk" in state.blocks))
    return found


def _key(instance: str) -> str:
    return f"world:doors:{instance}"
