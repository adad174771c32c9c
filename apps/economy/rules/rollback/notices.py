"""What each person is written about a rollback: what it took, what it gave, and what is owed from then on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from apps.economy.rules.rollback.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """By asset: what somebody has no more, has again, owes from now on, and owes no longer."""

    character_id: int
    taken: Mapping[str, int]
    given: Mapping[str, int]
    owed: Mapping[str, int]
    settled: Mapping[str, int]


def notices_of(plan: Plan) -> tuple[Notice, ...]:
    """Return what people are written: nothing to those for whom nothing is different in the end."""
    held: Counter[tuple[int, str]] = Counter()
    debts: Counter[tuple[int, str]] = Counter()
    for hold in plan.holds:
        held[hold.place.owner_id, hold.asset] -= hold.amount
    for release in plan.releases:
        held[release.place.owner_id, release.asset] += release.amount
    for act in plan.acts:
        for line in act.lines:
            if line.place.is_debt:
                debts[line.place.owner_id, line.asset] += line.amount
    changed = {owner for changes in (held, debts) for (owner, _), amount in changes.items() if amount}
    sides = {
        "taken": _above_nothing(held, -1),
        "given": _above_nothing(held, 1),
        "owed": _above_nothing(debts, -1),
        "settled": _above_nothing(debts, 1),
    }
    return tuple(
        Notice(character_id=owner, **{name: of.get(owner, {}) for name, of in sides.items()})
        for owner in sorted(changed)
    )


def _above_nothing(changes: Mapping[tuple[int, str], int], sign: int) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for (owner, asset), amount in sorted(changes.items()):
        if amount * sign > 0:
            found.setdefault(owner, {})[asset] = amount * sign
    return found
