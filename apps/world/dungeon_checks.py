"""Checks over the dungeons of a pack: rooms, monsters, levers and doors are all there and fit together."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel.content import Pack, Problem
from apps.world.definitions import Kin, MapDef, ZoneDef
from apps.world.dungeons import DOWN, READ, UNREAD, UP, DungeonDef, Encounter, Room
from apps.world.things import ObjectDef

MONSTERS_MAX = 8


def check_dungeons(pack: Pack) -> Iterator[Problem]:
    """Yield what is wrong with the dungeons of a pack."""
    taken: dict[str, str] = {}
    for dungeon in pack.all(DungeonDef).values():
        zone = pack.all(ZoneDef).get(dungeon.zone)
        if zone is None:
            yield Problem(_where(pack, dungeon, "zone"), f"there is no zone `{dungeon.zone}`")
            continue
        if dungeon.zone in taken:
            yield Problem(_where(pack, dungeon, "zone"), f"`{taken[dungeon.zone]}` is in this zone already")
        taken[dungeon.zone] = dungeon.id
        yield from _check_numbers(pack, dungeon)
        yield from _check_zone(pack, dungeon, zone)
        drawn = pack.all(MapDef).get(zone.map)
        if drawn is not None:
            yield from _check_rooms(pack, dungeon, drawn)


def _check_numbers(pack: Pack, dungeon: DungeonDef) -> Iterator[Problem]:
    for name, (low, high) in (("levels", dungeon.levels), ("party", dungeon.party)):
        if low > high:
            yield Problem(_where(pack, dungeon, name), f"{low} is more than {high}")
    if dungeon.scaling.base_pct + dungeon.scaling.member_pct * dungeon.party[0] < 1:
        yield Problem(_where(pack, dungeon, "scaling"), "nothing is left of the life of monsters")
    if dungeon.loot not in pack.raw("loot"):
        yield Problem(_where(pack, dungeon, "loot"), f"there is no loot table `{dungeon.loot}`")
    elif dungeon.loot not in set(_loot_tables(pack, dungeon)):
        yield Problem(_where(pack, dungeon, "loot"), f"no monster of this dungeon leaves `{dungeon.loot}`")


def _check_zone(pack: Pack, dungeon: DungeonDef, zone: ZoneDef) -> Iterator[Problem]:
    if zone.spawns or zone.is_start:
        yield Problem(
            pack.where("zones", zone.id), f"it belongs to the dungeon `{dungeon.id}`: nothing spawns there"
        )
    gates = [
        (other.id, way)
        for other in pack.all(ZoneDef).values()
        if other.id != zone.id and (drawn := pack.all(MapDef).get(other.map))
        for way in drawn.exits
        if way.to_zone == zone.id
    ]
    if len(gates) != 1:
        yield Problem(_where(pack, dungeon, "zone"), f"{len(gates)} exits of other zones lead there, not one")
    own = pack.all(MapDef).get(zone.map)
    ways_out = [way for way in own.exits if way.to_zone != zone.id] if own else []
    if gates and own and (len(ways_out) != 1 or ways_out[0].to_zone != gates[0][0]):
        yield Problem(_where(pack, dungeon, "zone"), f"one exit has to lead out, to `{gates[0][0]}`")


def _check_rooms(pack: Pack, dungeon: DungeonDef, drawn: MapDef) -> Iterator[Problem]:
    doors, seen = {way.id for way in drawn.exits}, set[str]()
    for number, room in enumerate(dungeon.rooms):
        where = _where(pack, dungeon, "rooms", number)
        is_last = number == len(dungeon.rooms) - 1
        if is_last != (room.opens is None):
            yield Problem(where, "every room but the last one `opens` the way on")
        elif room.opens is not None and room.opens not in doors:
            yield Problem(
                _where(pack, dungeon, "rooms", number, "opens"), f"the map has no exit `{room.opens}`"
            )
        for name in (room.id, *(each.id for each in room.encounters)):
            if name in seen:
                yield Problem(where, f"`{name}` is there twice")
            seen.add(name)
        yield from _check_puzzle(pack, where, room, drawn)
        for at, encounter in enumerate(room.encounters):
            there = _where(pack, dungeon, "rooms", number, "encounters", at)
            yield from _check_encounter(pack, there, encounter, drawn)


def _check_puzzle(pack: Pack, where: str, room: Room, drawn: MapDef) -> Iterator[Problem]:
    if room.puzzle is None:
        return
    known = {thing.id: pack.all(ObjectDef).get(thing.definition) for thing in drawn.objects}
    wanted = [(each.object, UP, DOWN) for each in room.puzzle.levers]
    wanted += [(each, UNREAD, READ) for each in room.puzzle.inscriptions]
    for name, *states in wanted:
        found = known.get(name)
        if found is None or [state.id for state in found.states] != states or not found.is_shared:
            yield Problem(where, f"the map has no `{name}` with the states {', '.join(states)}")
    if len({name for name, *_ in wanted}) != len(wanted):
        yield Problem(where, "a lever or an inscription is there twice")


def _check_encounter(pack: Pack, where: str, encounter: Encounter, drawn: MapDef) -> Iterator[Problem]:
    if not drawn.regions.get(encounter.region):
        yield Problem(where, f"the map has no region `{encounter.region}`")
    for kin in (*encounter.monsters, *encounter.allies):
        yield from _check_kin(pack, where, kin)
    if sum(kin.count[1] for kin in encounter.monsters) > MONSTERS_MAX:
        yield Problem(where, f"more than {MONSTERS_MAX} monsters have no room")
    certain = {kin.monster for kin in encounter.monsters if kin.count[0] and kin.members == 1}
    if not certain:
        yield Problem(where, "somebody has to be there against one alone")
    allied = {kin.monster for kin in encounter.allies if kin.count[0]}
    for goal in encounter.goals:
        known = {"kill": certain, "protect": allied}.get(goal.goal)
        if known is not None and goal.ref not in known:
            yield Problem(where, f"the goal is to {goal.goal} `{goal.ref}`, who need not be there")


def _check_kin(pack: Pack, where: str, kin: Kin) -> Iterator[Problem]:
    monster = pack.raw("monsters").get(kin.monster)
    if monster is None:
        yield Problem(where, f"there is no monster `{kin.monster}`")
        return
    low, high = monster.get("level", kin.level)
    if not low <= kin.level[0] <= kin.level[1] <= high:
        levels = f"{kin.level[0]} to {kin.level[1]} is not within {low} to {high}"
        yield Problem(where, f"`{kin.monster}` of level {levels}")
    if kin.count[0] > kin.count[1]:
        yield Problem(where, f"{kin.count[0]} is more than {kin.count[1]}")


def _loot_tables(pack: Pack, dungeon: DungeonDef) -> Iterator[str]:
    for _, encounter in dungeon.encounters():
        for kin in encounter.monsters:
            loot = pack.raw("monsters").get(kin.monster, {}).get("loot")
            if isinstance(loot, str):
                yield loot


def _where(pack: Pack, dungeon: DungeonDef, *keys: str | int) -> str:
    return pack.where("dungeons", dungeon.id, *keys)
