"""Coming and going: entering the world, taking exits, leaving it, being brought home."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection

from aether.kernel import audit, clock, facts, stored
from aether.kernel.errors import NotFoundError
from aether.kernel.facts.types import ZoneEntered
from aether.kernel.transactions import transactional, transactional_after
from aether.protocol.world import PlayerSeen
from apps.world import dungeon_ground, ground, positions
from apps.world.definitions import MapExit
from apps.world.errors import (
    CopyFullError,
    CopyNotOpenError,
    InBattleError,
    LockedError,
    NotInWorldError,
    TooFarError,
)
from apps.world.ground import Spot
from apps.world.models import CharacterPlace
from apps.world.rules.walking import distance
from apps.world.selectors import Place, cell_of
from apps.world.services import estates, health, showing
from apps.world.services.copies import choose_copy, hold_open, is_owned
from apps.world.services.dungeons import runs
from apps.world.services.exits import pass_exit

EXIT_REACH = 1

# Written out: everybody who is new comes here, and Django would ask four times.
_FIRST_PLACE = """
    INSERT INTO world_characterplace (character_id, zone, instance, x, y, bind_zone, is_present, kept_at)
    VALUES (%s, %s, %s, %s, %s, %s, false, %s) ON CONFLICT (character_id) DO NOTHING
"""


def _find(*, character_id: int, **rest: object) -> None:
    """Ask where a character is shown: its coming and going begins with that."""
    positions.find(character_id)


@transactional_after(_find)
def enter(*, character_id: int) -> Place:
    """Let a character appear where it last was; one that is there already goes on as it is."""
    place = locked(character_id)
    if place is None:
        return _come_for_the_first_time(character_id)
    live = positions.find(character_id)
    if live is not None and _goes_on(place, live):
        return Place(zone=place.zone, instance=place.instance, cell=cell_of(live))
    spot, copy = _where_to_return(place)
    return stand(place, spot, copy=copy, seen_in=live.instance if live else None)


def _goes_on(place: CharacterPlace, live: positions.Position) -> bool:
    """Tell if a character is shown where it is, and may be there: a guild may have been lost unheard."""
    is_shown = place.is_present and live.instance == place.instance
    return is_shown and (place.battle is not None or not is_astray(place))


@transactional_after(_find)
def leave(*, character_id: int) -> None:
    """Let a character disappear, and keep where it stood."""
    place = locked(character_id)
    if place is None or not place.is_present:
        return
    showing.stand_still(place)
    place.is_present, place.kept_at = False, clock.utc_now()
    stored.keep(place)
    showing.hide(character_id, place.instance)


@transactional_after(_find)
def travel(*, character_id: int, exit_id: str, occasion: str | None = None) -> tuple[Place, str]:
    """Take an exit next to which the character stands; return where it is then, and the copy it has left.

    `occasion` names this trip among all of the character: its fare is taken once for it. Without one,
    every call is a trip.
    """
    place = present(character_id)
    if place.battle is not None:
        raise InBattleError
    way = _exit(place.zone, exit_id)
    cell = showing.stand_still(place)
    if min(distance(cell, there) for there in way.cells) > EXIT_REACH:
        raise TooFarError
    pass_exit(place, way, occasion)
    runs.require_open(place, way)
    before, zone, copy = place.instance, place.zone, _copy_beyond(place, way)
    there = stand(place, Spot(way.to_zone, ground.map_of(way.to_zone).arrivals[way.arrival]), copy=copy)
    if there.zone != zone:
        facts.publish(ZoneEntered(character=character_id, zone=there.zone))
    return there, before


@transactional
def leave_lost_hall(*, character_id: int) -> None:
    """Bring a character out of the hall of a guild that is not its own any more; who fights, after it has."""
    place = locked(character_id)
    if place is not None and place.battle is None and is_astray(place):
        go_out(place)


def is_astray(place: CharacterPlace) -> bool:
    """Tell if a character is in what is somebody's, and neither its own nor its guild's."""
    return ground.is_owned(place.zone) and not estates.is_at_home(place)


def go_out(place: CharacterPlace) -> None:
    """Bring a character out of what is somebody's. Call while holding the row's lock."""
    bring(place, estates.way_out(place.zone) or home_of(place))


@transactional
def bring_home(*, actor: AbstractBaseUser, character_id: int, reason: str) -> None:
    """Bring a stuck character to where it is bound, free of any battle (staff)."""
    place = locked(character_id)
    if place is None:
        raise NotFoundError
    details: dict[str, object] = {"from": [place.instance, place.x, place.y], "battle": place.battle}
    audit.record(actor, "unstick", f"character:{character_id}", reason, details)
    place.battle = None
    go_home(place)


def recall(place: CharacterPlace) -> None:
    """Bring a character home that has asked for it, outside battles. Call while holding the row's lock."""
    if place.battle is not None:
        raise InBattleError
    go_home(place)


def go_home(place: CharacterPlace) -> None:
    """Move a character to where it is bound. Call while holding the row's lock."""
    bring(place, home_of(place))


def bring(place: CharacterPlace, spot: Spot) -> None:
    """Move a character anywhere, with its sockets. Call while holding the row's lock.

    Within the zone of a copy that is somebody's own, such as that of a run, it stays in the copy.
    """
    before = place.instance
    stays = spot.zone == place.zone and is_owned(before)
    if place.is_present:
        stand(place, spot, copy=before if stays else None)
        showing.follow(place.character_id, instance=place.instance, before=before)
    else:
        _keep(place, spot, before if stays else ground.copy_name(spot.zone, 1))


