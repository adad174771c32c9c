"""Checks over the things of a pack: what they name exists, and what is placed fits what it is."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel.conditions import unknown_in
from aether.kernel.content import Pack, Problem
from aether.kernel.effects import dungeon_zones
from aether.kernel.effects import unknown_in as unknown_in_effects
from apps.world.definitions import MapDef, MapObject
from apps.world.things import ObjectDef, TransitionDef


def check_things(pack: Pack) -> Iterator[Problem]:
    """Yield what is wrong with the kinds of things, and with those that maps place."""
    for definition in pack.all(ObjectDef).values():
        for message in unknown_in(pack, definition.seen_if):
            yield Problem(pack.where("objects", definition.id, "seen_if"), message)
        for number, each in enumerate(definition.transitions):
            where = pack.where("objects", definition.id, "transitions", number)
            yield from (Problem(where, message) for message in _unknown(pack, each))
    for drawn in pack.all(MapDef).values():
        where = pack.where("maps", drawn.id)
        for thing in drawn.objects:
            for message in _misplaced(pack, drawn, thing):
                yield Problem(where, f"layer `objects`, `{thing.id}`, cell {thing.cell}: {message}")


def _unknown(pack: Pack, each: TransitionDef) -> Iterator[str]:
    yield from unknown_in(pack, each.condition)
    yield from unknown_in_effects(pack, each.effects)


def _misplaced(pack: Pack, drawn: MapDef, thing: MapObject) -> Iterator[str]:
    definition = pack.all(ObjectDef).get(thing.definition)
    if definition is None:
        yield f"there is no object `{thing.definition}`"
        return
    if (definition.kind == "door") != thing.is_door:
        yield f"`{definition.id}` is a {definition.kind}, and it is placed as a {thing.object_type}"
    if any(each.loots for each in definition.transitions) != bool(thing.loot):
        yield "a property `loot` goes with what pays its loot, and only with that"
    yield from _leading_astray(pack, drawn, definition)
    yield from _misled(pack, drawn, thing, definition)


def _leading_astray(pack: Pack, drawn: MapDef, definition: ObjectDef) -> Iterator[str]:
    """Yield what is wrong with where a thing leads on its own map."""
    is_in_dungeon = drawn.id in {pack.raw("zones").get(zone, {}).get("map") for zone in dungeon_zones(pack)}
    is_owned = any(zone.get("owned_by") for zone in pack.raw("zones").values() if zone.get("map") == drawn.id)
    for effect in (effect for each in definition.transitions for effect in each.effects):
        place = effect.bind or effect.teleport
        if place is None or place.zone is not None:
            continue
        if place.arrival not in drawn.arrivals:
            yield f"it leads to the arrival `{place.arrival}`, which this map does not have"
        if effect.bind and is_in_dungeon:
            yield "it binds to a dungeon, where one is in a run only"
        if effect.bind and is_owned:
            yield "it binds to what is somebody's, which is entered through its door alone"


def _misled(pack: Pack, drawn: MapDef, thing: MapObject, definition: ObjectDef) -> Iterator[str]:
    """Yield what is wrong with the targets of a thing."""
    placed = {other.id: other for other in drawn.objects}
    moves = [each.moves for each in definition.transitions if each.moves]
    if bool(moves) != bool(thing.targets):
        yield "a property `targets` goes with what moves its targets, and only with that"
    for target in thing.targets:
        other = pack.all(ObjectDef).get(placed[target].definition) if target in placed else None
        if other is None or target == thing.id:
            yield f"there is no other thing `{target}` on this map"
            continue
        for state in moves:
            if state not in {known.id for known in other.states}:
                yield f"its target `{target}` has no state `{state}`"
