"""Content of day and night, weather, the calendar and what lives by them, as types."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from aether.kernel.content import LocalText

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,47}$")]
Phase = Literal["night", "dawn", "day", "dusk"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HourMinute = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
MonthDay = Annotated[str, msgspec.Meta(pattern="^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Factor = Annotated[int, msgspec.Meta(ge=0, le=300)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=360)]
Weight = Annotated[int, msgspec.Meta(ge=1, le=1_000)]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that content may say here."""


class PhaseDef(Entry, frozen=True, kw_only=True):
    """A part of the day, from `at` on: how light it is, and how far monsters look."""

    id: Phase
    at: HourMinute
    light_pct: Percent = 100
    aggro_pct: Factor = 100


PHASES = (
    PhaseDef(id="night", at="00:00", light_pct=45),
    PhaseDef(id="dawn", at="05:00", light_pct=75),
    PhaseDef(id="day", at="07:00"),
    PhaseDef(id="dusk", at="19:00", light_pct=75),
    PhaseDef(id="night", at="21:00", light_pct=45),
)


class Regeneration(Entry, frozen=True, kw_only=True):
    """What of its hit points a character regains in a minute, and how many times that while it sits."""

    wild_pct: Annotated[int, msgspec.Meta(ge=0, le=6_000)] = 60
    safe_pct: Annotated[int, msgspec.Meta(ge=0, le=6_000)] = 200
    resting_times: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3


class Stars(Entry, frozen=True, kw_only=True):
    """What a group that nobody touches is worth more, for each span of time, and at most."""

    every_min: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 60
    pct: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    most_pct: Annotated[int, msgspec.Meta(ge=0, le=100)] = 100


class Hunting(Entry, frozen=True, kw_only=True):
    """Whom monsters spare: who has just come, or is of too different a level. How far they follow."""

    grace_s: Annotated[int, msgspec.Meta(ge=0, le=120)] = 10
    level_gap: Annotated[int, msgspec.Meta(ge=0, le=100)] = 5
    leash: Annotated[int, msgspec.Meta(ge=1, le=24)] = 6


class LifeDef(Entry, frozen=True, kw_only=True):
    """How the world lives. `day_min` is how long its day takes, in minutes of the server."""

    id: Id
    day_min: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 96
    phases: Annotated[tuple[PhaseDef, ...], msgspec.Meta(min_length=1, max_length=12)] = PHASES
    regeneration: Regeneration = Regeneration()
    stars: Stars = Stars()
    hunting: Hunting = Hunting()

    def __post_init__(self) -> None:
        times = [phase.at for phase in self.phases]
        if times[0] != "00:00" or times != sorted(set(times)):
            raise ValueError("`phases` begin at 00:00, each later than the one before")


class WeatherDef(Entry, frozen=True, kw_only=True):
    """A kind of weather: how it looks, how far monsters see in it, how much nodes give."""

    id: Id
    name: LocalText
    look: Literal["clear", "rain", "storm", "fog", "ash", "wind"]
    aggro_pct: Factor = 100
    yield_pct: Factor = 100


class Spell(Entry, frozen=True, kw_only=True):
    """A weather that a zone may have: how often compared with the others, and for how long."""

    weather: Id
    weight: Weight = 1
    minutes: tuple[Minutes, Minutes]

    def __post_init__(self) -> None:
        if self.minutes[0] > self.minutes[1]:
            raise ValueError("`minutes` goes from the smaller to the larger")


class Window(Entry, frozen=True, kw_only=True):
    """When something is on (UTC): days of the year, both included, of the week, and hours of the day.

    What is left out does not matter. `first` after `last` goes over the new year, `between` over midnight.
    """

    first: MonthDay | None = None
    last: MonthDay | None = None
    weekdays: tuple[Weekday, ...] = ()
    between: tuple[HourMinute, HourMinute] | None = None

    def __post_init__(self) -> None:
        if (self.first is None) != (self.last is None):
            raise ValueError("`first` and `last` go together")
        if self.first is None and not self.weekdays and self.between is None:
            raise ValueError("a window says when: by days, weekdays or hours")


class EventDef(Entry, frozen=True, kw_only=True):
    """An event of the calendar. Without a window only a game master opens it."""

    id: Id
    name: LocalText
    begins: LocalText
    ends: LocalText
    window: Window | None = None


class Occasion(Entry, frozen=True, kw_only=True):
    """When something is there: at these times of the day, in this weather, during this event."""

    phases: tuple[Phase, ...] = ()
    weather: tuple[Id, ...] = ()
    event: Id | None = None

    def __post_init__(self) -> None:
        if not self.phases and not self.weather and self.event is None:
            raise ValueError("an occasion names phases, weather or an event")
