"""What the world tells: where somebody is, who is near, and a zone copy as one character sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from aether.kernel import clock, content, stored
from aether.kernel.errors import NotFoundError
from aether.protocol.base import Cell
from aether.protocol.world import (
    ExitSeen,
    GroupSeen,
    NpcSeen,
    ObjectSeen,
    PlayerSeen,
    ZoneSnapshot,
)
from apps.world import ground, node_selectors, object_selectors, positions, sky
from apps.world.definitions import MapDef, MapStation, ZoneDef
from apps.world.models import CharacterPlace, MonsterGroup, ObjectUse, ZoneCopy
from apps.world.positions import Position
from apps.world.rules.interest import are_in_sight, block_at, is_seen_whole
from apps.world.rules.walking import cell_at

NEAR = 2

_COPIES = "SELECT instance FROM world_characterplace WHERE character_id = ANY(%s) AND is_present"
_HELD = "SELECT character_id FROM world_characterplace WHERE character_id = ANY(%s) AND battle IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a character stands, or is about to."""

    zone: str
    instance: str
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class NpcPlace:
    zone: str
    cell: Cell


def place_of(character_id: int) -> Place:
    """Return where a character is; refuse where it is not in the world."""
    place = places_of([character_id]).get(character_id)
    if place is None:
        raise NotFoundError
    return place


def places_of(character_ids: Iterable[int]) -> dict[int, Place]:
    """Return where characters are, as far as they are in the world."""
    wanted = list(character_ids)
    found = {
        character_id: Place(zone=position.zone, instance=position.instance, cell=cell_of(position))
        for character_id, position in positions.find_all(wanted).items()
    }
    lost = [character_id for character_id in wanted if character_id not in found]
    if lost:
        for row in CharacterPlace.objects.filter(character_id__in=lost, is_present=True):
            found[row.character_id] = Place(zone=row.zone, instance=row.instance, cell=row.cell)
    return found


def instance_of(character_id: int) -> str | None:
    """Return the zone copy that a character is in, if it is in the world."""
    place = places_of([character_id]).get(character_id)
    return None if place is None else place.instance


def instances_of(character_ids: Collection[int]) -> dict[int, str]:
    """Return the zone copies that characters are in, of those who are in the world."""
    found = {who: position.instance for who, position in positions.find_all(character_ids).items()}
    missing = [who for who in character_ids if who not in found]
    if missing:
        rows = CharacterPlace.objects.filter(character_id__in=missing, is_present=True)
        found |= dict(rows.values_list("character_id", "instance"))
    return found


def streams_followed(character_ids: Collection[int]) -> list[tuple[int, str]]:
    """Return the streams of the copies that the database knows characters to be in."""
    rows = CharacterPlace.objects.filter(character_id__in=character_ids, is_present=True)
    return [
        (who, stream)
        for who, instance in rows.values_list("character_id", "instance")
        for stream in ground.streams_of(instance)
    ]


def are_together(one: int, other: int) -> bool:
    """Tell if two characters are in the same zone copy, by the database: what is shown follows it."""
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, [[one, other]])
        copies = [instance for (instance,) in cursor]
    return len(copies) == 2 and len(set(copies)) == 1


