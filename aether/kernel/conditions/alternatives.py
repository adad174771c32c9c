"""A condition as rows: it holds where all of one row holds. Editors and sentences show it so."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from aether.kernel.conditions.evaluating import holds
from aether.kernel.conditions.situation import Situation
from aether.kernel.conditions.tree import Condition


class Literally(NamedTuple):
    """A leaf, or its opposite."""

    leaf: Condition
    is_so: bool = True

    def holds(self, situation: Situation) -> bool:
        return holds(self.leaf, situation) is self.is_so


Row = tuple[Literally, ...]


def alternatives(condition: Condition | None) -> tuple[Row, ...]:
    """Return the rows of a condition, each without repetition and none that contradicts itself.

    No row at all is never true; an empty row always is.
    """
    if condition is None:
        return ((),)
    rows = [tuple(dict.fromkeys(row)) for row in _rows(condition, is_so=True)]
    possible = [row for row in rows if not any(each._replace(is_so=not each.is_so) in row for each in row)]
    return tuple(dict.fromkeys(possible))


def any_holds(rows: tuple[Row, ...], situation: Situation) -> bool:
    """Tell if all of one row holds."""
    return any(all(each.holds(situation) for each in row) for row in rows)


def _rows(condition: Condition, *, is_so: bool) -> list[Row]:
    kind, said = condition.said
    match kind:
        case "not":
            return _rows(said, is_so=not is_so)
        case "all" | "any":
            parts = [_rows(child, is_so=is_so) for child in said]
            if (kind == "all") is is_so:
                return [tuple(each for row in rows for each in row) for rows in product(*parts)]
            return [row for rows in parts for row in rows]
        case _:
            return [(Literally(condition, is_so),)]
