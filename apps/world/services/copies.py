"""Copies of zones: to which one somebody goes, and how one opens and closes.

Whoever lets a character into a shared copy, or opens or closes one, holds the zone's lock until the commit.
So nobody comes in while another is counted. Lock the places of characters first; zones by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Max, Q

from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from aether.kernel.transactions import transactional
from aether.protocol import copies as wire
from apps.accounts import selectors as accounts
from apps.chat import selectors as chat
from apps.world import ground
from apps.world.definitions import CAPACITY
from apps.world.errors import NotInWorldError
from apps.world.models import CharacterPlace, Gathering, MonsterGroup, ZoneCopy
from apps.world.rules.copies import Room, choose

ZONE_LOCK = 0x7A6F
JOIN_AGAIN_AFTER = timedelta(seconds=30)
"""Who has chosen a copy stays in it for so long before choosing another one."""

Kind, State = ZoneCopy.Kind, ZoneCopy.State

# Written out: everybody who comes somewhere asks, while others wait for the zone's lock.
_ROOMS = """
    SELECT id, number, capacity, (
        SELECT count(*) FROM world_characterplace AS place
        WHERE place.instance = copy.id AND place.is_present AND place.character_id IS DISTINCT FROM %s
    )
    FROM world_zonecopy AS copy WHERE zone = %s AND kind = 'shared' AND state = 'open' ORDER BY number
"""


def choose_copy(zone: str, *, character_id: int, last: str = "") -> str:
    """Return the id of the shared copy in which a character is to appear; a new one where none has room.

    Call inside the transaction that puts it there, while holding its place; `last` is where it was before.
    """
    lock_zones([zone])
    chosen = choose(rooms_of(zone, character_id=character_id), last)
    return _open_shared(zone).pk if chosen is None else chosen


@transactional
def open_shared(zone: str, *, capacity: int | None = None) -> ZoneCopy:
    """Open another copy of a zone for everybody."""
    lock_zones([zone])
    return _open_shared(zone, capacity=capacity)


@transactional
def open_instance(
    zone: str, *, owner: str, kind: str = Kind.INSTANCE, capacity: int | None = None
) -> ZoneCopy:
    """Return the owner's own copy of a zone, which opens if it has none.

    `owner` is `run:<id>` of a dungeon. Who may come in is up to the caller, which brings them by
    `coming.stand` with this copy, in a transaction in which `hold_open` has said that it is open.
    """
    lock_zones([zone])
    own = ZoneCopy.objects.filter(zone=zone, owner=owner).exclude(state=State.CLOSED).first()
    return own or new_copy(zone, kind, owner=owner, capacity=capacity)


def is_owned(instance: str) -> bool:
    """Tell if a copy is somebody's own, open or not."""
    return ZoneCopy.objects.filter(pk=instance).exclude(kind=Kind.SHARED).exists()


def hold_open(instance: str) -> bool:
    """Tell if a copy is open; if so, it stays open until the commit."""
    lock_zones([ground.zone_of_instance(instance)])
    return ZoneCopy.objects.filter(pk=instance, state=State.OPEN).exists()


@transactional
def close_copy(instance: str) -> bool:
    """Close a copy in which nobody is; tell if it is closed. What was in it goes."""
    lock_zones([ground.zone_of_instance(instance)])
    copy = ZoneCopy.objects.select_for_update().filter(pk=instance).first()
    if copy is None:
        raise NotFoundError
    if copy.state == State.CLOSED:
        return True
    if _is_in_use(instance):
        return False
    copy.state, copy.closed_at = State.CLOSED, clock.utc_now()
    copy.save(update_fields=["state", "closed_at"])
    for model in (MonsterGroup, Gathering):
        model._default_manager.filter(instance=instance).delete()
    return True


def lock_zones(zones: Iterable[str]) -> None:
    """Wait until nobody else lets people into these zones, and keep them so until the commit."""
    with connection.cursor() as cursor:
        for zone in sorted(set(zones)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [ZONE_LOCK, zone])


def rooms_of(zone: str, *, character_id: int | None = None) -> list[Room]:
    """Return the open copies of a zone; for a character without itself, and with its company and friends."""
    company, friends = ({}, {}) if character_id is None else _kept_together_in(zone, character_id)
    usual = _usual_capacity(zone)
    with connection.cursor() as cursor:
        cursor.execute(_ROOMS, [character_id, zone])
        return [
            Room(
                copy=copy,
                number=number,
                capacity=usual if capacity is None else capacity,
                population=population,
                company=company.get(copy, 0),
                friends=friends.get(copy, 0),
            )
            for copy, number, capacity, population in cursor
        ]


