"""Emptying copies: of two that are thin one is given up, and staff may ask for it.

People go over one by one, each in a transaction of its own, to a copy that has room; who fights, gathers or
trades goes when that is over. A process that dies in between has moved each of them or not.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection

from aether.kernel import audit, clock
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.transactions import transactional
from apps.economy import selectors as economy
from apps.world.errors import (
    AlreadyGatheringError,
    CopyFullError,
    CopyNotOpenError,
    InBattleError,
    NotInWorldError,
    SameCopyError,
    TooSoonError,
    TradingError,
)
from apps.world.ground import Spot
from apps.world.models import CharacterPlace, Gathering, ZoneCopy
from apps.world.rules.copies import to_merge
from apps.world.selectors import Place
from apps.world.services import showing
from apps.world.services.coming import go_home, present, stand
from apps.world.services.copies import (
    JOIN_AGAIN_AFTER,
    close_copy,
    is_owned,
    lock_zones,
    populations,
    rooms_of,
)

HANDED_OVER_AT_ONCE = 20
EMPTY_FOR = timedelta(seconds=60)
"""A copy in which nobody is stays open for so long beside others."""

Kind, State = ZoneCopy.Kind, ZoneCopy.State

_EMPTIED = """
UPDATE world_zonecopy AS copy SET emptied_at = %s
WHERE state = 'open' AND emptied_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM world_characterplace WHERE is_present AND instance = copy.id
)
"""

_FILLED = """
UPDATE world_zonecopy SET emptied_at = NULL WHERE emptied_at IS NOT NULL AND id IN (
    SELECT instance FROM world_characterplace WHERE is_present GROUP BY instance
)
"""


@transactional
def join_copy(*, character_id: int, instance: str) -> tuple[Place, str]:
    """Go over to another copy of one's zone, by choice; return where one is then, and the copy left."""
    place = present(character_id)
    if place.instance == instance:
        raise SameCopyError
    _require_free(place)
    again_at = place.copy_joined_at and place.copy_joined_at + JOIN_AGAIN_AFTER
    if again_at and again_at > clock.utc_now():
        raise TooSoonError(retry_after_ms=int((again_at - clock.utc_now()).total_seconds() * 1000) + 1)
    lock_zones([place.zone])
    rooms = {room.copy: room for room in rooms_of(place.zone, character_id=character_id)}
    room = rooms.get(instance)
    if room is None or is_owned(place.instance):
        raise NotFoundError
    if not room.takes_me:
        raise CopyFullError
    before = place.instance
    place.copy_joined_at = clock.utc_now()
    spot = Spot(place.zone, showing.stand_still(place))
    return stand(place, spot, copy=instance), before


@transactional
def drain_copy(*, actor: AbstractBaseUser, instance: str, reason: str) -> None:
    """Let nobody into a copy any more, and those in it go elsewhere (staff)."""
    copy = ZoneCopy.objects.filter(pk=instance).first()
    if copy is None:
        raise NotFoundError
    lock_zones([copy.zone])
    people = populations([instance]).get(instance, 0)
    audit.record(actor, "drain_copy", f"copy:{instance}", reason, {"people": people})
    if not _drain(instance):
        raise CopyNotOpenError


def merge_copies() -> None:
    """Give up copies that are thin, or have been empty for a while, where others of their zone are open."""
    with connection.cursor() as cursor:
        cursor.execute(_EMPTIED, [clock.utc_now()])
        cursor.execute(_FILLED)
    shared = ZoneCopy.objects.filter(kind=Kind.SHARED, state=State.OPEN)
    for zone in sorted(set(shared.filter(number__gt=1).values_list("zone", flat=True))):
        _merge_in(zone)


def empty_copy(instance: str) -> bool:
    """Hand over some of those who are in a copy that is given up; tell if nobody is left and it is closed."""
    there = CharacterPlace.objects.filter(instance=instance, is_present=True, battle=None)
    gathering = Gathering.objects.filter(instance=instance).values("character_id")
    free = there.exclude(character_id__in=gathering).order_by("character_id")
    for character_id in free.values_list("character_id", flat=True)[:HANDED_OVER_AT_ONCE]:
        with contextlib.suppress(NotInWorldError):
            _hand_over(character_id, instance)
    return close_copy(instance)


@transactional
def _hand_over(character_id: int, instance: str) -> None:
    """Let a character go on in another copy, on the cell where it is, if nothing holds it back."""
    place = present(character_id)
    if place.instance != instance or _held_by(place) is not None:
        return
    if is_owned(instance):
        go_home(place)
        return
    stand(place, Spot(place.zone, showing.stand_still(place)))
    showing.follow(character_id, instance=place.instance, before=instance)


@transactional
def _merge_in(zone: str) -> None:
    lock_zones([zone])
    rooms = rooms_of(zone)
    given_up = to_merge(rooms)
    if given_up is None and len(rooms) > 1:
        long_empty = ZoneCopy.objects.filter(
            pk__in=[room.copy for room in rooms if not room.population],
            emptied_at__lte=clock.utc_now() - EMPTY_FOR,
        )
        given_up = long_empty.order_by("-number").values_list("pk", flat=True).first()
    if given_up is not None:
        _drain(given_up)


def _drain(instance: str) -> bool:
    return bool(ZoneCopy.objects.filter(pk=instance, state=State.OPEN).update(state=State.DRAINING))


def _require_free(place: CharacterPlace) -> None:
    held_by = _held_by(place)
    if held_by is not None:
        raise held_by


def _held_by(place: CharacterPlace) -> GameError | None:
    """Return what keeps a character in its copy."""
    if place.battle is not None:
        return InBattleError()
    if Gathering.objects.filter(character_id=place.character_id).exists():
        return AlreadyGatheringError()
    return TradingError() if economy.is_trading(place.character_id) else None
