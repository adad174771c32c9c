"""Which cells an object of a map covers."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

from aether.protocol.base import Cell
from apps.world.maps.tiled import MapObject, TiledMap

Corner = tuple[float, float]


def shape_problem(thing: MapObject) -> str:
    """Return why an object cannot be used, or nothing."""
    if thing.template:
        return "templates cannot be used: detach it"
    if thing.gid:
        return "tiles cannot stand in an object layer: use a point or a rectangle"
    if thing.ellipse or thing.polyline or thing.text is not None:
        return "it is none of point, rectangle and polygon"
    return "it is turned" if thing.rotation else ""


def cells_under(thing: MapObject, drawn: TiledMap) -> list[Cell]:
    """Return the cells that a point, rectangle or polygon covers, row by row; none if it leaves the map.

    Those of a polygon are the ones whose centres it covers. Objects of an isometric map are measured in
    squares as high as a tile.
    """
    side_x = drawn.tileheight if drawn.orientation == "isometric" else drawn.tilewidth
    side_y = drawn.tileheight
    if thing.polygon:
        corners = [((thing.x + c.x) / side_x, (thing.y + c.y) / side_y) for c in thing.polygon]
        return list(_cells_in(corners, drawn))
    left, top = floor(thing.x / side_x), floor(thing.y / side_y)
    right = max(left + 1, round((thing.x + thing.width) / side_x))
    bottom = max(top + 1, round((thing.y + thing.height) / side_y))
    if left < 0 or top < 0 or right > drawn.width or bottom > drawn.height:
        return []
    return [(x, y) for y in range(top, bottom) for x in range(left, right)]


def _cells_in(corners: list[Corner], drawn: TiledMap) -> Iterator[Cell]:
    """Each row crosses the sides once; between an odd crossing and the next is inside."""
    for y in range(drawn.height):
        crossings = sorted(_crossings(corners, y + 0.5))
        for left, right in zip(crossings[::2], crossings[1::2], strict=True):
            first, last = max(0, ceil(left - 0.5)), min(drawn.width - 1, ceil(right - 0.5) - 1)
            yield from ((x, y) for x in range(first, last + 1))


def _crossings(corners: list[Corner], height: float) -> Iterator[float]:
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (ay > height) != (by > height):
            yield (bx - ax) * (height - ay) / (by - ay) + ax
