"""Checks over the zones of a pack: everything named exists, and everything can be walked to."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel.content import Pack, Problem
from aether.protocol.base import Cell
from apps.world.definitions import MapDef, MapExit, MapNode, MapNpc, MapObject, MapStation, SpawnRule, ZoneDef
from apps.world.rules.walking import reachable

START = "start"


def check_zones(pack: Pack) -> Iterator[Problem]:
    """Yield what is wrong with the zones of a pack that has any."""
    zones, maps = pack.all(ZoneDef), pack.all(MapDef)
    if not zones:
        return
    yield from _check_start(pack)
    for zone in zones.values():
        if zone.map not in maps:
            yield Problem(pack.where("zones", zone.id, "map"), f"there is no map `{zone.map}`")
            continue
        drawn = maps[zone.map]
        yield from _check_exits(pack, zone, drawn)
        yield from _check_people(pack, drawn)
        yield from _check_works(pack, drawn)
        yield from _check_ways(pack, zone, drawn)
        for index, rule in enumerate(zone.spawns):
            yield from _check_spawn(pack, zone, index, rule)


def _check_start(pack: Pack) -> Iterator[Problem]:
    starts = [zone for zone in pack.all(ZoneDef).values() if zone.is_start]
    if len(starts) != 1:
        yield Problem("zones", f"exactly one zone has `is_start`, not {len(starts)}")
    for zone in starts:
        drawn = pack.all(MapDef).get(zone.map)
        if drawn and START not in drawn.arrivals:
            yield Problem(pack.where("maps", drawn.id), f"the arrival `{START}` is missing")


def _check_exits(pack: Pack, zone: ZoneDef, drawn: MapDef) -> Iterator[Problem]:
    where = pack.where("maps", drawn.id)
    for way in drawn.exits:
        there = _map_of(pack, way.to_zone)
        if there is None:
            yield Problem(where, f"{_way(way)}: there is no zone `{way.to_zone}`")
        elif way.arrival not in there.arrivals:
            yield Problem(where, f"{_way(way)}: `{way.to_zone}` has no arrival `{way.arrival}`")
        elif not way.is_one_way and not any(back.to_zone == zone.id for back in there.exits):
            yield Problem(where, f"{_way(way)}: no exit of `{way.to_zone}` leads back here")


def _check_people(pack: Pack, drawn: MapDef) -> Iterator[Problem]:
    where = pack.where("maps", drawn.id)
    for npc in drawn.npcs:
        if npc.id not in pack.raw("npcs"):
            yield Problem(where, f"layer `npcs`, cell {npc.cell}: nobody is called `{npc.id}`")
    for thing in drawn.objects:
        if thing.loot and thing.loot not in pack.raw("loot"):
            message = f"there is no loot table `{thing.loot}`"
            yield Problem(where, f"layer `objects`, `{thing.id}`, cell {thing.cell}: {message}")


def _check_works(pack: Pack, drawn: MapDef) -> Iterator[Problem]:
    where = pack.where("maps", drawn.id)
    for station in drawn.stations:
        if station.station not in pack.raw("stations"):
            message = f"there is no station `{station.station}`"
            yield Problem(where, f"layer `objects`, `{station.id}`, cell {station.cell}: {message}")
    for node in drawn.nodes:
        if node.node not in pack.raw("nodes"):
            message = f"there is no node `{node.node}`"
            yield Problem(where, f"layer `nodes`, `{node.id}`, cell {node.cell}: {message}")


def _check_ways(pack: Pack, zone: ZoneDef, drawn: MapDef) -> Iterator[Problem]:
    where = pack.where("maps", drawn.id)
    for name, cell in drawn.arrivals.items():
        found = _within(zone, drawn, cell)
        for way in drawn.exits:
            if not found.issuperset(way.cells):
                yield Problem(where, f"{_way(way)} cannot be reached from the arrival `{name}`")
        for layer, thing in _things(drawn):
            if found.isdisjoint(_beside(thing.cell)):
                told = f"layer `{layer}`, `{thing.id}`, cell {thing.cell}: no way leads there from `{name}`"
                yield Problem(where, told)
        for region, cells in drawn.regions.items():
            if not found.issuperset(cells):
                lost = next(cell for cell in cells if cell not in found)
                yield Problem(
                    where, f"layer `regions`, `{region}`, cell {lost}: no way leads there from `{name}`"
                )


def _things(drawn: MapDef) -> Iterator[tuple[str, MapNpc | MapObject | MapStation | MapNode]]:
    """Walk through everything that stands on a map, each with its layer."""
    for layer, things in (
        ("npcs", drawn.npcs),
        ("objects", drawn.objects),
        ("objects", drawn.stations),
        ("nodes", drawn.nodes),
    ):
        yield from ((layer, thing) for thing in things)


def _way(way: MapExit) -> str:
    return f"layer `exits`, `{way.id}`, cell {way.cells[0]}"


def _within(zone: ZoneDef, drawn: MapDef, start: Cell) -> set[Cell]:
    """Return every cell that can be walked to, through doors that lead to another part of the zone too."""
    found = reachable(drawn, start)
    doors = [way for way in drawn.exits if way.to_zone == zone.id and way.arrival in drawn.arrivals]
    while beyond := [
        drawn.arrivals[way.arrival]
        for way in doors
        if not found.isdisjoint(way.cells) and drawn.arrivals[way.arrival] not in found
    ]:
        for cell in beyond:
            found |= reachable(drawn, cell)
    return found


def _check_spawn(pack: Pack, zone: ZoneDef, index: int, rule: SpawnRule) -> Iterator[Problem]:
    drawn = pack.get(MapDef, zone.map)

    def where(*keys: str | int) -> str:
        return pack.where("zones", zone.id, "spawns", index, *keys)

    if not drawn.regions.get(rule.region):
        yield Problem(where("region"), f"the map has no region `{rule.region}`")
    for number, group in enumerate(rule.groups):
        for kind in group.monsters:
            if kind.monster not in pack.raw("monsters"):
                yield Problem(where("groups", number, "monsters"), f"there is no monster `{kind.monster}`")
    for name, (low, high) in (("respawn_s", rule.respawn_s), ("roam", rule.roam.every_s)):
        if low > high:
            yield Problem(where(name), f"{low} is more than {high}")


def _map_of(pack: Pack, zone: str) -> MapDef | None:
    found = pack.all(ZoneDef).get(zone)
    return pack.all(MapDef).get(found.map) if found else None


def _beside(cell: Cell) -> list[Cell]:
    x, y = cell
    return [(x, y - 1), (x - 1, y), (x + 1, y), (x, y + 1)]
