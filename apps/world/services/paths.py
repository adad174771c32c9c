"""Paths that clients ask for: every cell beside the one before, and free to walk on."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aether.protocol.base import Cell
from apps.world.definitions import MapDef
from apps.world.errors import BadPathError, BlockedError
from apps.world.rules.walking import distance


def way_on(asked: Sequence[Cell], stands: Cell, drawn: MapDef, closed: Collection[Cell] = ()) -> list[Cell]:
    """Return the cells to walk after `stands`; refuse a path that jumps or leads into a wall or closed door.

    A path that passes over `stands` is meant to go on from there: its client was a step behind.
    """
    cells = [(x, y) for x, y in asked]
    if stands in cells:
        cells = cells[cells.index(stands) + 1 :]
    before = stands
    for cell in cells:
        if distance(before, cell) != 1:
            raise BadPathError(cell=list(stands))
        if not drawn.is_walkable(cell) or cell in closed:
            raise BlockedError(cell=list(cell))
        before = cell
    return cells
