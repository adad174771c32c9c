"""The zones and maps of the running content, as the world asks for them."""

from __future__ import annotations

from typing import NamedTuple

from aether.kernel import content
from aether.kernel.errors import NotFoundError
from aether.protocol.base import Cell
from apps.world.definitions import MapDef, MapNode, MapObject, ZoneDef
from apps.world.maps.checks import START
from apps.world.things import ObjectDef


class Spot(NamedTuple):
    zone: str
    cell: Cell


def zone_of(zone: str) -> ZoneDef:
    return content.current().get(ZoneDef, zone)


def map_of(zone: str) -> MapDef:
    pack = content.current()
    return pack.get(MapDef, pack.get(ZoneDef, zone).map)


def zones() -> list[str]:
    return list(content.current().all(ZoneDef))


def is_owned(zone: str) -> bool:
    """Tell if a zone is there for each of its owners apart; one that the content has no more is not."""
    found = content.current().all(ZoneDef).get(zone)
    return found is not None and found.owned_by is not None


def copy_name(zone: str, number: int) -> str:
    """Return what a copy of a zone is called: the `instance` that everything in it names."""
    return f"{zone}.{number}"


def number_of(instance: str) -> int:
    return int(instance.rpartition(".")[2])


def zone_of_instance(instance: str) -> str:
    return instance.rpartition(".")[0]


def stream_of(instance: str) -> str:
    return f"zone:{instance}"


def streams_of(instance: str) -> tuple[str, str]:
    """Return what is followed by who stands in a zone copy: what happens there, and what is said."""
    return stream_of(instance), f"chat:{stream_of(instance)}"


def start() -> Spot:
    """Return where characters begin."""
    zone = next(found.id for found in content.current().all(ZoneDef).values() if found.is_start)
    return Spot(zone, map_of(zone).arrivals[START])


def home(zone: str, arrival: str = START) -> Spot:
    """Return where who is bound to an arrival comes back to; where it is gone, to where characters begin."""
    try:
        return Spot(zone, map_of(zone).arrivals[arrival])
    except (NotFoundError, KeyError):
        return start()


def standable(zone: str, cell: Cell, *, home: Spot) -> Spot:
    """Return the spot, or home where the content has changed and nobody can stand there any more."""
    try:
        is_free = map_of(zone).is_walkable(cell)
    except NotFoundError:
        is_free = False
    return Spot(zone, cell) if is_free else home


def thing_of(zone: str, object_id: str) -> MapObject:
    """Return a thing of a zone."""
    for thing in map_of(zone).objects:
        if thing.id == object_id:
            return thing
    raise NotFoundError


def node_of(zone: str, node_id: str) -> MapNode:
    """Return a node of a zone."""
    for node in map_of(zone).nodes:
        if node.id == node_id:
            return node
    raise NotFoundError


def definition_of(thing: MapObject) -> ObjectDef:
    """Return what a placed thing is."""
    return content.current().get(ObjectDef, thing.definition)


def doors(zone: str) -> list[MapObject]:
    """Return the things of a zone that stand in the way only in some of their states."""
    return [thing for thing in map_of(zone).objects if thing.is_door]