def stand(place: CharacterPlace, spot: Spot, *, copy: str | None = None, seen_in: str | None = None) -> Place:
    """Let a character stand on a spot of the copy given, else of one that has room.

    Call while holding the row's lock. It is gone from where it was, and from `seen_in`, in the moment in
    which it appears here.
    """
    left = {place.instance} if place.is_present else set()
    if copy is None:
        copy = choose_copy(spot.zone, character_id=place.character_id, last=place.instance)
    place.is_present = True
    _keep(place, spot, copy)
    showing.hand_over(place, left=(left | {seen_in or copy}) - {copy})
    return Place(zone=place.zone, instance=place.instance, cell=place.cell)


def home_of(place: CharacterPlace) -> Spot:
    """Return where a character is bound; nobody comes home to a dungeon, nor to a zone that is somebody's."""
    if dungeon_ground.dungeon_in(place.bind_zone) is not None or ground.is_owned(place.bind_zone):
        return ground.start()
    return ground.home(place.bind_zone, place.bind_arrival)


def wake(place: CharacterPlace) -> None:
    """Let the defeated wake up: in a dungeon where one enters it, else at home. Call holding the row."""
    if dungeon_ground.dungeon_in(place.zone) is None:
        go_home(place)
    elif place.is_present:
        stand(place, ground.home(place.zone), copy=place.instance)
    else:
        _keep(place, ground.home(place.zone), place.instance)


def present(character_id: int) -> CharacterPlace:
    """Return the locked place of a character that is in the world."""
    place = locked(character_id)
    if place is None or not place.is_present:
        raise NotInWorldError
    return place


def reconcile(instance: str, here: Sequence[PlayerSeen]) -> None:
    """Let Redis say of a zone copy, where `here` are shown, what the database says: it was wiped or away."""
    shown = {seen.id: seen for seen in here}
    present = CharacterPlace.objects.filter(instance=instance, is_present=True)
    in_battle = {who: battle is not None for who, battle in present.values_list("character_id", "battle")}
    for character_id in sorted(shown.keys() - in_battle.keys()):
        showing.hide(character_id, instance)
    wrong = [
        who for who, fights in in_battle.items() if who not in shown or shown[who].is_in_battle != fights
    ]
    if wrong:
        showing.show(*present.filter(character_id__in=wrong).order_by("character_id"))


def locked(character_id: int) -> CharacterPlace | None:
    """Return a character's place under its lock, if it has ever been in the world."""
    return stored.first(CharacterPlace, "WHERE character_id = %s FOR UPDATE", [character_id])


def _come_for_the_first_time(character_id: int) -> Place:
    """Let a character appear where all begin; one that comes twice at once goes on as it is."""
    spot = ground.start()
    copy = ground.copy_name(spot.zone, 1)
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_PLACE, [character_id, spot.zone, copy, *spot.cell, spot.zone, clock.utc_now()])
        is_new = cursor.rowcount == 1
    if not is_new:
        return enter(character_id=character_id)
    facts.publish(ZoneEntered(character=character_id, zone=spot.zone))
    x, y = spot.cell
    place = CharacterPlace(
        character_id=character_id, zone=spot.zone, instance=copy, x=x, y=y, bind_zone=spot.zone
    )
    live = positions.find(character_id)
    return stand(place, spot, seen_in=live.instance if live else None)


def _where_to_return(place: CharacterPlace) -> tuple[Spot, str | None]:
    """Return where a character comes back to, and the copy that keeps its place, if one does.

    Its zone may have become that of a dungeon meanwhile, where one is in a run only.
    """
    spot = ground.standable(place.zone, place.cell, home=home_of(place))
    if spot.zone != place.zone:
        return spot, None
    if ground.is_owned(spot.zone):
        return _back_inside(place, spot)
    if place.is_present:
        return spot, place.instance
    if not is_owned(place.instance):
        is_in_dungeon = dungeon_ground.dungeon_in(spot.zone) is not None
        return (home_of(place) if is_in_dungeon else spot), None
    return (spot, place.instance) if hold_open(place.instance) else (home_of(place), None)


def _back_inside(place: CharacterPlace, spot: Spot) -> tuple[Spot, str | None]:
    """Return where a character comes back to that was in a zone of owners: out of what is not its own.

    Who fights is still where the fight began.
    """
    if place.battle is not None or (place.is_present and estates.is_at_home(place)):
        return spot, place.instance
    try:
        return spot, estates.copy_of(spot.zone, place.character_id)
    except (LockedError, CopyFullError, CopyNotOpenError):
        return estates.way_out(spot.zone) or home_of(place), None


def _copy_beyond(place: CharacterPlace, way: MapExit) -> str | None:
    """Return the copy that an exit leads to, if one is certain: here through doors, a run's, an owner's."""
    if way.to_zone == place.zone:
        return place.instance
    if ground.is_owned(way.to_zone):
        return estates.copy_of(way.to_zone, place.character_id)
    dungeon = dungeon_ground.dungeon_in(way.to_zone)
    return None if dungeon is None else runs.admit(place, dungeon)


def _keep(place: CharacterPlace, spot: Spot, copy: str) -> None:
    place.zone, place.instance = spot.zone, copy
    place.x, place.y = spot.cell
    place.kept_at = clock.utc_now()
    stored.keep(place)
    health.arrive(place)


def _exit(zone: str, exit_id: str) -> MapExit:
    for way in ground.map_of(zone).exits:
        if way.id == exit_id:
            return way
    raise NotFoundError
