"""Day, night and weather as pure functions of time: every process and every copy of a zone agrees.

The weather of a zone is drawn from a keyed stream of its own for each `WINDOW_S` of time, so that whoever
asks for a moment draws at most what came before it in that window.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aether.kernel import rng
from aether.protocol.life import Sky
from apps.world.almanac import PhaseDef, Spell

DAY_MINUTES = 1_440
WINDOW_S = 6 * 3_600


class Weather(NamedTuple):
    """A weather with the moments, in server seconds, between which it lasts."""

    id: str
    began_at: float
    ends_at: float


def minutes_of(clock_time: str) -> int:
    """Return the minute of the day that a time like 19:30 means."""
    hours, minutes = clock_time.split(":")
    return int(hours) * 60 + int(minutes)


def day_began(now: float, day_min: int) -> float:
    """Return when the day of the world that lasts now has begun, in server seconds."""
    length = day_min * 60
    return now // length * length


def minute_of_day(now: float, day_min: int) -> int:
    """Return the minute that a clock in the world shows, 0 to 1439."""
    passed = now - day_began(now, day_min)
    return min(DAY_MINUTES - 1, int(passed * DAY_MINUTES / (day_min * 60)))


def phase_at(phases: Sequence[PhaseDef], minute: int) -> PhaseDef:
    """Return the part of the day that a minute is in."""
    return [phase for phase in phases if minutes_of(phase.at) <= minute][-1]


def is_between(minute: int, first: int, last: int) -> bool:
    """Tell if a minute of a day lies from the first one up to the last; over midnight if that is earlier."""
    return first <= minute < last if first <= last else minute >= first or minute < last


def is_another(before: Sky, now: Sky) -> bool:
    """Tell if a sky is to be told: what merely follows from the time is known."""
    return (before.phase, before.weather, before.weather_until, before.events) != (
        now.phase,
        now.weather,
        now.weather_until,
        now.events,
    )


def weather_at(key: bytes, zone: str, spells: Sequence[Spell], now: float) -> Weather | None:
    """Return the weather of a zone at a moment; none where it has none."""
    if not spells:
        return None
    window = int(now // WINDOW_S)
    dice, index = rng.stream(key, f"weather:{zone}:{window}"), 0
    began, over = window * WINDOW_S, (window + 1) * WINDOW_S
    weights = [spell.weight for spell in spells]
    while True:
        drawn = dice.below(sum(weights), index)
        spell = spells[rng.pick(weights, drawn.value)]
        least, most = spell.minutes
        lasts = dice.below(most - least + 1, drawn.next_index)
        index = lasts.next_index
        ends = min(over, began + (least + lasts.value) * 60)
        if now < ends:
            return Weather(spell.weather, began, ends)
        began = ends
