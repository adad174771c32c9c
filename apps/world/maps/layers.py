"""The numbers of a tile layer, in every encoding that Tiled writes; none unpacks to more than fits."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Callable

from apps.world.maps import zstd
from apps.world.maps.tiled import GID_MASK, Layer, TiledMap

Report = Callable[[str], None]


def numbers_of(layer: Layer, drawn: TiledMap, report: Report) -> tuple[int, ...]:
    """Return the layer's tile numbers without their flips, row by row; what is wrong is reported."""
    size = drawn.width * drawn.height
    if (layer.width, layer.height) != (drawn.width, drawn.height):
        report(f"layer `{layer.name}` is not as large as the map")
        return (0,) * size
    numbers = _decoded(layer, layer.data, size, report) if isinstance(layer.data, str) else layer.data
    if numbers is None:
        return (0,) * size
    if len(numbers) != size:
        report(f"layer `{layer.name}` has {len(numbers)} cells instead of {size}")
        return (0,) * size
    return tuple(number & GID_MASK for number in numbers)


def _decoded(layer: Layer, data: str, size: int, report: Report) -> tuple[int, ...] | None:
    if layer.encoding != "base64":
        report(f"layer `{layer.name}` has text that is not base64")
        return None
    try:
        content = _unpacked(base64.b64decode(data.strip(), validate=True), layer.compression, size * 4)
    except (binascii.Error, ValueError, zlib.error, zstd.CannotUnpackError) as error:
        report(f"layer `{layer.name}` cannot be unpacked: {error}")
        return None
    if len(content) != size * 4:
        report(f"layer `{layer.name}` does not unpack to {size} cells")
        return None
    return struct.unpack(f"<{size}I", content)


def _unpacked(content: bytes, compression: str, size: int) -> bytes:
    """Unpack at most one byte more than `size`: enough to tell that there is too much."""
    match compression:
        case "":
            return content
        case "zstd":
            return zstd.unpacked(content, size + 1)
        case _:
            # 15 window bits, plus 16 where the data comes as gzip.
            return zlib.decompressobj(15 + 16 * (compression == "gzip")).decompress(content, size + 1)
