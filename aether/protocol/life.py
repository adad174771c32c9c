"""Wire types of day and night, weather, the calendar, and hit points out of battle."""

from __future__ import annotations

from typing import ClassVar, Literal

from aether.protocol.base import Command, Update, Wire

Phase = Literal["night", "dawn", "day", "dusk"]


class PhaseSeen(Wire, frozen=True, kw_only=True):
    """A part of the day: from which minute of it on (0 to 1439), and how light it is then."""

    phase: Phase
    minute: int
    light_pct: int


class Sky(Wire, frozen=True, kw_only=True):
    """Time and weather of a zone. A day of `day_s` seconds has begun at `day_began` (server seconds).

    `weather` is what it is until `weather_until`, empty where there is none; `events` are those that are on.
    """

    day_s: int
    day_began: float
    phase: Phase
    phases: list[PhaseSeen]
    weather: str = ""
    weather_until: float = 0.0
    events: list[str] = []


class Health(Wire, frozen=True, kw_only=True):
    """Hit points out of battle: `hp` at `at`, evenly growing to `hp_max` at `full_at` (server seconds)."""

    hp: int
    hp_max: int
    at: float
    full_at: float | None
    is_resting: bool = False


class HealthChanged(Update, frozen=True, kw_only=True):
    """On `me`: the character's hit points out of battle are these now."""

    type_name: ClassVar[str] = "world.health_changed"

    health: Health


class ReadHealth(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read one's hit points out of battle, as after a change of equipment."""

    type_name: ClassVar[str] = "world.health"
    reply_type: ClassVar[type[Wire]] = Health
    is_durable: ClassVar[bool] = False
