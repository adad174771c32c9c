"""Checks over the exits of a pack: what they ask exists, and some fresh character can come to every zone."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel.conditions import Condition, Row, alternatives, leaves, unknown_in
from aether.kernel.content import Pack, Problem
from apps.world.definitions import MapDef, ZoneDef

LEVEL_MAX = 30
ALONE = 1
PARTY_MAX = 8


def check_passages(pack: Pack) -> Iterator[Problem]:
    """Yield what is wrong with what exits ask, and the zones that nobody can ever come to."""
    if not pack.all(ZoneDef):
        return
    for zone in pack.all(ZoneDef).values():
        drawn = _map_of(pack, zone.id)
        known = {way.id for way in drawn.exits} if drawn else set()
        for name, rule in zone.exits.items():
            where = pack.where("zones", zone.id, "exits", name)
            if drawn and name not in known:
                yield Problem(where, f"the map `{drawn.id}` has no exit `{name}`")
            yield from (Problem(where, message) for message in unknown_in(pack, rule.condition))
        yield from _check_halls(pack, zone, drawn)
    reached = zones_reached(pack)
    for name in pack.all(ZoneDef):
        if name not in reached:
            yield Problem(pack.where("zones", name), "no exit leads here from where characters begin")


def _check_halls(pack: Pack, zone: ZoneDef, drawn: MapDef | None) -> Iterator[Problem]:
    """Yield the exits into halls of guilds that do not ask for a guild: who has none would see them open."""
    for way in drawn.exits if drawn else ():
        beyond = pack.all(ZoneDef).get(way.to_zone)
        asked = leaves(zone.rule_of(way.id).condition)
        if beyond and beyond.owned_by == "guild" and not any(leaf.guild or leaf.guild_rank for leaf in asked):
            where = pack.where("zones", zone.id)
            yield Problem(
                where, f"the exit `{way.id}` leads into the hall of a guild: its `if` asks for a `guild`"
            )


def zones_reached(pack: Pack) -> set[str]:
    """Return the zones that some character, fresh at first, can come to by exits that it can ever pass."""
    known = {zone.id for zone in pack.all(ZoneDef).values() if zone.is_start}
    before = 0
    while len(known) != before:
        before = len(known)
        for name in sorted(known):
            drawn = _map_of(pack, name)
            for way in drawn.exits if drawn else ():
                rule = pack.all(ZoneDef)[name].rule_of(way.id)
                if may_ever_hold(pack, rule.condition, here=name, known=known):
                    known.add(way.to_zone)
    return known


def may_ever_hold(pack: Pack, condition: Condition | None, *, here: str, known: set[str]) -> bool:
    """Tell if a condition can become true for somebody who stands in a zone and knows some zones.

    Possessions, flags, stats and professions are taken to be within reach.
    """
    return any(_is_possible(pack, row, here, known) for row in alternatives(condition))


def _is_possible(pack: Pack, row: Row, here: str, known: set[str]) -> bool:
    levels, companies = set(range(1, LEVEL_MAX + 1)), set(range(ALONE, PARTY_MAX + 1))
    classes = set(pack.raw("classes"))
    for leaf, is_so in row:
        kind, said = leaf.said
        match kind:
            case "level":
                levels = {each for each in levels if said.hold(each) is is_so}
            case "party_size":
                companies = {each for each in companies if said.hold(each) is is_so}
            case "class":
                classes = {each for each in classes if (each == said) is is_so}
            case "zone" if (said == here) is not is_so:
                return False
            case "quest" if is_so and not _is_given_in(pack, said.id, said.state, known):
                return False
    return bool(levels and companies and (classes or not pack.raw("classes")))


def _is_given_in(pack: Pack, quest: str, state: str, known: set[str]) -> bool:
    """Tell if whoever gives a quest stands in one of some zones; a locked one needs nobody."""
    giver = pack.raw("quests").get(quest, {}).get("giver")
    maps = [drawn for zone in known if (drawn := _map_of(pack, zone))]
    return state == "locked" or any(npc.id == giver for drawn in maps for npc in drawn.npcs)


def _map_of(pack: Pack, zone: str) -> MapDef | None:
    found = pack.all(ZoneDef).get(zone)
    return pack.all(MapDef).get(found.map) if found else None
