"""What monsters hunt: who is in sight, of about their level; and the way to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence

from aether.protocol.base import Cell
from apps.world.definitions import MapDef
from apps.world.rules.walking import distance, neighbours

STEP_MS = 360
"""Faster than a stroll, slower than somebody who runs away."""


def sight(aggro_cells: int, *factors_pct: int) -> int:
    """Return how far a group sees, under what weather and hour make of it: one that sees, a cell at least."""
    if not aggro_cells:
        return 0
    for factor in factors_pct:
        aggro_cells = aggro_cells * factor // 100
    return max(1, aggro_cells)


def is_fair(level: int, monsters: Sequence[tuple[str, int]], gap: int) -> bool:
    """Tell if somebody's level is near enough to that of the strongest of a group."""
    return abs(max(each for _, each in monsters) - level) <= gap


def nearest(at: Cell, people: Mapping[int, Cell], cells: int) -> list[int]:
    """Return who is within so many cells as the crow flies, the nearest first, then by id."""
    near = {who: distance(at, cell) for who, cell in people.items() if distance(at, cell) <= cells}
    return sorted(near, key=lambda who: (near[who], who))


def way(drawn: MapDef, start: Cell, goal: Cell, steps: int) -> list[Cell] | None:
    """Return a shortest walk to a cell, `start` first, of at most so many steps; None where there is none."""
    before: dict[Cell, Cell] = {start: start}
    pending = deque([(start, 0)])
    while pending:
        cell, taken = pending.popleft()
        if cell == goal:
            return _traced(before, goal)
        if taken == steps:
            continue
        for further in neighbours(cell):
            if further not in before and drawn.is_walkable(further):
                before[further] = cell
                pending.append((further, taken + 1))
    return None


def within(region: Collection[Cell], home: Cell, radius: int | None) -> frozenset[Cell]:
    """Return the cells of a region that lie around a home."""
    if radius is None:
        return frozenset(region)
    return frozenset(cell for cell in region if distance(cell, home) <= radius)


def _traced(before: Mapping[Cell, Cell], goal: Cell) -> list[Cell]:
    path = [goal]
    while before[path[-1]] != path[-1]:
        path.append(before[path[-1]])
    return path[::-1]
