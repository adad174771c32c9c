"""Classes are even with one another: the band of docs/content.md, held by the sample game's numbers."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from apps.combat import engine
from apps.combat.balance.duels import CONTENT_HASH, Fighter
from apps.combat.balance.simulating import simulate
from tests.combat.engine.cast import pack

RULES = engine.rulebook(pack(), content_hash=CONTENT_HASH)
DUELS = 20
BAND = (0.25, 0.75)
COUNTER = (0.05, 0.95)
COUNTERS_MAX = 3
"""So many of the ten pairs of a level may lie outside the band; nobody may lose to another always."""
TURNS_MAX = 25


@pytest.mark.parametrize("level", [1, 5, 10, 20, 30])
def test_classes_are_even_and_their_duels_end(level: int) -> None:
    classes = [Fighter(each, level) for each in sorted(RULES.classes)]
    pairs = list(combinations_with_replacement(classes, 2))
    found = simulate(pairs, duels=DUELS, seed="even", rulebook=RULES, jobs=1, told=lambda _: None)
    rates = {f"{one} {other}": tally.rate for (one, other), tally in found.items() if one != other}
    assert all(COUNTER[0] <= rate <= COUNTER[1] for rate in rates.values()), rates
    assert sum(not BAND[0] <= rate <= BAND[1] for rate in rates.values()) <= COUNTERS_MAX, rates
    turns = {f"{one} {other}": tally.mean_turns for (one, other), tally in found.items()}
    assert max(turns.values()) <= TURNS_MAX, turns
