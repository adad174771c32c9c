"""The same small maps in Tiled's XML: made from their JSON, so that both can be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from aether.kernel import content
from apps.world.maps import compile_map

SHAPES = ("point", "polygon")


def tag(name: str, values: dict[str, Any], inside: str = "") -> str:
    attributes = "".join(f" {key}={quoteattr(_said(value))}" for key, value in values.items())
    return f"<{name}{attributes}>{inside}</{name}>"


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def map_xml(document: dict[str, Any], *, as_elements: bool = False) -> str:
    """Return a map of `tests.world.tiled_maps` as TMX; `as_elements` writes cells as `<tile>` elements."""
    plain = {key: value for key, value in document.items() if key not in ("layers", "tilesets", "type")}
    inside = "".join(tileset_xml(each) for each in document["tilesets"])
    inside += "".join(_layer(each, as_elements) for each in document["layers"])
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tag("map", plain, inside)


def tileset_xml(tileset: dict[str, Any]) -> str:
    tiles = "".join(
        tag("tile", {"id": tile["id"]}, _properties(tile) + tag("image", {"source": tile["image"]}))
        for tile in tileset.get("tiles", ())
    )
    return tag("tileset", {k: v for k, v in tileset.items() if k not in ("tiles", "type")}, tiles)


def compiled_xml(folder: Path, text: str, name: str = "meadow") -> dict[str, Any]:
    """Compile a TMX map that lies in a folder."""
    path = folder / f"{name}.tmx"
    path.write_text(text)
    return compile_map(content.SourceFile(path, f"maps/{path.name}"))


def _layer(layer: dict[str, Any], as_elements: bool) -> str:
    if layer["type"] == "objectgroup":
        return tag("objectgroup", {"name": layer["name"]}, "".join(map(_object, layer["objects"])))
    size = {key: layer[key] for key in ("name", "width", "height")}
    data = layer["data"]
    if isinstance(data, str):
        how = {key: layer[key] for key in ("encoding", "compression") if layer[key]}
        return tag("layer", size, tag("data", how, f"\n   {data}\n  "))
    if as_elements:
        cells = "".join(tag("tile", {"gid": number} if number else {}) for number in data)
        return tag("layer", size, tag("data", {}, cells))
    return tag("layer", size, tag("data", {"encoding": "csv"}, "\n" + ",\n".join(map(str, data)) + "\n"))


def _object(thing: dict[str, Any]) -> str:
    plain = {key: value for key, value in thing.items() if key not in ("properties", *SHAPES)}
    inside = _properties(thing)
    if thing.get("point"):
        inside += tag("point", {})
    if "polygon" in thing:
        points = " ".join(f"{corner['x']},{corner['y']}" for corner in thing["polygon"])
        inside += tag("polygon", {"points": points})
    return tag("object", plain, inside)


def _properties(of: dict[str, Any]) -> str:
    found = "".join(tag("property", each) for each in of.get("properties", ()))
    return tag("properties", {}, found) if found else ""
