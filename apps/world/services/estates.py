"""Zones that somebody owns: the place of a character, the hall of a guild, each with a copy of its own.

A copy in which nobody is closes after a while, and is the same one when its owner opens it again: what was
changed in it stays. A guild has a hall on each shard.
"""

from __future__ import annotations

from datetime import timedelta

from aether.kernel import clock
from apps.world import claims, dungeon_ground, ground
from apps.world.errors import CopyFullError, CopyNotOpenError, LockedError
from apps.world.models import CharacterPlace, ZoneCopy
from apps.world.services.copies import capacity_of, close_copy, lock_zones, new_copy, populations

CLOSES_AFTER = timedelta(minutes=10)
CLOSED_AT_ONCE = 20

Kind, State = ZoneCopy.Kind, ZoneCopy.State
KINDS = {"character": Kind.PRIVATE, "guild": Kind.INSTANCE}


def copy_of(zone: str, character_id: int) -> str:
    """Return the copy of a zone that is a character's or its guild's own; it opens if it is not.

    Call inside the transaction that puts the character there, while holding its place.
    """
    owner = owner_for(zone, character_id)
    if owner is None:
        raise LockedError(en=claims.NO_GUILD.en, fr=claims.NO_GUILD.fr)
    lock_zones([zone])
    copy = _opened(zone, owner)
    if populations([copy.pk]).get(copy.pk, 0) >= capacity_of(copy):
        raise CopyFullError
    return copy.pk


def owner_for(zone: str, character_id: int) -> str | None:
    """Return in whose name a character comes into a zone that is owned; nothing where it may not."""
    if ground.zone_of(zone).owned_by == "character":
        return f"character:{character_id}"
    guild = claims.claim_of(character_id)
    return None if guild is None else f"guild:{guild.guild}"


def is_at_home(place: CharacterPlace) -> bool:
    """Tell if a character is, in a zone that is owned, in a copy that is its own or its guild's."""
    owner = owner_for(place.zone, place.character_id)
    return owner is not None and ZoneCopy.objects.filter(pk=place.instance, owner=owner).exists()


def way_out(zone: str) -> ground.Spot | None:
    """Return where one stands who comes out of a zone, if one of its exits leads where everybody may be."""
    for way in ground.map_of(zone).exits:
        if way.to_zone != zone and not (
            ground.is_owned(way.to_zone) or dungeon_ground.dungeon_in(way.to_zone) is not None
        ):
            return ground.Spot(way.to_zone, ground.map_of(way.to_zone).arrivals[way.arrival])
    return None


def close_empty_estates() -> None:
    """Close the copies of owners in which nobody has been for a while."""
    owned = [zone for zone in ground.zones() if ground.is_owned(zone)]
    empty = ZoneCopy.objects.filter(
        zone__in=owned, state=State.OPEN, emptied_at__lte=clock.utc_now() - CLOSES_AFTER
    ).exclude(kind=Kind.SHARED)
    for instance in empty.order_by("emptied_at").values_list("pk", flat=True)[:CLOSED_AT_ONCE]:
        close_copy(instance)


def _opened(zone: str, owner: str) -> ZoneCopy:
    """Open what an owner has, else something new. Call while holding the zone's lock."""
    copy = ZoneCopy.objects.select_for_update().filter(zone=zone, owner=owner).order_by("number").last()
    if copy is None:
        return new_copy(zone, KINDS[owner.partition(":")[0]], owner=owner)
    if copy.state == State.DRAINING:
        raise CopyNotOpenError
    if copy.state == State.CLOSED:
        copy.state, copy.opened_at, copy.closed_at = State.OPEN, clock.utc_now(), None
        copy.emptied_at = None
        copy.save(update_fields=["state", "opened_at", "closed_at", "emptied_at"])
    return copy
