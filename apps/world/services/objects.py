"""Using the things of a zone: a chest pays each character once."""

from __future__ import annotations

from aether.kernel import facts, realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.facts.types import ObjectUsed
from aether.kernel.transactions import transactional
from aether.protocol.world import ObjectChanged, ObjectSeen
from apps.economy import services as economy
from apps.world import ground, selectors
from apps.world.definitions import MapObject
from apps.world.errors import AlreadyUsedError, InBattleError, TooFarError
from apps.world.models import ObjectUse
from apps.world.services import showing
from apps.world.services.coming import present

REACH = 1


@transactional
def interact(*, character_id: int, object_id: str) -> ObjectSeen:
    """Open a chest next to which the character stands: its loot arrives on `me`."""
    place = present(character_id)
    if place.battle is not None:
        raise InBattleError
    thing = _object(place.zone, object_id)
    if not selectors.is_near(showing.stand_still(place), thing.cell, REACH):
        raise TooFarError
    _, is_first = ObjectUse.objects.get_or_create(
        character_id=character_id, zone=place.zone, object_id=thing.id
    )
    if not is_first:
        raise AlreadyUsedError
    economy.grant(
        character_id=character_id,
        loot=thing.loot,
        cause=f"{thing.object_type}:{thing.id}",
        idempotency_key=f"object:{place.zone}:{thing.id}:{character_id}",
    )
    facts.publish(ObjectUsed(character=character_id, zone=place.zone, object=thing.id))
    seen = selectors.object_seen(thing, is_used=True)
    realtime.tell_character(character_id, ObjectChanged(instance=place.instance, object=seen))
    return seen


def _object(zone: str, object_id: str) -> MapObject:
    for thing in ground.map_of(zone).objects:
        if thing.id == object_id:
            return thing
    raise NotFoundError
