"""Weeks of the game begin on Monday at four, and every moment is in one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aether.kernel.weeks import week_begins_at, week_ends_at, week_of

moments = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_a_week_begins_on_monday_at_four() -> None:
    before = datetime(2026, 11, 30, 3, 59, 59, tzinfo=UTC)
    assert week_of(before).isoformat() == "2026-11-23"
    assert week_of(before + timedelta(seconds=1)).isoformat() == "2026-11-30"


@given(moments)
def test_every_moment_is_in_the_week_that_ends_next(moment: datetime) -> None:
    week = week_of(moment)
    ends_at = week_ends_at(week)
    assert ends_at - timedelta(days=7) <= moment < ends_at
    assert week_begins_at(week) <= moment
    assert week_of(ends_at) == week + timedelta(days=7)
