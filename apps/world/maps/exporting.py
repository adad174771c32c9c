"""Back from the document of a map to Tiled: a map to look at, with every cell as the game plays on it.

The pictures are gone, the rules are not: compiling what this writes gives the same document again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any
from xml.sax.saxutils import quoteattr

from aether.protocol.base import Cell
from apps.world.definitions import MapDef
from apps.world.maps.project import SIDES, list_of

TILE_WIDTH, TILE_HEIGHT = 64, 32

Rules = tuple[bool, bool, int, str]
"""Whether a cell can be walked on and seen through, what it costs, and its tags."""
PLAIN: Rules = (True, True, 1, "")

TileKey = tuple[str, Rules]
NOTHING_SPRITE = "nothing"


def as_tmx(drawn: MapDef) -> str:
    """Return the map as a .tmx file that needs no other file."""
    return _Export(drawn).text()


class _Export:
    def __init__(self, drawn: MapDef) -> None:
        self.drawn = drawn
        self.numbers: dict[TileKey, int] = {}
        self.objects = 0
        self.layers = 0
        self.tags: dict[Cell, list[str]] = {}
        for x, y, tag in drawn.tags:
            self.tags.setdefault((x, y), []).append(tag)
        # Whoever stands on a cell closes it: what is below was open when the map was drawn.
        self.opened = {npc.cell for npc in drawn.npcs} | {thing.cell for thing in drawn.objects}
        self.opened |= {each.cell for each in drawn.stations} | {each.cell for each in drawn.nodes}

    def text(self) -> str:
        drawn = self.drawn
        body = [*self._tile_layers(), *self._object_layers()]
        head = _tag(
            "map",
            version="1.10",
            orientation="isometric",
            renderorder="right-down",
            width=drawn.width,
            height=drawn.height,
            tilewidth=TILE_WIDTH,
            tileheight=TILE_HEIGHT,
            infinite=0,
            nextlayerid=self.layers + 1,
            nextobjectid=self.objects + 1,
        )
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', head, *self._tileset(), *body, "</map>"]
        return "\n".join(lines) + "\n"

    # Tiles

    def _tile_layers(self) -> Iterator[str]:
        yield from self._tile_layer("ground", [self._ground(cell) for cell in self._cells()])
        for name, grid in self._decor().items():
            yield from self._tile_layer(name, grid)
        closed = [self._closed(cell) for cell in self._cells()]
        if any(closed):
            yield from self._tile_layer("collision", closed)

    def _ground(self, cell: Cell) -> int:
        sprite = self._sprite(cell)
        return self._number(sprite, self._rules(cell)) if sprite else 0

    def _closed(self, cell: Cell) -> int:
        """Where there is no ground, the collision layer keeps what else the cell was."""
        if self._sprite(cell):
            return 0
        rules = self._rules(cell)
        return 0 if rules[1:] == PLAIN[1:] else self._number(NOTHING_SPRITE, rules)

    def _decor(self) -> dict[str, list[int]]:
        grids: dict[str, list[int]] = {}
        seen: dict[Cell, int] = {}
        for thing in self.drawn.decor:
            depth = seen[thing.cell] = seen.get(thing.cell, 0) + 1
            grid = grids.setdefault(f"decor_{depth}", [0] * (self.drawn.width * self.drawn.height))
            grid[self._index(thing.cell)] = self._number(thing.sprite, PLAIN)
        return grids

    def _rules(self, cell: Cell) -> Rules:
        drawn, index = self.drawn, self._index(cell)
        can_walk = drawn.walk[index] == "1" or cell in self.opened
        tags = ",".join(self.tags.get(cell, ()))
        return can_walk, drawn.sight_blocked[index] == "0", int(drawn.cost[index]), tags

    def _tile_layer(self, name: str, grid: list[int]) -> Iterator[str]:
        self.layers += 1
        width, height = self.drawn.width, self.drawn.height
        yield " " + _tag("layer", id=self.layers, name=name, width=width, height=height)
        yield '  <data encoding="csv">'
        yield ",\n".join(",".join(map(str, grid[y * width : (y + 1) * width])) for y in range(height))
        yield "</data>"
        yield " </layer>"

    def _tileset(self) -> Iterator[str]:
        yield " " + _tag(
            "tileset",
            firstgid=1,
            name=self.drawn.id,
            tilewidth=TILE_WIDTH,
            tileheight=TILE_HEIGHT,
            tilecount=len(self.numbers),
            columns=0,
        )
        for (sprite, (can_walk, can_see, cost, tags)), number in self.numbers.items():
            yield "  " + _tag("tile", id=number - 1)
            yield from _properties("cell", sprite=sprite, walk=can_walk, los=can_see, cost=cost, tags=tags)
            yield "  </tile>"
        yield " </tileset>"

    def _number(self, sprite: str, rules: Rules) -> int:
        return self.numbers.setdefault((sprite, rules), len(self.numbers) + 1)

    # Objects

    def _object_layers(self) -> Iterator[str]:
        drawn = self.drawn
        ways = [
            line
            for way in drawn.exits
            for line in self._shapes(
                way.id,
                way.cells,
                "exit",
                to_zone=way.to_zone,
                arrival=way.arrival,
                one_way=way.is_one_way,
            )
        ]
        for name, cell in drawn.arrivals.items():
            ways += self._shapes(name, [cell], "arrival")
        people = [line for npc in drawn.npcs for line in self._shapes(npc.id, [npc.cell], "npc", npc=npc.id)]
        things = [
            line
            for thing in drawn.objects
            for line in self._shapes(
                thing.id,
                [thing.cell],
                thing.object_type,
                loot=thing.loot,
                object=thing.definition,
                targets=",".join(thing.targets),
            )
        ]
        things += [
            line
            for each in drawn.stations
            for line in self._shapes(each.id, [each.cell], "station", station=each.station)
        ]
        nodes = [line for each in drawn.nodes for line in self._shapes(each.id, [each.cell], each.node)]
        regions = [
            line for name, cells in drawn.regions.items() for line in self._shapes(name, cells, "region")
        ]
        sides = [
            line
            for name, both in drawn.placement.items()
            for side, cells in zip(SIDES, both, strict=True)
            for line in self._shapes(name, cells, "side", side=side)
        ]
        layers = {
            "exits": ways,
            "npcs": people,
            "objects": things,
            "nodes": nodes,
            "regions": regions,
            "placement": sides,
        }
        for name, lines in layers.items():
            if lines:
                self.layers += 1
                yield " " + _tag("objectgroup", id=self.layers, name=name)
                yield from lines
                yield " </objectgroup>"

    def _shapes(self, name: str, cells: Iterable[Cell], kind: str, **properties: str | int) -> Iterator[str]:
        """Yield one rectangle for each run of cells in a row: together they are exactly these cells."""
        for x, y, length in _runs(cells):
            self.objects += 1
            yield "  " + _tag(
                "object",
                id=self.objects,
                name=name,
                type=kind,
                x=x * TILE_HEIGHT,
                y=y * TILE_HEIGHT,
                width=length * TILE_HEIGHT,
                height=TILE_HEIGHT,
            )
            yield from _properties(kind, **properties)
            yield "  </object>"

    # Places

    def _cells(self) -> Iterator[Cell]:
        yield from ((x, y) for y in range(self.drawn.height) for x in range(self.drawn.width))

    def _sprite(self, cell: Cell) -> str:
        return self.drawn.tiles[self.drawn.ground[self._index(cell)]]

    def _index(self, cell: Cell) -> int:
        return cell[1] * self.drawn.width + cell[0]


def _runs(cells: Iterable[Cell]) -> Iterator[tuple[int, int, int]]:
    """Yield x, y and length of each run of cells in a row."""
    ordered = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    for (y, _), run in groupby(enumerate(ordered), key=lambda at: (at[1][1], at[1][0] - at[0])):
        found = list(run)
        yield found[0][1][0], y, len(found)


def _properties(kind: str, /, **values: Any) -> Iterator[str]:
    if not values:
        return
    yield "   <properties>"
    for name, value in values.items():
        match value:
            case bool():
                yield "    " + _tag("property", name=name, type="bool", value=str(value).lower(), end="/")
            case int():
                chosen = _chosen(kind, name)
                yield "    " + _tag("property", name=name, type="int", **chosen, value=value, end="/")
            case _:
                yield "    " + _tag("property", name=name, **_chosen(kind, name), value=value, end="/")
    yield "   </properties>"


def _chosen(kind: str, name: str) -> dict[str, str]:
    found = list_of(kind, name)
    return {"propertytype": found} if found else {}


def _tag(tag: str, *, end: str = "", **attributes: object) -> str:
    return f"<{tag}" + "".join(f" {name}={quoteattr(str(of))}" for name, of in attributes.items()) + f"{end}>"