def held_by_battles(character_ids: Iterable[int]) -> set[int]:
    """Return who of these characters stands still for a battle: until a moment after its end."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [list(character_ids)])
        return {row[0] for row in cursor}


def npc_place(npc_id: str) -> NpcPlace:
    """Return where an NPC stands."""
    for zone in ground.zones():
        for npc in ground.map_of(zone).npcs:
            if npc.id == npc_id:
                return NpcPlace(zone=zone, cell=npc.cell)
    raise NotFoundError


def nearby(*, character_id: int, npc_id: str) -> bool:
    """Tell if a character stands within two cells of an NPC."""
    try:
        here, there = place_of(character_id), npc_place(npc_id)
    except NotFoundError:
        return False
    return here.zone == there.zone and is_near(here.cell, there.cell, NEAR)


def is_near(a: Cell, b: Cell, cells: int) -> bool:
    """Tell if two cells are at most so many apart, diagonals counted as one."""
    return max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= cells


def cell_of(position: Position) -> Cell:
    """Return the cell that a character stands on or is about to reach."""
    seen = position.seen
    return cell_at(seen.path or [seen.cell], seen.started_at, seen.step_ms, clock.now())


def group_cell(row: MonsterGroup) -> Cell:
    """Return the cell that a group stands on or is about to reach."""
    path = [(x, y) for x, y in row.path] or [row.cell]
    return cell_at(path, row.started_at, row.step_ms, clock.now())


def group_seen(row: MonsterGroup) -> GroupSeen | None:
    """Return a group as everybody sees it; nothing while it waits to come back."""
    if row.state == MonsterGroup.State.COOLDOWN:
        return None
    return GroupSeen(
        id=row.pk,
        monsters=[(monster, level) for monster, level in row.monsters],
        cell=row.cell,
        path=[(x, y) for x, y in row.path],
        started_at=row.started_at,
        step_ms=row.step_ms,
        is_in_battle=row.state in (MonsterGroup.State.IN_BATTLE, MonsterGroup.State.ENGAGING),
        bonus_pct=row.bonus_pct,
        prey=row.prey,
    )


def groups_seen(instance: str, group_ids: set[int] | None = None) -> dict[int, GroupSeen | None]:
    """Return the groups of a zone copy as they stand, by id."""
    if group_ids is None:
        found = stored.find(MonsterGroup, "WHERE instance = %s ORDER BY id", [instance])
    else:
        asked = [instance, sorted(group_ids)]
        found = stored.find(MonsterGroup, "WHERE instance = %s AND id = ANY(%s) ORDER BY id", asked)
    return {row.pk: group_seen(row) for row in found}


def station_seen(station: MapStation) -> ObjectSeen:
    """Return a station as everybody sees it: its type is what it is."""
    return ObjectSeen(id=station.id, object_type=station.station, cell=station.cell, state="")


def things_seen(instance: str, *, character_id: int) -> list[ObjectSeen]:
    """Return the things and stations of a zone copy as they are for a character."""
    zone = ground.zone_of_instance(instance)
    return _with_stations(zone, object_selectors.objects_seen(zone, instance, character_id))


def _with_stations(zone: str, objects: list[ObjectSeen]) -> list[ObjectSeen]:
    return [*objects, *map(station_seen, ground.map_of(zone).stations)]


def things_used(character_id: int) -> list[tuple[str, str]]:
    """Return the things that a character has used and cannot use again, by zone and id."""
    rows = ObjectUse.objects.filter(character_id=character_id).order_by("zone", "object_id")
    return list(rows.values_list("zone", "object_id"))


def stations_near(character_id: int) -> set[str]:
    """Return the stations next to which a character stands, and the tags of the ground there."""
    here = places_of([character_id]).get(character_id)
    if here is None:
        return set()
    drawn = ground.map_of(here.zone)
    near = {each.station for each in drawn.stations if is_near(here.cell, each.cell, NEAR)}
    return near | {tag for x, y, tag in drawn.tags if (x, y) == here.cell}


def snapshot(instance: str, *, character_id: int) -> ZoneSnapshot:
    """Return a zone copy as a character sees it: itself first, whatever has no room on the first page."""
    zone = ground.zone_of_instance(instance)
    return _snapshot(
        instance,
        players=_players_seen(instance, ground.map_of(zone), character_id),
        objects=object_selectors.objects_seen(zone, instance, character_id),
        exits=object_selectors.exits_seen(zone, character_id),
    )


def snapshot_for_staff(instance: str) -> ZoneSnapshot:
    """Return a zone copy as it is: everybody, all things, every exit, whatever is asked of who goes there."""
    zone = ground.zone_of_instance(instance)
    return _snapshot(
        instance,
        players=positions.everybody(instance),
        objects=object_selectors.objects_standing(zone, instance),
        exits=object_selectors.exits_drawn(zone),
    )


def _snapshot(
    instance: str, *, players: list[PlayerSeen], objects: list[ObjectSeen], exits: list[ExitSeen]
) -> ZoneSnapshot:
    zone = ground.zone_of_instance(instance)
    drawn = ground.map_of(zone)
    return ZoneSnapshot(
        zone=zone,
        instance=instance,
        map_hash=drawn.hash,
        server_time=clock.now(),
        players=players,
        groups=[seen for seen in groups_seen(instance).values() if seen is not None],
        npcs=[NpcSeen(id=npc.id, cell=npc.cell) for npc in drawn.npcs],
        objects=_with_stations(zone, objects),
        exits=exits,
        nodes=node_selectors.nodes_seen(instance),
        sky=sky.sky_of(zone),
    )


def _players_seen(instance: str, drawn: MapDef, character_id: int) -> list[PlayerSeen]:
    """Return who is in sight of a character, itself first; everybody for one who is not there."""
    here = sorted(positions.everybody(instance), key=lambda seen: seen.id != character_id)
    if not here or here[0].id != character_id or is_seen_whole(drawn):
        return here
    now = clock.now()
    blocks = [
        block_at(cell_at(each.path or [each.cell], each.started_at, each.step_ms, now)) for each in here
    ]
    return [each for each, block in zip(here, blocks, strict=True) if are_in_sight(block, blocks[0])]


def instances() -> list[str]:
    """Return the zone copies that are open, those of zones that the content still has."""
    known = ground.zones()
    rows = (
        ZoneCopy.objects.filter(zone__in=known)
        .exclude(state=ZoneCopy.State.CLOSED)
        .order_by("zone", "number")
    )
    return list(rows.values_list("id", flat=True)) or [ground.copy_name(known[0], 1)]


def zone_name(zone: str, language: str) -> str:
    """Return what a zone is called; its id where the content has it no more."""
    found = content.current().all(ZoneDef).get(zone)
    return found.name.in_language(language) if found else zone
