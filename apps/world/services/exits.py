"""Exits with conditions: who may take one, what it costs, and telling a character when that changes."""

from __future__ import annotations

from uuid import uuid4

from aether.kernel import content, realtime
from aether.kernel.conditions import Topic, may_change, names_of, situation_of, why_not
from aether.protocol.world import ExitsChanged, ObjectsChanged
from apps.economy import services as economy
from apps.world import ground, object_selectors, selectors
from apps.world.definitions import MapExit
from apps.world.errors import LockedError
from apps.world.models import CharacterPlace


def pass_exit(place: CharacterPlace, way: MapExit, occasion: str | None) -> None:
    """Refuse who may not take an exit, and take its fare. Call while holding the row's lock."""
    rule = ground.zone_of(place.zone).rule_of(way.id)
    situation = situation_of(place.character_id, rule.condition)
    missing = why_not(rule.condition, situation, names_of(content.current()))
    if missing is not None:
        raise LockedError(en=missing.en, fr=missing.fr)
    if rule.fare:
        economy.take(
            character_id=place.character_id,
            cause=f"travel:{way.id}",
            idempotency_key=f"travel:{place.character_id}:{occasion or uuid4()}",
            glim=rule.fare,
        )


def show_again(*, character_id: int, topic: Topic) -> None:
    """Tell a character what it may pass, see and do by now, if what happened can have changed any of it.

    Things are told all together: what is named as gone would be known to have been there.
    """
    place = selectors.places_of([character_id]).get(character_id)
    if place is None:
        return
    rules = ground.zone_of(place.zone).exits.values()
    if any(may_change(rule.condition, topic) for rule in rules):
        exits = object_selectors.exits_seen(place.zone, character_id)
        realtime.tell_character(character_id, ExitsChanged(instance=place.instance, exits=exits))
    things = map(ground.definition_of, ground.map_of(place.zone).objects)
    if any(may_change(asked, topic) for definition in things for asked in definition.conditions):
        objects = selectors.things_seen(place.instance, character_id=character_id)
        realtime.tell_character(character_id, ObjectsChanged(instance=place.instance, objects=objects))
