"""The closed form of loot: how much of each thing a table gives on average, as exact fractions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from apps.economy.definitions import LootEntry, LootTable

Expectation = dict[str, Fraction]


def expected(table_id: str, tables: Mapping[str, LootTable]) -> Expectation:
    """Return the mean amount by item or currency of one throw, without luck and conditions."""
    table = tables[table_id]
    total = sum(entry.weight or 0 for entry in table.entries)
    mean: Expectation = {}
    for entry in table.entries:
        share = effective_chance(entry) if table.mode == "all" else Fraction(entry.weight or 0, total)
        for what, amount in _gives(entry, tables).items():
            mean[what] = mean.get(what, Fraction(0)) + share * amount
    rolls = Fraction(table.rolls[0] + table.rolls[1], 2)
    return {what: amount * rolls for what, amount in mean.items()}


def effective_chance(entry: LootEntry) -> Fraction:
    """Return how often an entry of mode `all` falls in the long run, its pity included."""
    chance = Fraction(entry.bp or 0, 10_000)
    return chance if entry.pity is None else 1 / expected_tries(chance, entry.pity.n)


def expected_tries(chance: Fraction, pity_n: int) -> Fraction:
    """Return the mean number of tries until it falls, when the nth is certain."""
    return (1 - (1 - chance) ** pity_n) / chance


def _gives(entry: LootEntry, tables: Mapping[str, LootTable]) -> Expectation:
    if entry.table:
        return expected(entry.table, tables)
    if entry.nothing:
        return {}
    return {entry.gives: Fraction(entry.count[0] + entry.count[1], 2)}
