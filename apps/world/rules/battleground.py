"""The piece of a zone that a battle is fought on: a rectangle around a cell, copied at its start."""

from __future__ import annotations

from typing import NamedTuple

from aether.protocol.base import Cell
from aether.protocol.combat_values import BoardView
from apps.world.definitions import MapDef

WIDTH = 14
HEIGHT = 12


class Battleground(NamedTuple):
    """`origin` is the cell of the zone at the board's (0, 0); `contact` is a cell of the board."""

    board: BoardView
    origin: Cell
    contact: Cell


def battleground(drawn: MapDef, contact: Cell) -> Battleground:
    """Copy the rectangle around a cell, kept inside the map."""
    width, height = min(WIDTH, drawn.width), min(HEIGHT, drawn.height)
    left = min(max(0, contact[0] - width // 2), drawn.width - width)
    top = min(max(0, contact[1] - height // 2), drawn.height - height)
    terrain = "".join(
        _digit(drawn, y * drawn.width + x)
        for y in range(top, top + height)
        for x in range(left, left + width)
    )
    tags = tuple(
        (x - left, y - top, tag)
        for x, y, tag in drawn.tags
        if left <= x < left + width and top <= y < top + height
    )
    board = BoardView(width=width, height=height, terrain=terrain, tags=tags)
    return Battleground(board, (left, top), (contact[0] - left, contact[1] - top))


def _digit(drawn: MapDef, index: int) -> str:
    can_walk, blocks = int(drawn.walk[index]), int(drawn.sight_blocked[index])
    return f"{can_walk | blocks << 1 | (int(drawn.cost[index]) - 1) << 2:x}"
