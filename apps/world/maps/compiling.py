"""The map compiler: from a Tiled file to the document of a MapDef. Every problem names layer and cell.

What a cell is follows from all tiles on it, in any order of layers: it can be walked on if each of
them can, seen through if each can, costs what the dearest costs, and has the tags of all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from aether.kernel.content import InvalidContentError, Problem, SourceFile
from apps.world.maps import tiled

GROUND = "ground"
DECOR = ("decor", "overhead")
COLLISION = "collision"

Cell = tuple[int, int]


def compile_map(file: SourceFile) -> dict[str, Any]:
    """Return the document of a map; `id` is the name of its file."""
    return _Compiler(file).compile()


class _Compiler:
    """Gathers a map's cells and objects, and the problems met on the way."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.drawn = tiled.read_map(file)
        self.tiles = tiled.tiles_by_number(self.drawn, file)
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
        self.regions: dict[str, list[Cell]] = {}

    def compile(self) -> dict[str, Any]:
        for layer in self.drawn.layers:
            if layer.type == "tilelayer":
                self._tile_layer(layer)
        if not any(layer.name == GROUND for layer in self.drawn.layers):
            self._report(f"the layer `{GROUND}` is missing")
        self.walk = [can and bool(sprite) for can, sprite in zip(self.walk, self.ground, strict=True)]
        for layer in self.drawn.layers:
            if layer.type == "objectgroup":
                self._object_layer(layer)
        self._stand_in_the_way()
        if self.problems:
            raise InvalidContentError(self.problems)
        return self._document()

    def _tile_layer(self, layer: tiled.Layer) -> None:
        if layer.name not in (GROUND, COLLISION) and not layer.name.startswith(DECOR):
            self._report(f"layer `{layer.name}` is none of ground, decor…, overhead…, collision")
            return
        for index, number in enumerate(tiled.numbers_of(layer, self.drawn, self._report)):
            if not number:
                continue
            tile = self.tiles.get(number)
            if tile is None:
                self._report(
                    f"layer `{layer.name}`, cell {self._cell(index)}: tile {number} is in no tileset"
                )
            elif layer.name == COLLISION:
                self.walk[index] = False
            else:
                self._tile(layer, index, tile)

    def _tile(self, layer: tiled.Layer, index: int, tile: tiled.Tile) -> None:
        self.walk[index] &= bool(tile.of("walk", True))
        self.sight_blocked[index] |= not tile.of("los", True)
        cost = tile.of("cost", 1)
        if isinstance(cost, bool) or cost not in (1, 2, 3):
            self._report(
                f"layer `{layer.name}`, cell {self._cell(index)}: the cost {cost!r} is not 1, 2 or 3"
            )
            cost = 1
        self.cost[index] = max(self.cost[index], cost)
        self.tags[index] |= {tag.strip() for tag in str(tile.of("tags", "")).split(",") if tag.strip()}
        if layer.name == GROUND:
            self.ground[index] = tile.sprite
        else:
            self.decor.append({"sprite": tile.sprite, "cell": self._cell(index)})

    def _object_layer(self, layer: tiled.Layer) -> None:
        readers: dict[str, Callable[[tiled.MapObject, list[Cell], str], None]] = {
            "exits": self._exit,
            "npcs": self._npc,
            "objects": self._object,
            "regions": self._region,
        }
        if layer.name not in readers:
            self._report(f"layer `{layer.name}` is none of {', '.join(readers)}")
            return
        for thing in layer.objects:
            shown = f"layer `{layer.name}`, `{thing.name}`"
            cells = list(tiled.cells_under(thing, self.drawn))
            if not thing.name:
                self._report(f"layer `{layer.name}`: object {thing.id} has no name")
            elif not cells or not all(self._is_on(cell) for cell in cells):
                self._report(f"{shown} is not on the map")
            else:
                readers[layer.name](thing, cells, shown)

    def _exit(self, thing: tiled.MapObject, cells: list[Cell], shown: str) -> None:
        if thing.type == "arrival":
            if self._is_walkable(cells[0], shown):
                self.arrivals[thing.name] = cells[0]
            return
        for name in ("to_zone", "arrival"):
            if not isinstance(thing.of(name), str):
                self._report(f"{shown}: the property `{name}` is missing")
        if all(self._is_walkable(cell, shown) for cell in cells):
            self.exits.append(
                {
                    "id": thing.name,
                    "cells": cells,
                    "to_zone": thing.of("to_zone"),
                    "arrival": thing.of("arrival"),
                    "is_one_way": bool(thing.of("one_way", False)),
                }
            )

    def _npc(self, thing: tiled.MapObject, cells: list[Cell], shown: str) -> None:
        if self._is_walkable(cells[0], shown):
            self.npcs.append({"id": thing.name, "cell": cells[0]})

    def _object(self, thing: tiled.MapObject, cells: list[Cell], shown: str) -> None:
        if thing.type != "chest" or not isinstance(thing.of("loot"), str):
            self._report(f"{shown} is not of class `chest` with a property `loot`")
        elif self._is_walkable(cells[0], shown):
            found = {"id": thing.name, "object_type": thing.type, "cell": cells[0], "loot": thing.of("loot")}
            self.objects.append(found)

    def _region(self, thing: tiled.MapObject, cells: list[Cell], shown: str) -> None:
        free = [cell for cell in cells if self.walk[self._index(cell)]]
        if not free:
            self._report(f"{shown} has no cell that can be walked on")
        self.regions[thing.name] = free

    def _stand_in_the_way(self) -> None:
        """Who or what stands on a cell is walked around, and looked past."""
        for thing in [*self.npcs, *self.objects]:
            self.walk[self._index(thing["cell"])] = False
        for name, cells in self.regions.items():
            self.regions[name] = [cell for cell in cells if self.walk[self._index(cell)]]

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
        for name in ("exits", "npcs", "objects"):
            document[name] = sorted(getattr(self, name), key=lambda thing: thing["id"])
        canonical = msgspec.json.encode(document, order="sorted")
        found: dict[str, Any] = msgspec.json.decode(canonical)
        return found | {"hash": hashlib.sha256(canonical).hexdigest()[:32]}

    def _sorted_tags(self) -> Iterator[tuple[int, int, str]]:
        for index, tags in enumerate(self.tags):
            yield from ((*self._cell(index), tag) for tag in sorted(tags))

    def _is_walkable(self, cell: Cell, shown: str) -> bool:
        if not self.walk[self._index(cell)]:
            self._report(f"{shown}, cell {cell}: nobody can stand there")
        return self.walk[self._index(cell)]

    def _is_on(self, cell: Cell) -> bool:
        return 0 <= cell[0] < self.drawn.width and 0 <= cell[1] < self.drawn.height

    def _index(self, cell: Cell) -> int:
        return cell[1] * self.drawn.width + cell[0]

    def _cell(self, index: int) -> Cell:
        return index % self.drawn.width, index // self.drawn.width

    def _report(self, message: str) -> None:
        self.problems.append(Problem(self.file.shown, message))
