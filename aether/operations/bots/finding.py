"""Finding the way on a grid: what a bot knows of a map or a board."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection

Cell = tuple[int, int]


def distance(one: Cell, other: Cell) -> int:
    """Return the Manhattan distance."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def path_to(start: Cell, goals: Collection[Cell], is_free: Callable[[Cell], bool]) -> list[Cell]:
    """Return the cells of a shortest path to the nearest goal, without the start; none: an empty list."""
    wanted = set(goals)
    came_from: dict[Cell, Cell] = {start: start}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if here in wanted:
            return _back(here, start, came_from)
        for there in _neighbours(here):
            if there not in came_from and is_free(there):
                came_from[there] = here
                queue.append(there)
    return []


def around(cell: Cell, radius: int) -> list[Cell]:
    """Return the cells within a Manhattan distance, the cell itself included."""
    x, y = cell
    return [
        (x + dx, y + dy)
        for dx in range(-radius, radius + 1)
        for dy in range(-radius + abs(dx), radius - abs(dx) + 1)
    ]


def _neighbours(cell: Cell) -> tuple[Cell, ...]:
    x, y = cell
    return ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1))


def _back(here: Cell, start: Cell, came_from: dict[Cell, Cell]) -> list[Cell]:
    path = []
    while here != start:
        path.append(here)
        here = came_from[here]
    return path[::-1]
