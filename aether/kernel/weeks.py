"""Weeks of the game: they begin on Monday at four, server time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

WEEK_BEGINS_AT = timedelta(hours=4)


def week_of(moment: datetime) -> date:
    """Return the Monday of the week that a moment belongs to."""
    day = (moment - WEEK_BEGINS_AT).date()
    return day - timedelta(days=day.weekday())


def week_begins_at(week: date) -> datetime:
    """Return when the week of a Monday begins."""
    return datetime(week.year, week.month, week.day, tzinfo=UTC) + WEEK_BEGINS_AT


def week_ends_at(week: date) -> datetime:
    """Return when the week of a Monday ends."""
    return week_begins_at(week) + timedelta(days=7)
