"""Debts that have become smaller since a plan was made: nobody pays off more than is owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from apps.economy.rules.rollback.found import FoundLine
from apps.economy.rules.rollback.plan import Act
from apps.economy.rules.rollback.purse import home_of


def debtors_of(acts: Iterable[Act]) -> set[int]:
    """Return whose debts become larger or smaller."""
    return {line.place.owner_id for act in acts for line in act.lines if line.place.is_debt}


def paid_as_owed(acts: Sequence[Act], owed: Mapping[tuple[int, str], int]) -> list[Act]:
    """Return the acts with what is more than owed going to the debtor itself."""
    left = dict(owed)
    return [replace(act, lines=tuple(_paid(act.lines, left))) for act in acts]


def _paid(lines: Iterable[FoundLine], left: dict[tuple[int, str], int]) -> Iterable[FoundLine]:
    for line in lines:
        owner, asset = line.place.owner_id, line.asset
        if not line.place.is_debt:
            yield line
            continue
        off = min(line.amount, max(0, left.get((owner, asset), 0)))
        left[owner, asset] = left.get((owner, asset), 0) - off
        if off:
            yield replace(line, amount=off)
        if line.amount > off:
            yield FoundLine(home_of(owner, asset), asset, line.amount - off)
