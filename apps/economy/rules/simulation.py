"""Loot thrown many times, beside its closed form: rates of every entry, means, and how well they agree.

Entries with pity are not independent tries, but the gaps between their falls are independent of each other:
so it is the gaps that are compared with their own law.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from apps.economy.definitions import CURRENCY, LootEntry, LootTable
from apps.economy.rules.dice import Dice
from apps.economy.rules.expectation import effective_chance, expected
from apps.economy.rules.loot import Loot, Looter, PityKey, chance_bp, roll

K = TypeVar("K")

FEWEST_EXPECTED = 5
"""Classes in which fewer are expected are left to their neighbours: the law of χ² is an approximation."""


class Tally(msgspec.Struct, kw_only=True):
    """What was counted so far; keys are `table:place`."""

    tries: dict[str, int] = {}
    falls: dict[str, int] = {}
    gaps: dict[str, dict[int, int]] = {}
    misses: dict[str, int] = {}
    amounts: dict[str, int] = {}


class EntryRate(NamedTuple):
    """An entry as the tables say and as it fell: nominal, effective (pity counted in) and seen chance."""

    table: str
    gives: str
    nominal: float
    effective: float
    tries: int
    falls: int

    @property
    def seen(self) -> float:
        return self.falls / self.tries if self.tries else 0.0

    @property
    def error(self) -> float:
        """Return two standard errors of what was seen."""
        return 2 * math.sqrt(self.effective * (1 - self.effective) / self.tries) if self.tries else 0.0


class Agreement(NamedTuple):
    """How far what was seen is from the law: by chance alone it is farther with probability `p`."""

    chi_square: float
    freedom: int
    p: float


def bare(tables: Mapping[str, LootTable], luck_pct: int) -> dict[str, LootTable]:
    """Return tables without conditions on who loots, and with luck counted in."""
    return {name: replace(table, entries=tuple(_bare(table, luck_pct))) for name, table in tables.items()}


def throw_many(table: str, tables: Mapping[str, LootTable], dice: Dice, tally: Tally, throws: int) -> None:
    """Throw a bare table so many times more, and count."""
    misses = _read_misses(tally)

    def watch(name: str, place: int, falls: bool) -> None:
        _count(tally.tries, f"{name}:{place}")
        if falls:
            _count(tally.falls, f"{name}:{place}")
        entry = tables[name].entries[place]
        if entry.pity is not None:
            waited = misses.get((name, entry.gives), 0)
            if falls:
                _count(tally.gaps.setdefault(f"{name}:{place}", {}), waited + 1)
            misses[name, entry.gives] = 0 if falls else waited + 1

    for _ in range(throws):
        # A copy of the counters: `watch` moves them in the same order as the rules do.
        loot = Loot()
        roll(table, tables, Looter(level=1, misses=dict(misses)), dice, loot, watch)
        for what, count in (*loot.items.items(), (CURRENCY, loot.glim)):
            tally.amounts[what] = tally.amounts.get(what, 0) + count
    tally.misses = {f"{name}:{gives}": count for (name, gives), count in misses.items()}


def rates(table: str, tables: Mapping[str, LootTable], tally: Tally) -> list[EntryRate]:
    """Return every entry that a table comes to, with its rates."""
    found = []
    for name, place, entry in _entries(table, tables):
        key = f"{name}:{place}"
        weights = sum(each.weight or 0 for each in tables[name].entries)
        is_weighed = tables[name].mode == "one"
        nominal = (entry.weight or 0) / weights if is_weighed else (entry.bp or 0) / 10_000
        effective = nominal if is_weighed else float(effective_chance(entry))
        tries = _picks(name, tables, tally) if is_weighed else tally.tries.get(key, 0)
        gives = entry.gives or "–"
        found.append(EntryRate(name, gives, nominal, effective, tries, tally.falls.get(key, 0)))
    return found


def means(
    table: str, tables: Mapping[str, LootTable], tally: Tally, throws: int
) -> list[tuple[str, float, float]]:
    """Return what one throw gives of each thing on average, as expected and as seen."""
    return [
        (what, float(mean), tally.amounts.get(what, 0) / throws if throws else 0.0)
        for what, mean in sorted(expected(table, tables).items())
    ]


def agreement(table: str, tables: Mapping[str, LootTable], tally: Tally) -> Agreement:
    """Return the sum of χ² over everything that is independent, and the probability of a larger one."""
    chi_square, freedom = 0.0, 0
    for seen, law in _classes(table, tables, tally):
        merged = list(_merged(seen, law))
        if len(merged) > 1:
            chi_square += sum((count - mean) ** 2 / mean for count, mean in merged)
            freedom += len(merged) - 1
    return Agreement(chi_square, freedom, chi_square_tail(chi_square, freedom))


def chi_square_tail(value: float, freedom: int) -> float:
    """Return the probability of a χ² above `value`: the regularised upper incomplete gamma function."""
    if freedom < 1 or value <= 0:
        return 1.0
    a, x = freedom / 2, value / 2
    scale = math.exp(-x + a * math.log(x) - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, 10_000):
            term *= x / (a + n)
            total += term
            if term < total * 1e-14:
                break
        return max(0.0, 1 - total * scale)
    b, c = x + 1 - a, 1e300
    d = 1 / b
    fraction = d
    for n in range(1, 10_000):
        step = -n * (n - a)
        b += 2
        d, c = 1 / (step * d + b), b + step / c
        fraction *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return min(1.0, fraction * scale)


def _read_misses(tally: Tally) -> dict[PityKey, int]:
    keys = {key: key.partition(":") for key in tally.misses}
    return {(keys[key][0], keys[key][2]): count for key, count in tally.misses.items()}


def _count(counts: dict[K, int], key: K) -> None:
    counts[key] = counts.get(key, 0) + 1


def _bare(table: LootTable, luck_pct: int) -> Iterator[LootEntry]:
    for entry in table.entries:
        bp = None if entry.bp is None else chance_bp(entry, luck_pct)
        yield replace(
            entry, bp=bp, lucky=False, condition=None, unique_per_player=False, quest_only=False, per="player"
        )


def _entries(table: str, tables: Mapping[str, LootTable]) -> Iterator[tuple[str, int, LootEntry]]:
    pending, known = [table], {table}
    while pending:
        name = pending.pop(0)
        for place, entry in enumerate(tables[name].entries):
            yield name, place, entry
            if entry.table and entry.table not in known:
                known.add(entry.table)
                pending.append(entry.table)


def _picks(name: str, tables: Mapping[str, LootTable], tally: Tally) -> int:
    return sum(tally.tries.get(f"{name}:{place}", 0) for place in range(len(tables[name].entries)))


def _classes(
    table: str, tables: Mapping[str, LootTable], tally: Tally
) -> Iterator[tuple[list[int], list[float]]]:
    """Yield counts and their expectations, for each thing that is independent of the others."""
    weighed = set()
    for name, place, entry in _entries(table, tables):
        key = f"{name}:{place}"
        if tables[name].mode == "one":
            if name not in weighed:
                weighed.add(name)
                picks, weights = (
                    _picks(name, tables, tally),
                    [each.weight or 0 for each in tables[name].entries],
                )
                seen = [tally.tries.get(f"{name}:{n}", 0) for n in range(len(weights))]
                yield seen, [picks * weight / sum(weights) for weight in weights]
        elif entry.pity is not None:
            gaps, p = tally.gaps.get(key, {}), (entry.bp or 0) / 10_000
            n, total = entry.pity.n, sum(tally.gaps.get(key, {}).values())
            law = [(1 - p) ** (gap - 1) * (p if gap < n else 1) for gap in range(1, n + 1)]
            yield [gaps.get(gap, 0) for gap in range(1, n + 1)], [total * each for each in law]
        elif entry.bp is not None and entry.bp < 10_000:
            tries, falls = tally.tries.get(key, 0), tally.falls.get(key, 0)
            p = entry.bp / 10_000
            yield [falls, tries - falls], [tries * p, tries * (1 - p)]


def _merged(seen: list[int], law: list[float]) -> Iterator[tuple[int, float]]:
    """Yield classes, neighbours taken together until enough is expected in each."""
    pairs: list[tuple[int, float]] = []
    count, mean = 0, 0.0
    for each, expectation in zip(seen, law, strict=True):
        count, mean = count + each, mean + expectation
        if mean >= FEWEST_EXPECTED:
            pairs.append((count, mean))
            count, mean = 0, 0.0
    if mean and pairs:
        last_count, last_mean = pairs.pop()
        pairs.append((last_count + count, last_mean + mean))
    yield from pairs
