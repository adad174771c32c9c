"""The piece of a zone that a battle is fought on: a rectangle around a cell, copied at its start."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from aether.protocol.base import Cell
from aether.protocol.combat_values import BoardView
from apps.world.definitions import MapDef, Sides

ATTACKERS = 0
"""The side of those who attack a group."""
PARTY_MAX = 4
"""How many of them there may be."""
WIDTH = 14
HEIGHT = 12


class Battleground(NamedTuple):
    """`origin` is the cell of the zone at the board's (0, 0); `contact` and `placement` are of the board."""

    board: BoardView
    origin: Cell
    contact: Cell
    placement: Sides | None = None


def battleground(
    drawn: MapDef, contact: Cell, blocked: Mapping[Cell, Collection[str]] | None = None
) -> Battleground:
    """Copy the rectangle around a cell, kept inside the map; `blocked` is what things stand in the way of."""
    width, height = min(WIDTH, drawn.width), min(HEIGHT, drawn.height)
    left = min(max(0, contact[0] - width // 2), drawn.width - width)
    top = min(max(0, contact[1] - height // 2), drawn.height - height)
    terrain = "".join(
        _digit(drawn, y * drawn.width + x, (blocked or {}).get((x, y), ()))
        for y in range(top, top + height)
        for x in range(left, left + width)
    )
    tags = tuple(
        (x - left, y - top, tag)
        for x, y, tag in drawn.tags
        if left <= x < left + width and top <= y < top + height
    )
    board = BoardView(width=width, height=height, terrain=terrain, tags=tags)
    placement = _placement(drawn, contact, board, (left, top))
    return Battleground(board, (left, top), (contact[0] - left, contact[1] - top), placement)


def _placement(drawn: MapDef, contact: Cell, board: BoardView, origin: Cell) -> Sides | None:
    """Return where the map lets battles of this region begin, if all of it lies on the board."""
    for region, sides in drawn.placement.items():
        if contact not in drawn.regions.get(region, ()):
            continue
        moved = [tuple((x - origin[0], y - origin[1]) for x, y in side) for side in sides]
        if all(0 <= x < board.width and 0 <= y < board.height for side in moved for x, y in side):
            return moved[0], moved[1]
    return None


def _digit(drawn: MapDef, index: int, blocked: Collection[str]) -> str:
    can_walk = int(drawn.walk[index] == "1" and "walk" not in blocked)
    blocks = int(drawn.sight_blocked[index] == "1" or "sight" in blocked)
    return f"{can_walk | blocks << 1 | (int(drawn.cost[index]) - 1) << 2:x}"
