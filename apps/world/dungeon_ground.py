"""The dungeons of the running content, as the world asks for them."""

from __future__ import annotations

from aether.kernel import content
from apps.world import ground
from apps.world.dungeons import DungeonDef, Encounter
from apps.world.ground import Spot


def dungeon(dungeon_id: str) -> DungeonDef:
    """Return a dungeon; refuse where there is none."""
    return content.current().get(DungeonDef, dungeon_id)


def known(dungeon_id: str) -> DungeonDef | None:
    """Return a dungeon, if the content still has it."""
    return content.current().all(DungeonDef).get(dungeon_id)


def dungeon_in(zone: str) -> DungeonDef | None:
    """Return the dungeon that a zone belongs to, if any."""
    return next((each for each in content.current().all(DungeonDef).values() if each.zone == zone), None)


def gate(found: DungeonDef) -> Spot:
    """Return where one stands who comes out of a dungeon."""
    way = next(way for way in ground.map_of(found.zone).exits if way.to_zone != found.zone)
    return Spot(way.to_zone, ground.map_of(way.to_zone).arrivals[way.arrival])


def encounter(found: DungeonDef, encounter_id: str) -> Encounter | None:
    """Return an encounter of a dungeon, if the content still has it."""
    return next((each for _, each in found.encounters() if each.id == encounter_id), None)


def open_doors(found: DungeonDef, rooms_done: int) -> tuple[str, ...]:
    """Return the doors that the rooms which are done have opened."""
    return tuple(room.opens for room in found.rooms[:rooms_done] if room.opens is not None)


def closed_doors(found: DungeonDef, rooms_done: int) -> frozenset[str]:
    """Return the doors that the other rooms will open."""
    return frozenset(room.opens for room in found.rooms[rooms_done:] if room.opens is not None)
