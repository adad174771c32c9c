"""Shapes cover the cells they should, and turn with the board."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.combat.engine.definitions import (
    AnyShape,
    Bar,
    Board,
    Circle,
    Cone,
    Cross,
    Line,
    Ring,
    Single,
    Square,
)
from apps.combat.engine.shapes import coverage

SIDE = 15
CELLS = [(x, y) for y in range(SIDE) for x in range(SIDE)]
CENTRE = (7, 7)
SHAPES = [Single(), Circle(n=2), Ring(n=2), Cross(n=2), Square(n=1), Line(n=3), Bar(n=2), Cone(n=3)]


def covered(shape: AnyShape, origin: tuple[int, int], caster: tuple[int, int]) -> set[tuple[int, int]]:
    return set(filter(coverage(shape, origin=origin, caster=caster), CELLS))


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        (Single(), 1),
        (Circle(n=1), 5),
        (Circle(n=2), 13),
        (Ring(n=2), 8),
        (Cross(n=2), 9),
        (Square(n=1), 9),
        (Line(n=3), 3),
        (Bar(n=1), 3),
        (Cone(n=2), 4),
        (Cone(n=3), 9),
        (Board(), SIDE * SIDE),
    ],
)
def test_shapes_have_their_size(shape: AnyShape, count: int) -> None:
    assert len(covered(shape, CENTRE, (5, 7))) == count


def test_directed_shapes_point_away_from_the_caster() -> None:
    assert covered(Line(n=3), (7, 7), (5, 7)) == {(7, 7), (8, 7), (9, 7)}
    assert covered(Bar(n=1), (7, 7), (7, 9)) == {(6, 7), (7, 7), (8, 7)}
    assert covered(Cone(n=2), (7, 6), (7, 7)) == {(7, 6), (6, 5), (7, 5), (8, 5)}


def test_shapes_end_at_the_board() -> None:
    assert covered(Circle(n=2), (0, 0), (0, 0)) == {(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (0, 2)}


@given(shape=st.sampled_from(SHAPES), away=st.integers(1, 3), quarter=st.integers(1, 3))
def test_shapes_turn_with_the_board(shape: AnyShape, away: int, quarter: int) -> None:
    caster, turned = (7 - away, 7), (7 - away, 7)
    expected = covered(shape, CENTRE, caster)
    for _ in range(quarter):
        turned = quarter_turn(turned)
        expected = {quarter_turn(cell) for cell in expected}
    assert covered(shape, CENTRE, turned) == expected


def quarter_turn(cell: tuple[int, int]) -> tuple[int, int]:
    return SIDE - 1 - cell[1], cell[0]
