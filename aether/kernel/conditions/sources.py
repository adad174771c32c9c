"""Who tells what conditions ask: each app fills in its part of a situation, and only what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from aether.kernel import clock
from aether.kernel.conditions.situation import Situation
from aether.kernel.conditions.tree import WEEKDAYS, Condition, leaves

Fill = Callable[[Situation, int], Situation]
"""Returns a situation with the source's part of it, for a character."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who answers for some leaves."""

    leaves: frozenset[str]
    fill: Fill


_sources: dict[str, Source] = {}


def register_source(name: str, answers: Collection[str], fill: Fill) -> None:
    """Have an app tell what these leaves ask; the same name takes the place of an earlier source."""
    _sources[name] = Source(frozenset(answers), fill)


def situation_of(character_id: int, *conditions: Condition | None) -> Situation:
    """Return what some conditions ask about a character, as things are now."""
    asked = {leaf.said[0] for condition in conditions for leaf in leaves(condition)}
    found = at_this_time(Situation())
    for source in _sources.values():
        if asked & source.leaves:
            found = source.fill(found, character_id)
    return found


def at_this_time(situation: Situation) -> Situation:
    """Return a situation with the time that it is on the server."""
    now = clock.utc_now()
    return replace(situation, minute=now.hour * 60 + now.minute, weekday=WEEKDAYS[now.weekday()])
