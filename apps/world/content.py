"""What the world asks of a content pack."""

from __future__ import annotations

from aether.kernel import content
from apps.world.almanac import EventDef, LifeDef, WeatherDef
from apps.world.definitions import MapDef, ZoneDef
from apps.world.dungeon_checks import check_dungeons
from apps.world.dungeons import DungeonDef
from apps.world.maps import (
    MAP_SUFFIXES,
    check_inhabitants,
    check_life,
    check_passages,
    check_things,
    check_zones,
    compile_map,
)
from apps.world.things import ObjectDef

content.register("zones", ZoneDef)
content.register("maps", MapDef, suffixes=MAP_SUFFIXES, compiler=compile_map)
content.register("objects", ObjectDef)
content.register("life", LifeDef)
content.register("weathers", WeatherDef)
content.register("events", EventDef)
content.register("dungeons", DungeonDef)
content.register_check(check_zones)
content.register_check(check_passages)
content.register_check(check_things)
content.register_check(check_inhabitants)
content.register_check(check_life)
content.register_check(check_dungeons)
content.expose("zones", "name", "description", "is_safe", "levels", "hardcore")
content.expose("objects", "kind", "states")
content.expose("weathers", "name", "look")
content.expose("events", "name", "begins", "ends")
content.expose("dungeons", "name", "description", "zone", "levels", "party", "rooms")
