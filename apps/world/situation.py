"""What the world tells conditions: the zone that a character is in, weather, copy flags, the calendar."""

from __future__ import annotations

from dataclasses import replace

from aether.kernel.conditions import Situation, register_source
from apps.world import object_selectors, selectors, sky


def _zone(situation: Situation, character_id: int) -> Situation:
    place = selectors.places_of([character_id]).get(character_id)
    return replace(situation, zone="" if place is None else place.zone)


def _copy_flags(situation: Situation, character_id: int) -> Situation:
    return replace(situation, copy_flags=object_selectors.copy_flags(character_id))


def _cooldowns(situation: Situation, character_id: int) -> Situation:
    return replace(situation, cooling=object_selectors.cooling(character_id))


def _unlocked(situation: Situation, character_id: int) -> Situation:
    return replace(situation, unlocked=object_selectors.unlocked_exits(character_id))


def _events(situation: Situation, character_id: int) -> Situation:
    return replace(situation, events=frozenset(sky.open_events()))


def _weather(situation: Situation, character_id: int) -> Situation:
    place = selectors.places_of([character_id]).get(character_id)
    found = sky.weather_of(place.zone) if place is not None else None
    return replace(situation, weather="" if found is None else found.id)


register_source("world.zone", ("zone",), _zone)
register_source("world.flags", ("flag",), _copy_flags)
register_source("world.cooldowns", ("cooldown",), _cooldowns)
register_source("world.exits", ("unlocked",), _unlocked)
register_source("world.events", ("event_active",), _events)
register_source("world.weather", ("weather",), _weather)
