"""Levels follow from totals, exactly as the rules say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.rules import progress


@pytest.mark.parametrize(("level", "xp"), [(1, 432), (10, 3780), (29, 20424)])
def test_a_level_takes_what_the_rules_say(level: int, xp: int) -> None:
    assert progress.xp_to_next(level) == xp


@pytest.mark.parametrize(("total", "level"), [(0, 1), (431, 1), (432, 2), (432 + 660, 3), (10**9, 30)])
def test_the_level_follows_from_the_total(total: int, level: int) -> None:
    assert progress.level_of(total) == level


@given(st.integers(0, progress.XP_TOTAL_MAX - 1))
def test_progress_lies_within_its_level(total: int) -> None:
    found = progress.progress_of(total)
    assert 0 <= found.xp < found.xp_next


@given(st.lists(st.integers(0, progress.XP_TOTAL_MAX + 1_000), min_size=2))
def test_more_experience_is_never_a_lower_level_nor_fewer_points(totals: list[int]) -> None:
    """38."""
    levels = [progress.level_of(total) for total in sorted(totals)]
    assert levels == sorted(levels)
    earned = [progress.stat_points_earned(level) for level in levels]
    assert earned == sorted(earned)


def test_the_last_level_has_no_next() -> None:
    assert progress.progress_of(progress.XP_TOTAL_MAX) == (30, 0, 0)
