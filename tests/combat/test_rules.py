"""Experience: split by level without losing a point, more in company, less across levels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.combat.rules import experience, level_factor_pct, split


@given(
    total=st.integers(0, 100_000),
    weights=st.dictionaries(st.integers(1, 10_000), st.integers(1, 30), min_size=1, max_size=4),
)
def test_the_parts_sum_to_the_whole(total: int, weights: dict[int, int]) -> None:
    parts = split(total, weights)
    assert sum(parts.values()) == total
    assert all(abs(parts[key] - total * weights[key] / sum(weights.values())) < 1 for key in weights)


def test_one_alone_takes_it_all() -> None:
    assert experience(100, {7: 5}, [5, 6]) == {7: 100}


@pytest.mark.parametrize(("size", "total"), [(1, 1000), (2, 1150), (3, 1300), (4, 1450)])
def test_company_is_worth_more(size: int, total: int) -> None:
    levels = dict.fromkeys(range(1, size + 1), 5)
    assert sum(experience(1000, levels, [5]).values()) == total


@pytest.mark.parametrize(("level", "pct"), [(5, 100), (10, 100), (11, 95), (20, 50), (30, 10)])
def test_levels_apart_count_less(level: int, pct: int) -> None:
    assert level_factor_pct(level, 5) == pct


def test_nothing_slain_is_nothing_earned() -> None:
    assert experience(0, {7: 5}, []) == {7: 0}
