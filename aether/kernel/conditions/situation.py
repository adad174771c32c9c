"""What conditions may ask about a character, as a value; whatever nobody tells is not so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything about a character that a condition may ask. `minute` is that of the server's day."""

    level: int = 1
    class_id: str = ""
    stats: Mapping[str, int] = field(default_factory=dict)
    zone: str = ""
    quests: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    copy_flags: Mapping[str, int] = field(default_factory=dict)
    holdings: Mapping[str, int] = field(default_factory=dict)
    worn: Mapping[str, int] = field(default_factory=dict)
    banked: Mapping[str, int] = field(default_factory=dict)
    professions: Mapping[str, int] = field(default_factory=dict)
    party_size: int = 1
    guild: frozenset[str] | None = None
    """What its rank in its guild may do; None where it is in none."""
    guild_rank: int | None = None
    """The place of its rank in its guild: 1 is the leader's. None where it is in none."""
    unlocked: frozenset[tuple[str, str]] = frozenset()
    """Zone and id of the exits that were unlocked for it."""
    cooling: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    weather: str = ""
    minute: int = 0
    weekday: str = ""
