"""Walking: one cell each `step_ms` along a path of adjacent cells, timed by the server."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from aether.protocol.base import Cell
from apps.world.definitions import MapDef

STEP_MS = 220
"""Of a player; monsters are slower."""


def neighbours(cell: Cell) -> tuple[Cell, Cell, Cell, Cell]:
    x, y = cell
    return (x, y - 1), (x - 1, y), (x + 1, y), (x, y + 1)


def distance(a: Cell, b: Cell) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def reachable(drawn: MapDef, start: Cell) -> set[Cell]:
    """Return every cell that can be walked to."""
    found, pending = {start}, deque([start])
    while pending:
        for cell in neighbours(pending.popleft()):
            if cell not in found and drawn.is_walkable(cell):
                found.add(cell)
                pending.append(cell)
    return found


def steps_begun(path: Sequence[Cell], started_at: float, step_ms: int, now: float) -> int:
    """Return the index of the cell that the walker stands on or is about to reach."""
    if step_ms <= 0:
        return max(0, len(path) - 1)
    # A nanosecond of slack, so that arriving on a cell is not leaving it.
    steps = ceil((now - started_at) * 1000 / step_ms - 1e-6)
    return min(max(0, steps), len(path) - 1)


def cell_at(path: Sequence[Cell], started_at: float, step_ms: int, now: float) -> Cell:
    """Return the cell that the walker stands on or is about to reach."""
    return path[steps_begun(path, started_at, step_ms, now)]


def cut_short(path: Sequence[Cell], started_at: float, step_ms: int, now: float, closed: Cell) -> list[Cell]:
    """Return a walk that ends before a cell that has closed; who is on it or past it goes on."""
    steps = steps_begun(path, started_at, step_ms, now)
    ahead = [at for at in range(steps + 1, len(path)) if path[at] == closed]
    return list(path[: ahead[0]] if ahead else path)


class Walking(NamedTuple):
    """The part of a walk that cannot be taken back: the cell, and the one about to be reached."""

    path: list[Cell]
    started_at: float

    @property
    def stands(self) -> Cell:
        return self.path[-1]


def walking_now(path: Sequence[Cell], started_at: float, step_ms: int, now: float) -> Walking:
    """Return the step that is being taken, with the time it began; nobody turns round between two cells."""
    steps = steps_begun(path, started_at, step_ms, now)
    is_there = now >= started_at + steps * step_ms / 1000
    if steps == 0 or (is_there and steps == len(path) - 1):
        return Walking([path[steps]], now)
    return Walking([path[steps - 1], path[steps]], started_at + (steps - 1) * step_ms / 1000)
