"""The shapes of skills: which cells a cast covers, from where it is aimed and where it is cast."""

from __future__ import annotations

from aether.protocol.combat_events import Cell

from .board import distance, is_on
from .definitions import AnyShape, Bar, Board, Circle, Cone, Cross, Line, Ring, Single, Square
from .state import BoardSpec

Offset = tuple[int, int]


def cells_of(shape: AnyShape, *, board: BoardSpec, origin: Cell, caster: Cell) -> list[Cell]:
    """Return the covered cells of the board, nearest to the origin first."""
    if isinstance(shape, Single):
        return [origin]
    if isinstance(shape, Board):
        cells = [(x, y) for y in range(board.height) for x in range(board.width)]
    elif isinstance(shape, Cone):
        cells = _placed(_cone(shape.n), at=caster, facing=direction(caster, origin))
    elif isinstance(shape, Line | Bar):
        cells = _placed(_straight(shape), at=origin, facing=direction(caster, origin))
    else:
        cells = [(origin[0] + x, origin[1] + y) for x, y in _round(shape)]
    on_board = [cell for cell in cells if is_on(board, cell)]
    return sorted(on_board, key=lambda cell: distance(cell, origin))


def direction(start: Cell, end: Cell) -> Offset:
    """Return the unit step along the dominant axis; (0, 0) for the same cell."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    if abs(dx) >= abs(dy):
        return (dx > 0) - (dx < 0), 0
    return 0, (dy > 0) - (dy < 0)


def is_on_axis(start: Cell, end: Cell) -> bool:
    return start[0] == end[0] or start[1] == end[1]


def _round(shape: Circle | Ring | Cross | Square) -> list[Offset]:
    n = shape.n
    square = [(x, y) for y in range(-n, n + 1) for x in range(-n, n + 1)]
    match shape:
        case Circle():
            return [(x, y) for x, y in square if abs(x) + abs(y) <= n]
        case Ring():
            return [(x, y) for x, y in square if abs(x) + abs(y) == n]
        case Cross():
            return [(x, y) for x, y in square if x == 0 or y == 0]
        case Square():
            return square


def _straight(shape: Line | Bar) -> list[Offset]:
    """Offsets as (forward, sideways)."""
    if isinstance(shape, Line):
        return [(forward, 0) for forward in range(shape.n)]
    return [(0, side) for side in range(-shape.n, shape.n + 1)]


def _cone(n: int) -> list[Offset]:
    return [(ahead, side) for ahead in range(1, n + 1) for side in range(1 - ahead, ahead)]


def _placed(offsets: list[Offset], *, at: Cell, facing: Offset) -> list[Cell]:
    fx, fy = facing
    return [(at[0] + ahead * fx - side * fy, at[1] + ahead * fy + side * fx) for ahead, side in offsets]
