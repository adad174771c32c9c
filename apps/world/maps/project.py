"""The Tiled project of a pack: its classes and lists, so that a designer is offered only what is valid.

Tiled does not write down what a class gives by default, so each list begins with a choice that is none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import count
from pathlib import Path
from typing import Any

from aether.kernel.content import Pack
from apps.world.definitions import MapDef, ZoneDef

PROJECT_FILE = "aether.tiled-project"
NONE = ""
LISTS = {
    "arrival": "Arrival",
    "loot": "LootTable",
    "npc": "Npc",
    "object": "Object",
    "sprite": "Sprite",
    "station": "Station",
    "tags": "Tags",
    "targets": "Targets",
    "to_zone": "Zone",
}
"""Which list a property is chosen from."""
LISTS_OF_CLASS = {
    "cell": {"cost": "Cost"},
    "brink": {"cost": "Cost"},
    "chest": {"object": "Chest"},
    "door": {"object": "Door"},
    "side": {"side": "Side"},
}
"""The lists that are for one class alone."""
SIDES = ("attackers", "defenders")
COSTS = ("1", "2", "3")
"""In the list they stand at their own numbers, which are what Tiled writes down."""
SEVERAL_MAX = 31
"""Of a list of which several can be chosen Tiled offers so many."""


def pictures_in(maps: Path) -> set[str]:
    """Return the sprites of which there are pictures beside the maps."""
    return {path.stem for path in (maps / "tiles").glob("*.png")}


def tiled_project(pack: Pack, pictures: Collection[str] = ()) -> dict[str, Any]:
    """Return what the project file of a pack has to say."""
    maps = pack.all(MapDef).values()
    tags = {tag for drawn in maps for *_, tag in drawn.tags}
    sprites = {*pictures, *(sprite for drawn in maps for sprite in _sprites(drawn))}
    arrivals = {name for drawn in maps for name in drawn.arrivals}
    rules = [
        _member("cost", "int", 0, of="cell"),
        _member("los", "bool", True),
        _member("sprite", "string", NONE),
        _member("tags", "string", NONE),
        _member("walk", "bool", True),
    ]
    way = [
        _member("arrival", "string", NONE),
        _member("one_way", "bool", False),
        _member("to_zone", "string", NONE),
    ]
    targets = _member("targets", "string", NONE)
    types = [
        _enum("Zone", [NONE, *pack.all(ZoneDef)]),
        _enum("LootTable", [NONE, *pack.raw("loot")]),
        _enum("Object", [NONE, *_objects(pack, lambda thing: thing["kind"] != "door")]),
        _enum("Chest", [NONE, *_objects(pack, _pays_loot)]),
        _enum("Door", [NONE, *_objects(pack, lambda thing: thing["kind"] == "door")]),
        _enum("Side", [NONE, *SIDES]),
        _enum("Cost", [NONE, *COSTS], storage="int"),
        _enum("Station", [NONE, *pack.raw("stations")]),
        _enum("Tags", sorted(tags | set(pack.raw("tags"))), is_several=True),
        _enum("Npc", [NONE, *pack.raw("npcs")]),
        _enum("Sprite", [NONE, *sorted(sprites - {NONE})]),
        _enum("Arrival", [NONE, *sorted(arrivals)]),
        _enum("Targets", sorted(_targets(pack)), is_several=True),
        _class("exit", "#ff86f4e0", way),
        _class("arrival", "#ff5c9a9b"),
        _class("npc", "#ff8fdccd", [_member("npc", "string", NONE)]),
        _class("chest", "#ffd3a856", [_member("loot", "string", NONE), _object("chest")]),
        _class("door", "#ffb98a5e", [_object("door")]),
        _class("thing", "#ffb7a4d6", [_member("loot", "string", NONE), _object("thing"), targets]),
        _class("station", "#ffc9a36b", [_member("station", "string", NONE)]),
        *(_class(node, "#ff7fb069") for node in sorted(pack.raw("nodes"))),
        _class("region", "#ffe2694b"),
        _class("side", "#ffa97bd8", [_member("side", "string", NONE, of="side")]),
        _class("cell", "#ff6f8f7a", rules, use="tile"),
        _class("brink", "#ff6fa79b", rules, use="tile"),
    ]
    ids = count(1)
    return {
        "automappingRulesFile": "",
        "commands": [],
        "compatibilityVersion": 1100,
        "extensionsPath": "extensions",
        "folders": ["."],
        "properties": [],
        "propertyTypes": [{"id": next(ids), **each} for each in types],
    }


def _sprites(drawn: MapDef) -> set[str]:
    return {*drawn.tiles, *(thing.sprite for thing in drawn.decor)}


def _targets(pack: Pack) -> set[str]:
    """Return what a thing may move: the doors of all maps, and what is moved already."""
    placed = [thing for drawn in pack.all(MapDef).values() for thing in drawn.objects]
    return {thing.id for thing in placed if thing.is_door} | {name for one in placed for name in one.targets}


def _objects(pack: Pack, fits: Callable[[dict[str, Any]], bool]) -> list[str]:
    return [name for name, thing in pack.raw("objects").items() if fits(thing)]


def _pays_loot(thing: dict[str, Any]) -> bool:
    return any(each.get("loots") for each in thing.get("transitions", ()))


def list_of(kind: str, name: str) -> str | None:
    """Return the list that a property of a class is chosen from, if from any."""
    return LISTS_OF_CLASS.get(kind, {}).get(name) or LISTS.get(name)


def _object(kind: str) -> dict[str, Any]:
    return _member("object", "string", NONE, of=kind)


def _enum(
    name: str, values: list[str], *, is_several: bool = False, storage: str = "string"
) -> dict[str, Any]:
    return {
        "name": name,
        "storageType": storage,
        "type": "enum",
        "values": values,
        "valuesAsFlags": is_several,
    }


def _class(
    name: str, colour: str, members: list[dict[str, Any]] | None = None, *, use: str = "object"
) -> dict[str, Any]:
    return {
        "name": name,
        "type": "class",
        "color": colour,
        "drawFill": True,
        "members": members or [],
        "useAs": [use],
    }


def _member(name: str, kind: str, value: Any, *, of: str = "") -> dict[str, Any]:
    found = list_of(of, name)
    chosen = {"propertyType": found} if found else {}
    return {"name": name, "type": kind, "value": value} | chosen
