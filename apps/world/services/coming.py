"""Coming and going: entering the world, taking exits, leaving it, being brought home."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser

from aether.kernel import audit, clock, facts
from aether.kernel.errors import NotFoundError
from aether.kernel.facts.types import ZoneEntered
from aether.kernel.transactions import transactional
from aether.protocol.world import PlayerSeen
from apps.world import ground, positions
from apps.world.definitions import MapExit
from apps.world.errors import InBattleError, NotInWorldError, TooFarError
from apps.world.ground import Spot
from apps.world.models import CharacterPlace
from apps.world.rules.walking import distance
from apps.world.selectors import Place, cell_of
from apps.world.services import health, showing

EXIT_REACH = 1


@transactional
def enter(*, character_id: int) -> Place:
    """Let a character appear where it last was; one that is there already goes on as it is."""
    place = _locked(character_id) or _first_place(character_id)
    live = positions.find(character_id)
    if live is not None and place.is_present and live.instance == place.instance:
        return Place(zone=place.zone, instance=place.instance, cell=cell_of(live))
    if live is not None and live.instance != place.instance:
        showing.hide(character_id, live.instance)
    spot = ground.standable(place.zone, place.cell, bound_to=place.bind_zone)
    return _stand(place, spot, is_present=True)


@transactional
def leave(*, character_id: int) -> None:
    """Let a character disappear, and keep where it stood."""
    place = _locked(character_id)
    if place is None or not place.is_present:
        return
    showing.stand_still(place)
    place.is_present, place.kept_at = False, clock.utc_now()
    place.save(update_fields=["x", "y", "is_present", "kept_at"])
    showing.hide(character_id, place.instance)


@transactional
def travel(*, character_id: int, exit_id: str) -> tuple[Place, str]:
    """Take an exit next to which the character stands; return where it is then, and the copy it has left."""
    place = present(character_id)
    if place.battle is not None:
        raise InBattleError
    way = _exit(place.zone, exit_id)
    cell = showing.stand_still(place)
    if min(distance(cell, there) for there in way.cells) > EXIT_REACH:
        raise TooFarError
    before = place.instance
    showing.hide(character_id, before)
    there = _stand(
        place, Spot(way.to_zone, ground.map_of(way.to_zone).arrivals[way.arrival]), is_present=True
    )
    facts.publish(ZoneEntered(character=character_id, zone=there.zone))
    return there, before


@transactional
def bring_home(*, actor: AbstractBaseUser, character_id: int, reason: str) -> None:
    """Bring a stuck character to where it is bound, free of any battle (staff)."""
    place = _locked(character_id)
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
    before = place.instance
    if place.is_present:
        showing.hide(place.character_id, before)
    _stand(place, ground.home(place.bind_zone), is_present=place.is_present)
    showing.follow(place.character_id, instance=place.instance, before=before)


def present(character_id: int) -> CharacterPlace:
    """Return the locked place of a character that is in the world."""
    place = _locked(character_id)
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


def _locked(character_id: int) -> CharacterPlace | None:
    return CharacterPlace.objects.select_for_update().filter(character_id=character_id).first()


def _first_place(character_id: int) -> CharacterPlace:
    spot = ground.start()
    place, is_new = CharacterPlace.objects.select_for_update().get_or_create(
        character_id=character_id,
        defaults={
            "zone": spot.zone,
            "instance": ground.instance_of(spot.zone),
            "x": spot.cell[0],
            "y": spot.cell[1],
            "bind_zone": spot.zone,
        },
    )
    if is_new:
        facts.publish(ZoneEntered(character=character_id, zone=spot.zone))
    return place


def _stand(place: CharacterPlace, spot: Spot, *, is_present: bool) -> Place:
    place.zone, place.instance = spot.zone, ground.instance_of(spot.zone)
    place.x, place.y = spot.cell
    place.is_present, place.kept_at = is_present, clock.utc_now()
    place.save()
    if is_present:
        showing.show(place)
    health.arrive(place)
    return Place(zone=place.zone, instance=place.instance, cell=place.cell)


def _exit(zone: str, exit_id: str) -> MapExit:
    for way in ground.map_of(zone).exits:
        if way.id == exit_id:
            return way
    raise NotFoundError
