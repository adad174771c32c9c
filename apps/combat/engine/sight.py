"""Sight over one board, worked out once for each two cells: the same answers as `board.is_seen`, sooner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from aether.protocol.combat_values import Cell

from .board import blocks_sight
from .state import BoardSpec

LINES_MAX = 20_000
"""How many lines are kept for a board; a battle asks for far fewer."""

Line = tuple[int, tuple[int, ...]]
"""Whom a line between two cells would meet, one bit a cell: those that it crosses, and pairs at corners."""


class Sight:
    """Who sees whom on a board. Somebody in the way is a bit in `blockers`."""

    def __init__(self, board: BoardSpec) -> None:
        self._board = board
        self._lines: dict[tuple[Cell, Cell], Line | None] = {}

    def is_open(self, start: Cell, end: Cell, blockers: int = 0) -> bool:
        """Tell whether two cells see each other; the ends never block."""
        key = (start, end)
        try:
            line = self._lines[key]
        except KeyError:
            line = self._drawn(key)
        if line is None or line[0] & blockers:
            return False
        return not blockers or all(pair & blockers != pair for pair in line[1])

    def mask(self, cells: Iterable[Cell]) -> int:
        """Return the bits of some cells of the board."""
        width, bits = self._board.width, 0
        for x, y in cells:
            bits |= 1 << y * width + x
        return bits

    def _drawn(self, key: tuple[Cell, Cell]) -> Line | None:
        if len(self._lines) >= LINES_MAX:
            self._lines.clear()
        line = self._lines[key] = _line(self._board, *key)
        return line


@lru_cache(maxsize=64)
def sight_over(board: BoardSpec) -> Sight:
    return Sight(board)


def _line(board: BoardSpec, start: Cell, end: Cell) -> Line | None:
    """Return whom a line would meet; None where the terrain alone is in the way."""
    crossed, pairs = 0, []
    for cells in _crossings(start, end):
        bits = [1 << y * board.width + x for x, y in cells if not blocks_sight(board, (x, y))]
        if not bits:
            return None
        if len(bits) == 1:
            crossed |= bits[0]
        else:
            pairs.append(bits[0] | bits[1])
    return crossed, tuple(pairs)


def _crossings(start: Cell, end: Cell) -> Iterator[tuple[Cell, ...]]:
    """Walk from centre to centre as `is_seen` does: through cells, and between two at an exact corner."""
    x, y = start
    step_x, step_y = (1 if end[0] > x else -1), (1 if end[1] > y else -1)
    left_x, left_y = abs(end[0] - x), abs(end[1] - y)
    lead, lead_x, lead_y = left_y - left_x, 2 * left_y, 2 * left_x
    while left_x or left_y:
        previous = lead
        if previous == 0:
            yield (x + step_x, y), (x, y + step_y)
        if previous <= 0:
            x, left_x, lead = x + step_x, left_x - 1, lead + lead_x
        if previous >= 0:
            y, left_y, lead = y + step_y, left_y - 1, lead - lead_y
        if left_x or left_y:
            yield ((x, y),)
