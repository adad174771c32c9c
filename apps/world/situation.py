"""What the world tells conditions: the zone that a character is in."""

from __future__ import annotations

from dataclasses import replace

from aether.kernel.conditions import Situation, register_source
from apps.world import selectors


def _zone(situation: Situation, character_id: int) -> Situation:
    place = selectors.places_of([character_id]).get(character_id)
    return replace(situation, zone="" if place is None else place.zone)


register_source("world.zone", ("zone",), _zone)
