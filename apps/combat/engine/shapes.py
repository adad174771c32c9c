"""The shapes of skills: which cells a cast covers, from where it is aimed and where it is cast."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from aether.protocol.combat_values import Cell

from .definitions import AnyShape, Bar, Board, Circle, Cone, Cross, Line, Ring, Single, Square

Offset = tuple[int, int]
Offsets = frozenset[Offset]


def coverage(shape: AnyShape, *, origin: Cell, caster: Cell) -> Callable[[Cell], bool]:
    """Return what tells of cells of the board whether a shape covers them."""
    if isinstance(shape, Board):
        return lambda _: True
    x, y = centre_of(shape, origin=origin, caster=caster)
    offsets = offsets_of(shape, direction(caster, origin))
    return lambda cell: (cell[0] - x, cell[1] - y) in offsets


def centre_of(shape: AnyShape, *, origin: Cell, caster: Cell) -> Cell:
    """Return where a shape spreads from: a cone from its caster, all others from where they are aimed."""
    return caster if isinstance(shape, Cone) else origin


@lru_cache(maxsize=512)
def offsets_of(shape: AnyShape, facing: Offset) -> frozenset[Offset]:
    """Return the covered cells relative to the centre, for a shape cast in a direction."""
    match shape:
        case Single() | Board():
            return frozenset([(0, 0)])
        case Cone():
            return _facing(_cone(shape.n), facing)
        case Line() | Bar():
            return _facing(_straight(shape), facing)
        case _:
            return frozenset(_round(shape))


@lru_cache(maxsize=512)
def rows_of(shape: AnyShape, facing: Offset) -> tuple[Offset, ...]:
    """Return the same row by row."""
    return tuple(sorted(offsets_of(shape, facing), key=lambda offset: (offset[1], offset[0])))


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


def _facing(offsets: list[Offset], facing: Offset) -> frozenset[Offset]:
    """Turn offsets given as (forward, sideways) into the direction of the cast."""
    fx, fy = facing
    return frozenset((ahead * fx - side * fy, ahead * fy + side * fx) for ahead, side in offsets)
