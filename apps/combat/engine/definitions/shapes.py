"""Shapes: which cells a cast covers."""

from __future__ import annotations

from .base import Cells, Definition


class Shape(Definition, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Which cells a cast covers, around the cell it is aimed at."""


class Single(Shape, frozen=True, kw_only=True):
    pass


class Board(Shape, frozen=True, kw_only=True):
    pass


class SizedShape(Shape, frozen=True, kw_only=True):
    n: Cells


class Circle(SizedShape, frozen=True, kw_only=True):
    pass


class Ring(SizedShape, frozen=True, kw_only=True):
    pass


class Cross(SizedShape, frozen=True, kw_only=True):
    pass


class Square(SizedShape, frozen=True, kw_only=True):
    pass


class Line(SizedShape, frozen=True, kw_only=True):
    pass


class Bar(SizedShape, frozen=True, kw_only=True):
    pass


class Cone(SizedShape, frozen=True, kw_only=True):
    pass


AnyShape = Single | Board | Circle | Ring | Cross | Square | Line | Bar | Cone
RoundShape = Single | Circle | Ring | Cross | Square
"""Shapes that need no direction: what lies on the ground, or spreads from somebody, has none."""

AXIS_SHAPES = (Line, Bar, Cone)
