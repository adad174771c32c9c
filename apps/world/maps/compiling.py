"""The map compiler: from a Tiled file to the document of a MapDef. Every problem names layer and cell.

What a cell is follows from all tiles on it, in any order of layers: it can be walked on if each of
them can, seen through if each can, costs what the dearest costs, and has the tags of all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from aether.kernel.content import InvalidContentError, Problem, SourceFile
from apps.world.maps import layers, shapes, tiled
from apps.world.maps.project import SIDES
from apps.world.maps.tilesets import WORD, tiles_by_number

GROUND = "ground"
DECOR = ("decor", "overhead")
COLLISION = "collision"
DECOR_MAX = 20_000
TILE_LAYERS_MAX = 24
PROBLEMS_MAX = 100

THINGS: dict[str, str | None] = {"chest": "chest", "door": None, "thing": None}
"""The classes of things to use, and which object they are where their property `object` does not say."""

Cell = tuple[int, int]


def compile_map(file: SourceFile) -> dict[str, Any]:
    """Return the document of a map; `id` is the name of its file."""
    return _Compiler(file).compile()


class Shown(NamedTuple):
    """An object as problems name it, with one of its cells where it has any."""

    layer: str
    name: str
    cell: Cell | None

    def __str__(self) -> str:
        cell = "" if self.cell is None else f", cell {self.cell}"
        return f"layer `{self.layer}`, `{self.name[:60]}`{cell}"

    def __format__(self, spec: str) -> str:
        return str(self)

    def at(self, cell: Cell) -> Shown:
        return self._replace(cell=cell)


class _TooManyProblems(Exception):
    """There is no end to what is wrong; what is known by now says enough."""


class _Compiler:
    """Gathers a map's cells and objects, and the problems met on the way."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.drawn = tiled.read_map(file)
        size = self.drawn.width * self.drawn.height
        self.walk = [True] * size
        self.sight_blocked = [False] * size
        self.cost = [1] * size
        self.tags: list[set[str]] = [set() for _ in range(size)]
        self.ground = [""] * size
        self.decor: list[dict[str, Any]] = []
        self.exits: list[dict[str, Any]] = []
        self.arrivals: dict[str, Cell] = {}
        self.npcs: list[dict[str, Any]] = []
        self.objects: list[dict[str, Any]] = []
        self.stations: list[dict[str, Any]] = []
        self.nodes: list[dict[str, Any]] = []
        self.regions: dict[str, list[Cell]] = {}
        self.sides: dict[str, tuple[list[Cell], list[Cell]]] = {}

    def compile(self) -> dict[str, Any]:
        try:
            self._layers()
        except _TooManyProblems:
            self.problems.append(Problem(self.file.shown, "there are more problems than these"))
        if self.problems:
            raise InvalidContentError(self.problems)
        return self._document()

    def _layers(self) -> None:
        self.tiles = tiles_by_number(self.drawn, self.file, self._report)
        if sum(layer.type == "tilelayer" for layer in self.drawn.layers) > TILE_LAYERS_MAX:
            self._report(f"it has more than {TILE_LAYERS_MAX} tile layers")
            return
        for layer in self.drawn.layers:
            if layer.type in ("group", "imagelayer"):
                self._report(f"layer `{layer.name}`: layers of groups and of pictures cannot be used")
            elif layer.type == "tilelayer":
                self._tile_layer(layer)
        if not any(layer.name == GROUND for layer in self.drawn.layers):
            self._report(f"the layer `{GROUND}` is missing")
        self.walk = [can and bool(sprite) for can, sprite in zip(self.walk, self.ground, strict=True)]
        for layer in self.drawn.layers:
            if layer.type == "objectgroup":
                self._object_layer(layer)
        self._stand_in_the_way()
        self._check_sides()
        self._check_names()

    # Tiles

    def _tile_layer(self, layer: tiled.Layer) -> None:
        if layer.name not in (GROUND, COLLISION) and not layer.name.startswith(DECOR):
            self._report(f"layer `{layer.name}` is none of ground, decor…, overhead…, collision")
            return
        for index, number in enumerate(layers.numbers_of(layer, self.drawn, self._report)):
            if not number:
                continue
            tile = self.tiles.get(number)
            if tile is None:
                self._report(
                    f"layer `{layer.name}`, cell {self._cell(index)}: tile {number} is in no tileset"
                )
            else:
                self._tile(layer, index, tile)

    def _tile(self, layer: tiled.Layer, index: int, tile: tiled.Tile) -> None:
        shown = f"layer `{layer.name}`, cell {self._cell(index)}"
        self.walk[index] &= layer.name != COLLISION and bool(tile.of("walk", True))
        self.sight_blocked[index] |= not tile.of("los", True)
        cost = tile.of("cost", 1)
        if isinstance(cost, bool) or cost not in (1, 2, 3):
            self._report(f"{shown}: the cost {cost!r} is not 1, 2 or 3")
            cost = 1
        self.cost[index] = max(self.cost[index], cost)
        for tag in str(tile.of("tags", "") or "").split(","):
            if WORD.match(tag.strip()):
                self.tags[index].add(tag.strip())
            elif tag.strip():
                self._report(f"{shown}: the tag `{tag.strip()[:40]}` is not a lower-case word")
        if layer.name == GROUND:
            self.ground[index] = tile.sprite
        elif layer.name != COLLISION:
            self._decor(layer, index, tile)

    def _decor(self, layer: tiled.Layer, index: int, tile: tiled.Tile) -> None:
        if len(self.decor) == DECOR_MAX:
            self._report(f"layer `{layer.name}`: the map has more than {DECOR_MAX} pieces of decor")
        self.decor.append({"sprite": tile.sprite, "cell": self._cell(index)})

    # Objects

    def _object_layer(self, layer: tiled.Layer) -> None:
        readers: dict[str, Callable[[tiled.MapObject, list[Cell], Shown], None]] = {
            "exits": self._exit,
            "npcs": self._npc,
            "objects": self._object,
            "nodes": self._node,
            "regions": self._region,
            "spawns": self._region,
            "placement": self._side,
        }
        if layer.name not in readers:
            self._report(f"layer `{layer.name}` is none of {', '.join(readers)}")
            return
        for thing in layer.objects:
            cells = shapes.cells_under(thing, self.drawn)
            shown = Shown(layer.name, thing.name or f"object {thing.id}", cells[0] if cells else None)
            if not thing.name:
                self._report(f"{shown} has no name")
            elif not WORD.match(thing.name):
                self._report(f"{shown}: this name is not a lower-case word")
            elif problem := shapes.shape_problem(thing):
                self._report(f"{shown}: {problem}")
            elif not cells:
                self._report(f"{shown} is not on the map")
            else:
                readers[layer.name](thing, cells, shown)

    def _exit(self, thing: tiled.MapObject, cells: list[Cell], shown: Shown) -> None:
        if thing.kind == "arrival":
            self._arrival(thing, cells, shown)
            return
        for name in ("to_zone", "arrival"):
            if not isinstance(thing.of(name), str):
                self._report(f"{shown}: the property `{name}` is missing")
        if not all(self._is_walkable(cell, shown) for cell in cells):
            return
        found = {
            "id": thing.name,
            "cells": cells,
            "to_zone": thing.of("to_zone"),
            "arrival": thing.of("arrival"),
            "is_one_way": bool(thing.of("one_way", False)),
        }
        self._join_exit(found, shown)

    def _arrival(self, thing: tiled.MapObject, cells: list[Cell], shown: Shown) -> None:
        if thing.name in self.arrivals:
            self._report(f"{shown}: this name is there twice")
        elif self._is_walkable(cells[0], shown):
            self.arrivals[thing.name] = cells[0]

    def _join_exit(self, found: dict[str, Any], shown: Shown) -> None:
        """Several shapes of one name are one exit, if they lead to the same place."""
        first = next((way for way in self.exits if way["id"] == found["id"]), None)
        if first is None:
            self.exits.append(found)
        elif first | {"cells": found["cells"]} != found:
            self._report(f"{shown}: this name is there twice, and does not lead to the same place")
        else:
            first["cells"] = _rows({*first["cells"], *found["cells"]})

    def _npc(self, thing: tiled.MapObject, cells: list[Cell], shown: Shown) -> None:
        """Who it is says the property `npc`, which is chosen from a list; without it, the name."""
        npc = str(thing.of("npc") or thing.name)
        if not WORD.match(npc):
            self._report(f"{shown}: the property `npc` is not a lower-case word")
        elif self._is_new(npc, self.npcs, shown) and self._is_walkable(cells[0], shown):
            self.npcs.append({"id": npc, "cell": cells[0]})

    def _object(self, thing: tiled.MapObject, cells: list[Cell], shown: Shown) -> None:
        if thing.kind == "station":
            self._station(thing, cells, shown)
        elif thing.kind not in THINGS:
            self._report(f"{shown} is none of the classes station, {', '.join(THINGS)}")
        elif thing.kind == "chest" and not isinstance(thing.of("loot"), str):
            self._report(f"{shown} is a chest without a property `loot`")
        elif not (thing.of("object") or THINGS[thing.kind]):
            self._report(f"{shown}: the property `object` is missing")
        elif self._is_new(thing.name, self.objects, shown) and self._is_walkable(cells[0], shown):
            self.objects.append(self._thing(thing, cells[0]))

    def _thing(self, thing: tiled.MapObject, cell: Cell) -> dict[str, Any]:
        targets = str(thing.of("targets", "") or "").split(",")
        return {
            "id": thing.name,
            "object_type": thing.kind,
            "cell": cell,
            "loot": str(thing.of("loot", "") or ""),
            "definition": str(thing.of("object") or THINGS[thing.kind]),
            "targets": [each.strip() for each in targets if each.strip()],
        }

    def _station(self, thing: tiled.MapObject, cells: list[Cell], shown: Shown) -> None:
        if not isinstance(thing.of("station"), str):
            self._report(f"{shown}: the property `station` is missing")
        elif self._is_new(thing.name, self.stations, shown) and self._is_walkable(cells[0], shown):
            self.stations.append({"id": thing.name, "station": thing.of("station"), "cell": cells[0]})

    def _node(self, thing: tiled.MapObject, cells: list[Cell], shown: Shown) -> None:
        if not thing.kind:
            self._report(f"{shown} has no class, which names what it is")
        elif self._is_new(thing.name, self.nodes, shown) and self._is_walkable(cells[0], shown):
            self.nodes.append({"id": thing.name, "node": thing.kind, "cell": cells[0]})

    def _region(self, thing: tiled.MapObject, cells: list[Cell], shown: Shown) -> None:
        """Several shapes of one name are one region."""
        free = [cell for cell in cells if self.walk[self._index(cell)]]
        if not free:
            self._report(f"{shown} has no cell that can be walked on")
        self.regions[thing.name] = _rows({*self.regions.get(thing.name, ()), *free})

    def _side(self, thing: tiled.MapObject, cells: list[Cell], shown: Shown) -> None:
        side = thing.of("side")
        if side not in SIDES:
            self._report(f"{shown}: the property `side` is none of {', '.join(SIDES)}")
        else:
            self.sides.setdefault(thing.name, ([], []))[SIDES.index(side)].extend(cells)

    def _check_sides(self) -> None:
        """Once everybody stands: nobody can begin a battle on the cell of somebody else."""
        for name, sides in self.sides.items():
            shown = Shown("placement", name, next(chain(*sides), None))
            if name not in self.regions:
                self._report(f"{shown}: there is no such region")
            if not all(sides) or set(sides[0]) & set(sides[1]):
                self._report(f"{shown}: it needs cells for the attackers and others for the defenders")
            for cell in _rows({*sides[0], *sides[1]}):
                self._is_walkable(cell, shown)

    def _check_names(self) -> None:
        """What remembers how it stands is told apart by its name: a thing of the map, or a node."""
        things = {thing["id"] for thing in self.objects}
        for node in self.nodes:
            if node["id"] in things:
                where = f"layer `nodes`, `{node['id']}`, cell {node['cell']}"
                self._report(f"{where}: a thing of the layer `objects` has this name")

    def _stand_in_the_way(self) -> None:
        """Who or what stands on a cell is walked around, and looked past. Nobody roams through doors."""
        doors = {thing["cell"] for thing in self.objects if thing["object_type"] == "door"}
        for thing in [*self.npcs, *self.objects, *self.stations, *self.nodes]:
            self.walk[self._index(thing["cell"])] = thing["cell"] in doors
        for name, cells in self.regions.items():
            self.regions[name] = [c for c in cells if self.walk[self._index(c)] and c not in doors]
            if cells and not self.regions[name]:
                self._report(f"layer `regions`, `{name}`, cell {cells[0]}: has no cell that nobody stands on")

    # The result

    def _document(self) -> dict[str, Any]:
        tiles = sorted(set(self.ground))
        number = {sprite: index for index, sprite in enumerate(tiles)}
        document: dict[str, Any] = {
            "id": self.file.path.stem,
            "width": self.drawn.width,
            "height": self.drawn.height,
            "tiles": tiles,
            "ground": [number[sprite] for sprite in self.ground],
            "walk": "".join(str(int(can)) for can in self.walk),
            "sight_blocked": "".join(str(int(blocked)) for blocked in self.sight_blocked),
            "cost": "".join(map(str, self.cost)),
            "tags": list(self._sorted_tags()),
            "decor": sorted(self.decor, key=lambda thing: (thing["cell"][1], thing["cell"][0])),
            "arrivals": self.arrivals,
            "regions": self.regions,
        }
        if self.sides:
            document["placement"] = {name: [_rows({*each}) for each in of] for name, of in self.sides.items()}
        for name in ("exits", "npcs", "objects", "stations", "nodes"):
            document[name] = sorted(getattr(self, name), key=lambda thing: thing["id"])
        canonical = msgspec.json.encode(document, order="sorted")
        found: dict[str, Any] = msgspec.json.decode(canonical)
        return found | {"hash": hashlib.sha256(canonical).hexdigest()[:32]}

    def _sorted_tags(self) -> Iterator[tuple[int, int, str]]:
        for index, tags in enumerate(self.tags):
            yield from ((*self._cell(index), tag) for tag in sorted(tags))

    def _is_new(self, name: str, known: list[dict[str, Any]], shown: Shown) -> bool:
        is_new = all(other["id"] != name for other in known)
        if not is_new:
            self._report(f"{shown}: this name is there twice")
        return is_new

    def _is_walkable(self, cell: Cell, shown: Shown) -> bool:
        if not self.walk[self._index(cell)]:
            self._report(f"{shown.at(cell)}: nobody can stand there")
        return self.walk[self._index(cell)]

    def _index(self, cell: Cell) -> int:
        return cell[1] * self.drawn.width + cell[0]

    def _cell(self, index: int) -> Cell:
        return index % self.drawn.width, index // self.drawn.width

    def _report(self, message: str) -> None:
        self.problems.append(Problem(self.file.shown, message))
        if len(self.problems) >= PROBLEMS_MAX:
            raise _TooManyProblems


def _rows(cells: set[Cell]) -> list[Cell]:
    """Return cells in the order of reading."""
    return sorted(cells, key=lambda cell: (cell[1], cell[0]))
