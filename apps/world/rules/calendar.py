"""When the events of the calendar are on: by days of the year, of the week and hours, all in UTC."""

from __future__ import annotations

from datetime import datetime

from apps.world.almanac import WEEKDAYS, Window
from apps.world.rules.sky import is_between, minutes_of


def is_open(window: Window, at: datetime) -> bool:
    """Tell if a moment is in a window."""
    return _is_day(window, at) and _is_weekday(window, at) and _is_hour(window, at)


def _is_day(window: Window, at: datetime) -> bool:
    if window.first is None or window.last is None:
        return True
    day = f"{at:%m-%d}"
    if window.first <= window.last:
        return window.first <= day <= window.last
    return day >= window.first or day <= window.last


def _is_weekday(window: Window, at: datetime) -> bool:
    return not window.weekdays or WEEKDAYS[at.weekday()] in window.weekdays


def _is_hour(window: Window, at: datetime) -> bool:
    if window.between is None:
        return True
    first, last = map(minutes_of, window.between)
    return is_between(at.hour * 60 + at.minute, first, last)
