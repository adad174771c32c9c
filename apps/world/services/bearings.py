"""Where content brings a character, what it is bound to, and what a zone copy remembers."""

from __future__ import annotations

import structlog

from aether.kernel import facts
from aether.kernel.facts.types import SurroundingsChanged, ZoneEntered
from aether.kernel.transactions import transactional
from apps.world import dungeon_ground, ground, locks
from apps.world.models import CharacterPlace, CopyFlag
from apps.world.services import coming

logger = structlog.get_logger(__name__)


@transactional
def bind(*, character_id: int, zone: str | None, arrival: str) -> None:
    """Let a character come back to an arrival from now on; without a zone, one of where it is."""
    place = coming.present(character_id)
    place.bind_zone, place.bind_arrival = zone or place.zone, arrival
    place.save(update_fields=["bind_zone", "bind_arrival"])


@transactional
def teleport(*, character_id: int, zone: str | None, arrival: str) -> None:
    """Bring a character to an arrival; without a zone, to one of where it is.

    No content leads into a dungeon from outside, nor into what is somebody's. Where a release of before
    it was checked does, one stays.
    """
    place = coming.present(character_id)
    before = place.zone
    if zone not in (None, before) and (
        dungeon_ground.dungeon_in(str(zone)) is not None or ground.is_owned(str(zone))
    ):
        logger.warning("an effect leads where one comes through a gate", character=character_id, zone=zone)
        return
    coming.bring(place, ground.home(zone or before, arrival))
    if place.zone != before:
        facts.publish(ZoneEntered(character=character_id, zone=place.zone))


@transactional
def set_copy_flag(*, character_id: int, key: str, value: int) -> None:
    """Set a flag of the zone copy that a character is in."""
    instance = CharacterPlace.objects.values_list("instance", flat=True).get(pk=character_id)
    CopyFlag.objects.update_or_create(instance=instance, key=key, defaults={"value": value})
    if locks.is_asked_in(ground.zone_of_instance(instance), "flag.set"):
        facts.publish(SurroundingsChanged(instance=instance, topic="flag.set"))
