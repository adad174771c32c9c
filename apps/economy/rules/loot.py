"""Loot: what tables give to one character, entry by entry in their listed order.

The dice come from outside and are checkable; luck and pity follow RULES: luck multiplies the chance
of lucky entries up to twice, pity makes the nth try after n − 1 misses certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.economy.definitions import CURRENCY, LootEntry, LootTable
from apps.economy.rules.dice import Dice

LUCK_PCT_MAX = 100

PityKey = tuple[str, str]
"""A table, and what its entry gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looter:
    """For whom dice are thrown. `misses` counts the tries since each pitied entry last fell."""

    level: int
    luck_pct: int = 0
    misses: Mapping[PityKey, int] = field(default_factory=dict)


@dataclass(slots=True)
class Loot:
    """What fell, and the counters of pity afterwards (only those that were touched)."""

    glim: int = 0
    items: dict[str, int] = field(default_factory=dict)
    misses: dict[PityKey, int] = field(default_factory=dict)

    def add(self, what: str, count: int) -> None:
        if what == CURRENCY:
            self.glim += count
        else:
            self.items[what] = self.items.get(what, 0) + count


def roll(table_id: str, tables: Mapping[str, LootTable], looter: Looter, dice: Dice, loot: Loot) -> None:
    """Throw a table's dice and add what falls to `loot`."""
    table = tables[table_id]
    for _ in range(dice.between(*table.rolls)):
        entries = [entry for entry in table.entries if is_open(entry, looter.level)]
        if table.mode == "one":
            if entries:
                chosen = entries[dice.pick([entry.weight or 0 for entry in entries])]
                _take(chosen, tables, looter, dice, loot)
            continue
        for entry in entries:
            if _falls(table.id, entry, looter, dice, loot):
                _take(entry, tables, looter, dice, loot)


def is_open(entry: LootEntry, level: int) -> bool:
    """Whether the entry is there for a character of this level."""
    if entry.condition is None:
        return True
    bounds = entry.condition.level
    return bounds.at_least <= level <= bounds.at_most


def chance_bp(entry: LootEntry, luck_pct: int) -> int:
    """Return the entry's chance under luck."""
    chance = entry.bp or 0
    if entry.lucky:
        chance = chance * (100 + max(0, min(luck_pct, LUCK_PCT_MAX))) // 100
    return min(chance, 10_000)


def _falls(table_id: str, entry: LootEntry, looter: Looter, dice: Dice, loot: Loot) -> bool:
    falls = dice.chance(chance_bp(entry, looter.luck_pct))
    if entry.pity is None:
        return falls
    key = (table_id, entry.gives)
    misses = loot.misses.get(key, looter.misses.get(key, 0))
    falls = falls or misses >= entry.pity.n - 1
    loot.misses[key] = 0 if falls else misses + 1
    return falls


def _take(entry: LootEntry, tables: Mapping[str, LootTable], looter: Looter, dice: Dice, loot: Loot) -> None:
    if entry.table:
        roll(entry.table, tables, looter, dice, loot)
    elif not entry.nothing:
        loot.add(entry.gives, dice.between(*entry.count))
