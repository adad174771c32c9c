"""Day, night, weather and calendar are functions of time: whoever asks, hears the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.world.almanac import PHASES, LifeDef, Spell, Window
from apps.world.rules import calendar, sky

KEY = bytes(32)
SKIES = st.lists(
    st.builds(
        lambda name, weight, least, more: Spell(weather=name, weight=weight, minutes=(least, least + more)),
        st.sampled_from(["clear", "rain", "fog"]),
        st.integers(1, 9),
        st.integers(1, 60),
        st.integers(0, 60),
    ),
    min_size=1,
    max_size=4,
)
MOMENTS = st.floats(0, 4e9, allow_nan=False)


@given(spells=SKIES, now=MOMENTS)
def test_a_weather_lasts_while_it_says(spells: list[Spell], now: float) -> None:
    found = sky.weather_at(KEY, "moor", spells, now)
    assert found is not None
    assert found.began_at <= now < found.ends_at
    assert found.id in {spell.weather for spell in spells}
    for moment in (found.began_at, (found.began_at + found.ends_at) / 2, found.ends_at - 1):
        assert sky.weather_at(KEY, "moor", spells, moment) == found


@given(spells=SKIES, now=MOMENTS)
def test_a_weather_is_followed_by_the_next_at_once(spells: list[Spell], now: float) -> None:
    found = sky.weather_at(KEY, "moor", spells, now)
    assert found is not None
    following = sky.weather_at(KEY, "moor", spells, found.ends_at)
    assert following is not None
    assert following.began_at == found.ends_at
    # A window of time cuts the last one short; else it is as long as its content says.
    spell_lengths = {
        minutes
        for spell in spells
        if spell.weather == found.id
        for minutes in range(spell.minutes[0], spell.minutes[1] + 1)
    }
    lasts = (found.ends_at - found.began_at) / 60
    assert lasts in spell_lengths or found.ends_at % sky.WINDOW_S == 0


def test_zones_have_weathers_of_their_own_and_rare_ones_are_rare() -> None:
    spells = [Spell(weather="clear", weight=9, minutes=(10, 10)), Spell(weather="fog", minutes=(10, 10))]
    told = {
        zone: [sky.weather_at(KEY, zone, spells, at * 600.0) for at in range(4_000)] for zone in ("a", "b")
    }
    assert told["a"] != told["b"]
    for zone in told.values():
        foggy = sum(weather is not None and weather.id == "fog" for weather in zone)
        assert 300 < foggy < 500
    assert sky.weather_at(KEY, "town", [], 5.0) is None
    assert sky.weather_at(b"other", "a", spells, 0.0) is not None


@given(now=MOMENTS, day_min=st.integers(1, 1_440))
def test_a_day_has_every_minute_once(now: float, day_min: int) -> None:
    minute = sky.minute_of_day(now, day_min)
    assert 0 <= minute < sky.DAY_MINUTES
    began = sky.day_began(now, day_min)
    assert began <= now < began + day_min * 60
    assert sky.minute_of_day(began, day_min) == 0
    assert sky.phase_at(PHASES, minute) in PHASES


@pytest.mark.parametrize(
    ("minute", "phase"), [(0, "night"), (299, "night"), (300, "dawn"), (720, "day"), (1_439, "night")]
)
def test_the_day_has_its_phases(minute: int, phase: str) -> None:
    assert sky.phase_at(PHASES, minute).id == phase


@given(minute=st.integers(0, 1_439), first=st.integers(0, 1_439), last=st.integers(0, 1_439))
def test_a_time_is_before_or_after(minute: int, first: int, last: int) -> None:
    if first != last:
        assert sky.is_between(minute, first, last) != sky.is_between(minute, last, first)


WINTER = Window(first="12-18", last="01-03")
MARKET = Window(weekdays=("sat",), between=("18:00", "00:00"))


@pytest.mark.parametrize(
    ("window", "at", "is_open"),
    [
        (WINTER, "2026-12-17T23:59", False),
        (WINTER, "2026-12-18T00:00", True),
        (WINTER, "2027-01-03T23:59", True),
        (WINTER, "2027-01-04T00:00", False),
        (MARKET, "2026-11-28T18:00", True),
        (MARKET, "2026-11-28T17:59", False),
        (MARKET, "2026-11-29T19:00", False),
        (Window(between=("22:00", "02:00")), "2026-11-29T01:00", True),
        (Window(between=("22:00", "02:00")), "2026-11-29T02:00", False),
    ],
)
def test_a_window_is_open_on_its_days_and_hours(window: Window, at: str, is_open: bool) -> None:
    assert calendar.is_open(window, datetime.fromisoformat(at).replace(tzinfo=UTC)) is is_open


@given(days=st.integers(0, 3_000))
def test_days_of_the_year_come_every_year(days: int) -> None:
    at = datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=days)
    is_inside = (at.month, at.day) >= (12, 18) or (at.month, at.day) <= (1, 3)
    assert calendar.is_open(WINTER, at) is is_inside


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Window, {}),
        (Window, {"first": "12-01"}),
        (Window, {"first": "13-01", "last": "12-01"}),
        (Spell, {"weather": "fog", "minutes": [20, 10]}),
        (LifeDef, {"id": "life", "phases": [{"id": "day", "at": "06:00"}]}),
        (LifeDef, {"id": "life", "phases": [{"id": "day", "at": "00:00"}, {"id": "dusk", "at": "24:00"}]}),
    ],
)
def test_what_makes_no_sense_is_refused(kind: type[msgspec.Struct], written: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(written, kind)