def copies_seen(*, character_id: int) -> wire.Copies:
    """Return the copies of a character's zone, as far as they are open, and the one where it is."""
    place = CharacterPlace.objects.filter(pk=character_id, is_present=True).first()
    if place is None:
        raise NotInWorldError
    joined_at, may_go = place.copy_joined_at, not is_owned(place.instance)
    company = _names_of_company(character_id)
    return wire.Copies(
        zone=place.zone,
        instance=place.instance,
        copies=[
            _seen(room, company.get(room.copy, []), is_here=room.copy == place.instance, may_go=may_go)
            for room in rooms_of(place.zone, character_id=character_id)
        ],
        joins_at=0.0 if joined_at is None else (joined_at + JOIN_AGAIN_AFTER).timestamp(),
    )


def populations(instances: Collection[str]) -> dict[str, int]:
    """Return how many characters the database knows to be in copies, of those that are not empty."""
    present = CharacterPlace.objects.filter(instance__in=instances, is_present=True)
    return dict(present.values_list("instance").annotate(count=Count("character_id")).order_by())


def capacity_of(copy: ZoneCopy) -> int:
    """Return how many a copy takes: what was said when it opened, else what its zone says."""
    return _usual_capacity(copy.zone) if copy.capacity is None else copy.capacity


def _usual_capacity(zone: str) -> int:
    """Return how many a copy of a zone takes; as many as usual where the content has the zone no more."""
    try:
        return ground.zone_of(zone).capacity
    except NotFoundError:
        return CAPACITY


def _seen(room: Room, company: list[str], *, is_here: bool, may_go: bool) -> wire.CopySeen:
    return wire.CopySeen(
        instance=room.copy,
        number=room.number,
        population=room.population + is_here,
        capacity=room.capacity,
        is_open=room.takes_me and may_go and not is_here,
        company=company,
    )


def _names_of_company(character_id: int) -> dict[str, list[str]]:
    """Return those of a character's party, then its friends, by the copy where they are."""
    party, friends = chat.kept_together(character_id)
    names = {each.id: each.name for each in accounts.characters(party | friends).values()}
    there = CharacterPlace.objects.filter(character_id__in=names, is_present=True)
    rows = list(there.values_list("character_id", "instance"))
    found: dict[str, list[str]] = {}
    for who, instance in sorted(rows, key=lambda row: (row[0] not in party, row[0])):
        found.setdefault(instance, []).append(names[who])
    return found


def _kept_together_in(zone: str, character_id: int) -> tuple[Counter[str], Counter[str]]:
    """Return how many of a character's party, and of its friends, are in each copy of a zone."""
    party, friends = chat.kept_together(character_id)
    if not party and not friends:
        return Counter(), Counter()
    there = CharacterPlace.objects.filter(character_id__in=party | friends, zone=zone, is_present=True)
    rows = list(there.values_list("character_id", "instance"))
    mates = Counter(instance for who, instance in rows if who in party)
    return mates, Counter(instance for who, instance in rows if who in friends)


def _open_shared(zone: str, *, capacity: int | None = None) -> ZoneCopy:
    """Open the closed copy of the lowest number, else a new one. Call while holding the zone's lock."""
    closed = ZoneCopy.objects.filter(zone=zone, kind=Kind.SHARED, state=State.CLOSED).order_by("number")
    copy = closed.select_for_update().first()
    if copy is None:
        return new_copy(zone, Kind.SHARED, capacity=capacity)
    copy.state, copy.opened_at, copy.closed_at = State.OPEN, clock.utc_now(), None
    copy.emptied_at, copy.capacity = None, capacity
    copy.save()
    return copy


def new_copy(zone: str, kind: str, *, owner: str | None = None, capacity: int | None = None) -> ZoneCopy:
    """Open a copy with the next number. Call while holding the zone's lock."""
    last = ZoneCopy.objects.filter(zone=zone).aggregate(last=Max("number"))["last"] or 0
    return ZoneCopy.objects.create(
        id=ground.copy_name(zone, last + 1),
        zone=zone,
        number=last + 1,
        kind=kind,
        owner=owner,
        capacity=capacity,
    )


def _is_in_use(instance: str) -> bool:
    """Tell if somebody is there, or a battle that began there still lasts."""
    places = CharacterPlace.objects.filter(instance=instance)
    fought = MonsterGroup.objects.filter(instance=instance, battle__isnull=False)
    return places.filter(Q(is_present=True) | Q(battle__isnull=False)).exists() or fought.exists()
