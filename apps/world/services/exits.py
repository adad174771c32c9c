"""Exits with conditions: who may take one, what it costs, and telling a character when that changes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from aether.kernel import content, realtime
from aether.kernel.conditions import Topic, may_change, names_of, situation_of, why_not
from aether.kernel.effects import Way
from aether.kernel.transactions import transactional
from aether.protocol.world import ExitsChanged, ObjectsChanged
from apps.economy import services as economy
from apps.world import ground, locks, object_selectors, positions, selectors
from apps.world.definitions import MapExit
from apps.world.errors import LockedError
from apps.world.models import CharacterPlace, ExitUnlock


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


def show_all_again(*, instance: str, topic: Topic) -> None:
    """Tell everybody in a zone copy what it may pass, see and do by now: something around all has changed."""
    if locks.is_asked_in(ground.zone_of_instance(instance), topic):
        for seen in positions.everybody(instance):
            show_again(character_id=seen.id, topic=topic)


@transactional
def unlock_exits(*, character_id: int, ways: Iterable[Way]) -> None:
    """Let a character pass exits that ask to be unlocked, for good."""
    for way in ways:
        ExitUnlock.objects.get_or_create(character_id=character_id, zone=way.zone, exit_id=way.exit)
    show_again(character_id=character_id, topic="exit.unlocked")
