"""What equipment adds up to: the rolls of what is whole, and the bonuses of sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from apps.economy.making import ItemSetDef


class WornItem(NamedTuple):
    """A worn instance; `durability` is what is left, None where nothing wears it out."""

    definition: str
    stats: Mapping[str, int]
    durability: int | None = None

    @property
    def is_broken(self) -> bool:
        return self.durability == 0


def total_stats(worn: Iterable[WornItem], sets: Iterable[ItemSetDef]) -> dict[str, int]:
    """Return the sum of everything that is worn and whole; broken pieces give nothing, also to no set."""
    whole = [item for item in worn if not item.is_broken]
    total: dict[str, int] = {}
    for item in whole:
        _add(total, item.stats)
    kinds = {item.definition for item in whole}
    for each in sets:
        pieces = len(kinds.intersection(each.items))
        for bonus in each.bonuses:
            if pieces >= bonus.pieces:
                _add(total, bonus.stats)
    return dict(sorted(total.items()))


def _add(total: dict[str, int], stats: Mapping[str, int]) -> None:
    for stat, value in stats.items():
        total[stat] = total.get(stat, 0) + value
