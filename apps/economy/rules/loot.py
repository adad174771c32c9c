"""Loot: what tables give to one character, entry by entry in their listed order.

The dice come from outside and are checkable. Luck multiplies the chance of lucky entries up to twice; pity
makes the nth try after n − 1 misses certain. What falls once for a whole battle is thrown apart, by
`roll_shared`, and is passed over here without a throw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from apps.economy.definitions import CURRENCY, LootCondition, LootEntry, LootTable
from apps.economy.rules.dice import Dice, scaled

LUCK_PCT_MAX = 100

PityKey = tuple[str, str]
"""A table, and what its entry gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looter:
    """For whom dice are thrown. `misses` counts the tries since each pitied entry last fell.

    `bonus_pct` is how much more there is of everything that is not for each only once.
    """

    level: int
    class_id: str = ""
    luck_pct: int = 0
    bonus_pct: int = 0
    quests: Mapping[str, str] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()
    owned: frozenset[str] = frozenset()
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


Watch = Callable[[str, int, bool], None]
"""Sees every throw of an entry: the table, the entry's place in it, and if it fell."""


def _look_away(table: str, entry: int, falls: bool) -> None:
    """See nothing."""


def roll(
    table_id: str,
    tables: Mapping[str, LootTable],
    looter: Looter,
    dice: Dice,
    loot: Loot,
    watch: Watch = _look_away,
) -> None:
    """Throw a table's dice for one character and add what falls to `loot`."""
    table = tables[table_id]
    for _ in range(dice.between(*table.rolls)):
        if table.mode == "one":
            entries = [each for each in enumerate(table.entries) if is_open(each[1], looter, loot)]
            if entries:
                place, chosen = entries[dice.pick([entry.weight or 0 for _, entry in entries])]
                watch(table.id, place, True)
                _take(chosen, tables, looter, dice, loot, watch)
            continue
        for place, entry in enumerate(table.entries):
            # Looked at when its turn comes: what has just fallen may close a later entry.
            if entry.per == "player" and is_open(entry, looter, loot):
                falls = _falls(table.id, entry, looter, dice, loot)
                watch(table.id, place, falls)
                if falls:
                    _take(entry, tables, looter, dice, loot, watch)


def roll_shared(
    table_id: str, tables: Mapping[str, LootTable], dice: Dice, loot: Loot, bonus_pct: int = 0
) -> None:
    """Throw for what falls once for all who won; a nested table goes whole, for nobody in particular."""
    table = tables[table_id]
    shared = [entry for entry in table.entries if entry.per == "battle"]
    if not shared:
        return
    nobody = Looter(level=1, bonus_pct=bonus_pct)
    for _ in range(dice.between(*table.rolls)):
        for entry in shared:
            if dice.chance(entry.bp or 0):
                _take(entry, tables, nobody, dice, loot, _look_away)


def is_open(entry: LootEntry, looter: Looter, loot: Loot) -> bool:
    """Whether the entry is there for a character."""
    if entry.unique_per_player and (entry.gives in looter.owned or entry.gives in loot.items):
        return False
    if entry.quest_only and entry.gives not in looter.wanted:
        return False
    return entry.condition is None or _holds(entry.condition, looter)


def _holds(condition: LootCondition, looter: Looter) -> bool:
    bounds, quest = condition.level, condition.quest
    return (
        (bounds is None or bounds.at_least <= looter.level <= bounds.at_most)
        and condition.class_ in (None, looter.class_id)
        and (quest is None or looter.quests.get(quest.id, "") == quest.state)
    )


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


def _take(
    entry: LootEntry,
    tables: Mapping[str, LootTable],
    looter: Looter,
    dice: Dice,
    loot: Loot,
    watch: Watch,
) -> None:
    if entry.table:
        roll(entry.table, tables, looter, dice, loot, watch)
    elif not entry.nothing:
        count = dice.between(*entry.count)
        if looter.bonus_pct and not (entry.unique_per_player or entry.quest_only):
            count = scaled(count, 100 + looter.bonus_pct, dice)
        loot.add(entry.gives, count)


def even_parts(whole: int, count: int) -> list[int]:
    """Share a whole out so that the parts sum to it; the first ones have the rest."""
    each, rest = divmod(whole, count)
    return [each + (place < rest) for place in range(count)]
