"""Line of sight is exact, symmetric, and agrees with geometry done in fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.combat.engine.board import board_of, is_seen
from apps.combat.engine.sight import sight_over
from apps.combat.engine.state import BoardSpec

Cell = tuple[int, int]
SIDE = 7
CHART = board_of(["........", "..#.....", ".#......", "....#...", "...#....", "........"])
cells = st.tuples(st.integers(0, SIDE - 1), st.integers(0, SIDE - 1))
walls = st.frozensets(cells, max_size=16)


def board_with(blocked: frozenset[Cell]) -> BoardSpec:
    rows = ["".join("#" if (x, y) in blocked else "." for x in range(SIDE)) for y in range(SIDE)]
    return board_of(rows)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((0, 0), (3, 3), False),
        ((1, 1), (2, 2), False),
        ((0, 1), (3, 1), False),
        ((0, 0), (7, 1), True),
        ((2, 3), (5, 4), False),
        ((0, 5), (5, 0), True),
        ((3, 3), (4, 4), False),
        ((0, 3), (7, 3), False),
    ],
)
def test_published_vectors(start: Cell, end: Cell, expected: bool) -> None:
    assert is_seen(CHART, start, end) is expected


@given(blocked=walls, start=cells, end=cells)
def test_sight_is_mutual(blocked: frozenset[Cell], start: Cell, end: Cell) -> None:
    board = board_with(blocked)
    assert is_seen(board, start, end) == is_seen(board, end, start)


@given(blocked=walls, start=cells, end=cells)
def test_sight_is_the_same_on_every_turned_or_mirrored_board(
    blocked: frozenset[Cell], start: Cell, end: Cell
) -> None:
    expected = is_seen(board_with(blocked), start, end)
    for turn in (mirrored, rotated, lambda cell: rotated(rotated(mirrored(cell)))):
        board = board_with(frozenset(map(turn, blocked)))
        assert is_seen(board, turn(start), turn(end)) == expected


@given(blocked=walls, more=cells, start=cells, end=cells)
def test_a_new_blocker_never_opens_a_line(
    blocked: frozenset[Cell], more: Cell, start: Cell, end: Cell
) -> None:
    if is_seen(board_with(blocked | {more}), start, end):
        assert is_seen(board_with(blocked), start, end)


@given(blocked=walls, start=cells)
def test_neighbours_always_see_each_other(blocked: frozenset[Cell], start: Cell) -> None:
    assert is_seen(board_with(blocked), start, (start[0] + 1 - 2 * (start[0] == SIDE - 1), start[1]))


@given(blocked=walls, start=cells, end=cells)
def test_sight_is_what_exact_geometry_says(blocked: frozenset[Cell], start: Cell, end: Cell) -> None:
    assert is_seen(board_with(blocked), start, end) == oracle(blocked - {start, end}, start, end)


def test_a_standing_body_blocks_like_a_wall() -> None:
    assert not is_seen(CHART, (0, 0), (4, 0), blockers={(2, 0)})


def mirrored(cell: Cell) -> Cell:
    return SIDE - 1 - cell[0], cell[1]


def rotated(cell: Cell) -> Cell:
    return SIDE - 1 - cell[1], cell[0]


def oracle(blocked: frozenset[Cell], start: Cell, end: Cell) -> bool:
    """Blocked when the segment has inner points in a blocker, or passes between two at a corner."""
    return not any(crosses(cell, start, end) for cell in blocked) and not squeezes(blocked, start, end)


def crosses(cell: Cell, start: Cell, end: Cell) -> bool:
    """Clip the segment to the open square around a cell, in fractions."""
    low, high = Fraction(0), Fraction(1)
    for axis in (0, 1):
        delta = end[axis] - start[axis]
        near, far = cell[axis] - Fraction(1, 2), cell[axis] + Fraction(1, 2)
        if delta == 0:
            if not near < start[axis] < far:
                return False
            continue
        bounds = sorted(((near - start[axis]) / delta, (far - start[axis]) / delta))
        low, high = max(low, bounds[0]), min(high, bounds[1])
    return low < high


def squeezes(blocked: frozenset[Cell], start: Cell, end: Cell) -> bool:
    dx, dy = end[0] - start[0], end[1] - start[1]
    for x in range(min(start[0], end[0]), max(start[0], end[0])):
        for y in range(min(start[1], end[1]), max(start[1], end[1])):
            corner = (x + Fraction(1, 2) - start[0]) * dy == (y + Fraction(1, 2) - start[1]) * dx
            sides = ((x, y), (x + 1, y + 1)) if (dx > 0) != (dy > 0) else ((x + 1, y), (x, y + 1))
            if corner and all(side in blocked for side in sides):
                return True
    return False


@given(blocked=walls, taken=walls, start=cells, end=cells)
def test_sight_worked_out_beforehand_says_the_same(
    blocked: frozenset[Cell], taken: frozenset[Cell], start: Cell, end: Cell
) -> None:
    board = board_with(blocked)
    sight = sight_over(board)
    assert sight.is_open(start, end) == is_seen(board, start, end)
    assert sight.is_open(start, end, sight.mask(taken)) == is_seen(board, start, end, blockers=taken)
