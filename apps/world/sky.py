"""What time it is in the world, what weather a zone has, and which events are on: read, never kept.

These are also what the conditions `time`, `weather` and `event_active` of content ask.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from functools import lru_cache

from django.conf import settings

from aether.kernel import clock, content, stored
from aether.protocol.life import PhaseSeen, Sky
from apps.world import ground
from apps.world.almanac import WEEKDAYS, EventDef, LifeDef, Occasion, PhaseDef, WeatherDef
from apps.world.models import CalendarEvent
from apps.world.rules import calendar
from apps.world.rules.sky import (
    Weather,
    day_began,
    is_between,
    minute_of_day,
    minutes_of,
    phase_at,
    weather_at,
)

_WORLD_LABEL = b"aether.world.v1"
_PLAIN = LifeDef(id="plain")
_CLEAR = WeatherDef(id="clear", name=content.LocalText(en="Clear", fr="Clair"), look="clear")


def life() -> LifeDef:
    """Return how the world lives, by the content or as it does without."""
    return next(iter(content.current().all(LifeDef).values()), _PLAIN)


def world_minute() -> int:
    """Return what a clock in the world shows, in minutes of its day."""
    return minute_of_day(clock.now(), life().day_min)


def phase() -> PhaseDef:
    """Return what part of the day it is in the world."""
    return phase_at(life().phases, world_minute())


def weather_of(zone: str) -> Weather | None:
    """Return the weather of a zone, the same in all its copies; none where it has none."""
    return weather_at(_world_key(settings.SECRET_KEY), zone, ground.zone_of(zone).weather, clock.now())


def weather_effects(zone: str) -> WeatherDef:
    """Return what the weather of a zone does."""
    found = weather_of(zone)
    return _CLEAR if found is None else content.current().all(WeatherDef).get(found.id, _CLEAR)


def open_events() -> list[str]:
    """Return which events of the calendar are on: by their window, or as a game master has said."""
    now, known = clock.utc_now(), content.current().all(EventDef)
    if not known:
        return []
    said = {
        row.event: row.mode == CalendarEvent.Mode.ON
        for row in stored.find(CalendarEvent, "WHERE mode <> 'calendar'", [])
        if row.until is None or row.until > now
    }
    return sorted(
        event.id
        for event in known.values()
        if said.get(event.id, event.window is not None and calendar.is_open(event.window, now))
    )


def event_name(event: str, language: str) -> str:
    """Return what an event is called; its id where the content has it no more."""
    found = content.current().all(EventDef).get(event)
    return event if found is None else found.name.in_language(language)


def is_event_active(event: str) -> bool:
    """Tell if an event of the calendar is on."""
    return event in open_events()


def is_time_between(first: str, last: str) -> bool:
    """Tell if a clock in the world shows a time from `first` up to `last`, such as 21:00 and 05:00."""
    return is_between(world_minute(), minutes_of(first), minutes_of(last))


def is_weekday(days: Collection[str]) -> bool:
    """Tell if today (UTC) is one of these days of the week, as `mon` or `sun`."""
    return WEEKDAYS[clock.utc_now().weekday()] in days


def is_weather(zone: str, kinds: Collection[str]) -> bool:
    """Tell if the weather of a zone is one of these."""
    found = weather_of(zone)
    return found is not None and found.id in kinds


def is_occasion(occasion: Occasion | None, *, zone: str, events: Collection[str]) -> bool:
    """Tell if something that is there only at times is there now; `events` are those that are on."""
    if occasion is None:
        return True
    return (
        (not occasion.phases or phase().id in occasion.phases)
        and (not occasion.weather or is_weather(zone, occasion.weather))
        and occasion.event in (None, *events)
    )


def sky_of(zone: str) -> Sky:
    """Return time, weather and events of a zone as everybody there is told."""
    now, laws, weather = clock.now(), life(), weather_of(zone)
    return Sky(
        day_s=laws.day_min * 60,
        day_began=day_began(now, laws.day_min),
        phase=phase().id,
        phases=[
            PhaseSeen(phase=each.id, minute=minutes_of(each.at), light_pct=each.light_pct)
            for each in laws.phases
        ],
        weather="" if weather is None else weather.id,
        weather_until=0.0 if weather is None else weather.ends_at,
        events=open_events(),
    )


@lru_cache(maxsize=4)
def _world_key(secret: str) -> bytes:
    """Return the key of everything that all processes draw alike and nobody else can foretell."""
    return hmac.digest(hashlib.sha256(secret.encode()).digest(), _WORLD_LABEL, "sha256")
