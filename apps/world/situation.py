"""What the world tells conditions: the zone that a character is in, flags of its copy, and cooldowns."""

from __future__ import annotations

from dataclasses import replace

from aether.kernel.conditions import Situation, register_source
from apps.world import object_selectors, selectors


def _zone(situation: Situation, character_id: int) -> Situation:
    place = selectors.places_of([character_id]).get(character_id)
    return replace(situation, zone="" if place is None else place.zone)


def _copy_flags(situation: Situation, character_id: int) -> Situation:
    return replace(situation, copy_flags=object_selectors.copy_flags(character_id))


def _cooldowns(situation: Situation, character_id: int) -> Situation:
    return replace(situation, cooling=object_selectors.cooling(character_id))


register_source("world.zone", ("zone",), _zone)
register_source("world.flags", ("flag",), _copy_flags)
register_source("world.cooldowns", ("cooldown",), _cooldowns)
