"""Whole matrices of duels: classes against classes, classes against monsters, classes over levels."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, combinations_with_replacement
from typing import Literal, NamedTuple

from apps.combat import engine
from apps.combat.balance.duels import Fighter, at_level
from apps.combat.balance.tallies import Tally, added

Kind = Literal["classes", "monsters", "levels"]
KINDS: tuple[Kind, ...] = ("classes", "monsters", "levels")
LEVELS = (1, 5, 10, 15, 20, 25, 30)

Pair = tuple[Fighter, Fighter]
Tallies = Mapping[Pair, Tally]


class Matrix(NamedTuple):
    """A table of tallies: a cell is the row's fighter against the column's."""

    title: str
    rows: list[str]
    columns: list[str]
    cells: list[list[Tally]]


def pairs_of(kind: Kind, level: int, rulebook: engine.Rulebook) -> list[Pair]:
    """Return the pairs whose duels a matrix is made of; each two meet once, at the same level.

    A monster fights at the level nearest to the given one that it has, and whoever meets it has that level.
    """
    match kind:
        case "classes":
            classes = [Fighter(ref, level) for ref in rulebook.classes]
            return list(combinations_with_replacement(classes, 2))
        case "monsters":
            monsters = [at_level(ref, level, rulebook) for ref in rulebook.monsters]
            return [(Fighter(ref, each.level), each) for ref in rulebook.classes for each in monsters]
        case "levels":
            return [
                (Fighter(one, each), Fighter(other, each))
                for each in LEVELS
                for one, other in combinations(rulebook.classes, 2)
            ]


def matrix_of(kind: Kind, level: int, tallies: Tallies) -> Matrix:
    """Lay tallies out as a table."""
    if kind == "levels":
        return _over_levels(tallies)
    rows = list(dict.fromkeys(first.ref for first, _ in tallies))
    columns = list(dict.fromkeys(second for _, second in tallies))
    is_monsters = kind == "monsters"
    title = "Classes against monsters, of a level near" if is_monsters else "Classes against classes, level"
    return Matrix(
        title=f"{title} {level}: how often the row wins",
        rows=rows,
        columns=[str(column) if is_monsters else column.ref for column in columns],
        cells=[[_cell(tallies, Fighter(row, column.level), column) for column in columns] for row in rows],
    )


def _cell(tallies: Tallies, row: Fighter, column: Fighter) -> Tally:
    found = tallies.get((row, column))
    return found if found is not None else tallies[column, row].seen_from_the_other_side()


def _over_levels(tallies: Tallies) -> Matrix:
    """Sum each class up against all others of its level."""
    sums: dict[Fighter, Tally] = {}
    for (one, other), tally in tallies.items():
        sums[one] = added(sums.get(one, Tally()), tally)
        sums[other] = added(sums.get(other, Tally()), tally.seen_from_the_other_side())
    rows = list(dict.fromkeys(fighter.ref for fighter in sums))
    return Matrix(
        title="Classes over levels: how often the row wins against the others",
        rows=rows,
        columns=[f"level {level}" for level in LEVELS],
        cells=[[sums[Fighter(row, level)] for level in LEVELS] for row in rows],
    )
