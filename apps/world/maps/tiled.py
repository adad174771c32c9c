"""Reading Tiled's JSON: tilesets, tile layers in every encoding, object layers. Bounded, and located.

The top bits of a tile's number say how its picture is flipped; they are masked before any lookup.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from aether.kernel.content import InvalidContentError, Problem, SourceFile
from aether.kernel.content.reading import read_document

GID_MASK = 0x0FFFFFFF
SIDE_MAX = 128

Report = Callable[[str], None]
Side = Annotated[int, msgspec.Meta(ge=1, le=SIDE_MAX)]
Gid = Annotated[int, msgspec.Meta(ge=0, le=0xFFFFFFFF)]


class Property(msgspec.Struct, frozen=True):
    name: str
    value: bool | int | float | str


class Properties(msgspec.Struct, frozen=True):
    """Base of what carries typed properties, which Tiled keeps as a list."""

    properties: tuple[Property, ...] = msgspec.field(default=(), name="properties")

    def of(self, name: str, default: Any = None) -> Any:
        return next((found.value for found in self.properties if found.name == name), default)


class Tile(Properties, frozen=True, kw_only=True):
    """One picture of a collection; the name of the file is the name of its sprite."""

    id: int
    image: str = ""

    @property
    def sprite(self) -> str:
        return Path(self.image).stem


class Tileset(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    tiles: tuple[Tile, ...] = ()


class TilesetUse(msgspec.Struct, frozen=True, kw_only=True):
    """A tileset in a map: by itself, or by the name of its file."""

    firstgid: Annotated[int, msgspec.Meta(ge=1, le=GID_MASK)]
    source: str | None = None
    name: str = ""
    tiles: tuple[Tile, ...] = ()


class MapObject(Properties, frozen=True, kw_only=True):
    id: int
    name: str = ""
    type: str = ""
    x: float
    y: float
    width: float = 0.0
    height: float = 0.0
    point: bool = False
    polygon: tuple[dict[str, float], ...] = ()


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    type: Literal["tilelayer", "objectgroup"]
    width: int = 0
    height: int = 0
    data: str | tuple[Gid, ...] = ()
    encoding: Literal["csv", "base64"] = "csv"
    compression: Literal["", "zlib", "gzip"] = ""
    objects: tuple[MapObject, ...] = ()


class TiledMap(msgspec.Struct, frozen=True, kw_only=True):
    orientation: Literal["isometric", "orthogonal"]
    infinite: bool = False
    width: Side
    height: Side
    tilewidth: Annotated[int, msgspec.Meta(ge=1, le=1024)]
    tileheight: Annotated[int, msgspec.Meta(ge=1, le=1024)]
    layers: tuple[Layer, ...]
    tilesets: tuple[TilesetUse, ...]


def read_map(file: SourceFile) -> TiledMap:
    """Decode a map file, or raise InvalidContentError."""
    try:
        drawn = msgspec.convert(file.document.value, TiledMap)
    except msgspec.ValidationError as error:
        raise InvalidContentError(
            [Problem(file.shown, f"this is not a map that can be used: {error}")]
        ) from error
    if drawn.infinite:
        raise InvalidContentError([Problem(file.shown, "infinite maps cannot be used: give it a size")])
    return drawn


def tiles_by_number(drawn: TiledMap, file: SourceFile) -> dict[int, Tile]:
    """Return every tile of the map's tilesets by its number in the map."""
    found: dict[int, Tile] = {}
    for use in drawn.tilesets:
        tiles = use.tiles if use.source is None else _external(use.source, file).tiles
        found |= {use.firstgid + tile.id: tile for tile in tiles}
    return found


def _external(source: str, file: SourceFile) -> Tileset:
    folder = file.path.parent
    path = folder / source
    if path.suffix != ".tsj" or not path.resolve().is_relative_to(folder.resolve()):
        raise InvalidContentError(
            [Problem(file.shown, f"the tileset `{source}` is not a .tsj file beside the map")]
        )
    document = read_document(path, f"{Path(file.shown).parent.as_posix()}/{source}")
    try:
        return msgspec.convert(document.value, Tileset)
    except msgspec.ValidationError as error:
        raise InvalidContentError(
            [Problem(file.shown, f"the tileset `{source}` cannot be used: {error}")]
        ) from error


def numbers_of(layer: Layer, drawn: TiledMap, report: Report) -> tuple[int, ...]:
    """Return the layer's tile numbers without their flips, row by row; what is wrong is reported."""
    size = drawn.width * drawn.height
    if (layer.width, layer.height) != (drawn.width, drawn.height):
        report(f"layer `{layer.name}` is not as large as the map")
        return (0,) * size
    numbers = _decoded(layer, size, report) if isinstance(layer.data, str) else layer.data
    if len(numbers) != size:
        report(f"layer `{layer.name}` has {len(numbers)} cells instead of {size}")
        return (0,) * size
    return tuple(number & GID_MASK for number in numbers)


def _decoded(layer: Layer, size: int, report: Report) -> tuple[int, ...]:
    assert isinstance(layer.data, str)
    if layer.encoding != "base64":
        report(f"layer `{layer.name}` has text that is not base64")
        return ()
    try:
        content = base64.b64decode(layer.data.strip(), validate=True)
        if layer.compression:
            # 15 window bits, plus 16 where the data comes as gzip; one byte more than fits shows a bomb.
            unpacker = zlib.decompressobj(15 + 16 * (layer.compression == "gzip"))
            content = unpacker.decompress(content, size * 4 + 1)
    except (binascii.Error, zlib.error) as error:
        report(f"layer `{layer.name}` cannot be unpacked: {error}")
        return ()
    if len(content) != size * 4:
        report(f"layer `{layer.name}` does not unpack to {size} cells")
        return ()
    return struct.unpack(f"<{size}I", content)


def cells_under(thing: MapObject, drawn: TiledMap) -> Iterator[tuple[int, int]]:
    """Yield the cells that a point, rectangle or polygon covers; those of a polygon by their centres."""
    side_x = drawn.tileheight if drawn.orientation == "isometric" else drawn.tilewidth
    side_y = drawn.tileheight
    if thing.polygon:
        corners = [((thing.x + c["x"]) / side_x, (thing.y + c["y"]) / side_y) for c in thing.polygon]
        yield from _cells_in(corners, drawn)
        return
    left, top = int(thing.x // side_x), int(thing.y // side_y)
    right = max(left + 1, round((thing.x + thing.width) / side_x))
    bottom = max(top + 1, round((thing.y + thing.height) / side_y))
    yield from ((x, y) for y in range(top, bottom) for x in range(left, right))


def _cells_in(corners: list[tuple[float, float]], drawn: TiledMap) -> Iterator[tuple[int, int]]:
    for y in range(drawn.height):
        for x in range(drawn.width):
            if _is_inside((x + 0.5, y + 0.5), corners):
                yield x, y


def _is_inside(point: tuple[float, float], corners: list[tuple[float, float]]) -> bool:
    inside = False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (ay > point[1]) != (by > point[1]) and point[0] < (bx - ax) * (point[1] - ay) / (by - ay) + ax:
            inside = not inside
    return inside
