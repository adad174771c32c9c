"""What a Tiled map says, as types: the same for JSON (.tmj, .tsj) and for XML (.tmx, .tsx).

Every number is bounded here, so that what is made of a map is bounded too, whatever the file claims.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

import msgspec

from aether.kernel.content import InvalidContentError, Problem, SourceFile
from aether.kernel.content.reading import read_document, read_text
from apps.world.maps import tmx

GID_MASK = 0x0FFFFFFF
"""The top four bits of a tile's number say how its picture is flipped; they mean nothing to the game."""
SIDE_MAX = 128
LAYERS_MAX = 32
OBJECTS_MAX = 8_192
CORNERS_MAX = 256
TILESETS_MAX = 32
TILES_MAX = 4_096
FAR = 1_000_000

Side = Annotated[int, msgspec.Meta(ge=1, le=SIDE_MAX)]
Gid = Annotated[int, msgspec.Meta(ge=0, le=0xFFFFFFFF)]
Pixels = Annotated[int, msgspec.Meta(ge=1, le=1024)]
Coordinate = Annotated[float, msgspec.Meta(ge=-FAR, le=FAR)]


class Property(msgspec.Struct, frozen=True):
    name: str
    value: bool | int | float | str | None = None


class Properties(msgspec.Struct, frozen=True):
    """Base of what carries typed properties, which Tiled keeps as a list."""

    properties: tuple[Property, ...] = msgspec.field(default=(), name="properties")

    def of(self, name: str, default: Any = None) -> Any:
        return next((found.value for found in self.properties if found.name == name), default)


class Tile(Properties, frozen=True, kw_only=True):
    """One tile. The property `sprite` names its sprite, else its picture's file does."""

    id: Annotated[int, msgspec.Meta(ge=0, le=GID_MASK)]
    image: str = ""

    @property
    def sprite(self) -> str:
        named = self.of("sprite")
        return named if isinstance(named, str) else PurePosixPath(self.image.replace("\\", "/")).stem


Tiles = Annotated[tuple[Tile, ...], msgspec.Meta(max_length=TILES_MAX)]


class Tileset(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    source: str | None = None
    tiles: Tiles = ()


class TilesetUse(msgspec.Struct, frozen=True, kw_only=True):
    """A tileset in a map: by itself, or by the name of its file."""

    firstgid: Annotated[int, msgspec.Meta(ge=1, le=GID_MASK)]
    source: str | None = None
    name: str = ""
    tiles: Tiles = ()


class Corner(msgspec.Struct, frozen=True):
    x: Coordinate
    y: Coordinate


Corners = Annotated[tuple[Corner, ...], msgspec.Meta(max_length=CORNERS_MAX)]


class MapObject(Properties, frozen=True, kw_only=True):
    """A thing of an object layer. Tiled 1.9 called `type` `class`."""

    id: int
    name: str = ""
    type: str = ""
    class_: str = msgspec.field(default="", name="class")
    x: Coordinate
    y: Coordinate
    width: Coordinate = 0.0
    height: Coordinate = 0.0
    rotation: float = 0.0
    point: bool = False
    ellipse: bool = False
    gid: int = 0
    template: str = ""
    text: Any = None
    polyline: Corners = ()
    polygon: Corners = ()

    @property
    def kind(self) -> str:
        return self.type or self.class_


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    type: Literal["tilelayer", "objectgroup", "imagelayer", "group"]
    width: int = 0
    height: int = 0
    data: str | tuple[Gid, ...] = ()
    encoding: Literal["csv", "base64"] = "csv"
    compression: Literal["", "zlib", "gzip", "zstd"] = ""
    objects: Annotated[tuple[MapObject, ...], msgspec.Meta(max_length=OBJECTS_MAX)] = ()


class TiledMap(msgspec.Struct, frozen=True, kw_only=True):
    orientation: Literal["isometric", "orthogonal"]
    infinite: bool = False
    width: Side
    height: Side
    tilewidth: Pixels
    tileheight: Pixels
    layers: Annotated[tuple[Layer, ...], msgspec.Meta(max_length=LAYERS_MAX)]
    tilesets: Annotated[tuple[TilesetUse, ...], msgspec.Meta(max_length=TILESETS_MAX)]


def read_map(file: SourceFile) -> TiledMap:
    """Decode a map file, or raise InvalidContentError."""
    if file.path.suffix == ".tmx":
        value: Any = tmx.map_value(read_text(file.path, file.shown), file.shown)
    else:
        value = read_document(file.path, file.shown).value
    try:
        drawn = msgspec.convert(value, TiledMap)
    except msgspec.ValidationError as error:
        raise _refused(file.shown, f"this is not a map that can be used: {error}") from error
    if drawn.infinite:
        raise _refused(file.shown, "infinite maps cannot be used: give it a size")
    return drawn


def read_tileset(source: str, file: SourceFile) -> Tileset:
    """Decode a tileset that lies beside the map or in a folder below, or raise InvalidContentError."""
    folder = file.path.parent
    path = folder / source
    is_inside = "\0" not in source and path.resolve().is_relative_to(folder.resolve())
    if path.suffix not in (".tsj", ".tsx") or not is_inside:
        raise _refused(file.shown, f"the tileset `{source}` is not a .tsj or .tsx file beside the map")
    shown = f"{Path(file.shown).parent.as_posix()}/{source}"
    if path.suffix == ".tsx":
        value: Any = tmx.tileset_value(read_text(path, shown), shown)
    else:
        value = read_document(path, shown).value
    try:
        found = msgspec.convert(value, Tileset)
    except msgspec.ValidationError as error:
        raise _refused(file.shown, f"the tileset `{source}` cannot be used: {error}") from error
    if found.source is not None:
        raise _refused(file.shown, f"the tileset `{source}` only points to another one, `{found.source}`")
    return found


def _refused(shown: str, message: str) -> InvalidContentError:
    return InvalidContentError([Problem(shown, message)])
