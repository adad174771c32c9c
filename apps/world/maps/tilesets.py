"""Every tile of a map by its number, whatever tilesets it uses and however they are kept."""

from __future__ import annotations

import re
from collections.abc import Callable

from aether.kernel.content import SourceFile
from apps.world.maps.tiled import GID_MASK, Tile, TiledMap, read_tileset

WORD = re.compile(r"[a-z][a-z0-9_]{0,47}$")

Report = Callable[[str], None]


def tiles_by_number(drawn: TiledMap, file: SourceFile, report: Report) -> dict[int, Tile]:
    """Return the tiles; numbers that two tilesets claim, and sprites without a proper name, are reported."""
    found: dict[int, Tile] = {}
    for use in sorted(drawn.tilesets, key=lambda use: use.firstgid):
        name = use.source or use.name
        for tile in use.tiles if use.source is None else read_tileset(use.source, file).tiles:
            number = use.firstgid + tile.id
            if number in found or number > GID_MASK:
                report(f"tileset `{name}`, tile {tile.id}: its number {number} is taken or too large")
            elif not WORD.match(tile.sprite):
                report(f"tileset `{name}`, tile {tile.id}: `{tile.sprite[:60]}` is no name of a sprite")
            else:
                found[number] = tile
    return found
