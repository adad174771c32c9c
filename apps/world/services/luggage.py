"""What a character takes of the world to another shard: what has been opened to it, its waits, its home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from apps.accounts import services as accounts
from apps.accounts.services import Blocker, Content, Journey
from apps.world import ground
from apps.world.models import (
    CharacterPlace,
    Cooldown,
    DungeonLock,
    DungeonMember,
    ExitUnlock,
    Gathering,
    ObjectUse,
    Vitality,
)

_BATTLE = Blocker("battle", "a battle", "un combat")
_GATHERING = Blocker("gathering", "something that is being gathered", "une récolte en cours")
_DUNGEON = Blocker("dungeon", "a way through a dungeon", "une traversée de donjon")


def blockers(character_id: int, fee: int) -> Iterator[Blocker]:
    """Return what holds a character in the world."""
    if CharacterPlace.objects.filter(pk=character_id, battle__isnull=False).exists():
        yield _BATTLE
    if Gathering.objects.filter(character_id=character_id).exists():
        yield _GATHERING
    if DungeonMember.objects.filter(character_id=character_id, is_live=True).exists():
        yield _DUNGEON


def pack(journey: Journey) -> Content:
    """Take the character out of the world."""
    place = CharacterPlace.objects.select_for_update().filter(pk=journey.character_id).first()
    uses = ObjectUse.objects.filter(character_id=journey.character_id)
    waits = Cooldown.objects.filter(character_id=journey.character_id)
    ways = ExitUnlock.objects.filter(character_id=journey.character_id)
    had = DungeonLock.objects.filter(character_id=journey.character_id, lifted_at__isnull=True)
    packed: Content = {
        "bind_zone": place.bind_zone if place else None,
        "bind_arrival": place.bind_arrival if place else None,
        "uses": [list(row) for row in uses.values_list("zone", "object_id")],
        "waits": [[each.key, each.until.timestamp(), each.times] for each in waits],
        "ways": [list(row) for row in ways.values_list("zone", "exit_id")],
        "had": [[each.dungeon, each.week.isoformat(), each.battle] for each in had],
    }
    uses.delete()
    waits.delete()
    # What was unlocked stays: a shard of a release before, which knows of none, would not bring it back.
    had.delete()
    Vitality.objects.filter(pk=journey.character_id).delete()
    if place is not None:
        place.delete()
    return packed


def unpack(journey: Journey, brought: Content) -> None:
    """Let the character stand where it is bound, or where everybody begins, at its next visit."""
    ObjectUse.objects.bulk_create(
        ObjectUse(character_id=journey.character_id, zone=zone, object_id=thing)
        for zone, thing in brought["uses"]
    )
    Cooldown.objects.bulk_create(
        Cooldown(
            character_id=journey.character_id,
            key=key,
            until=datetime.fromtimestamp(until, tz=UTC),
            times=times,
        )
        for key, until, times in brought["waits"]
    )
    ExitUnlock.objects.bulk_create(
        (
            ExitUnlock(character_id=journey.character_id, zone=zone, exit_id=way)
            for zone, way in brought.get("ways", ())
        ),
        ignore_conflicts=True,
    )
    DungeonLock.objects.bulk_create(
        DungeonLock(
            character_id=journey.character_id,
            dungeon=dungeon,
            week=date.fromisoformat(week),
            battle=battle,
        )
        for dungeon, week, battle in brought["had"]
    )
    if brought["bind_zone"] is None:
        return
    spot = ground.home(brought["bind_zone"], brought["bind_arrival"])
    CharacterPlace.objects.create(
        character_id=journey.character_id,
        zone=spot.zone,
        instance=ground.copy_name(spot.zone, 1),
        x=spot.cell[0],
        y=spot.cell[1],
        bind_zone=spot.zone,
        bind_arrival=brought["bind_arrival"],
    )


accounts.register_luggage(
    accounts.Luggage(name="world", pack=pack, unpack=unpack, put_back=unpack, blockers=blockers)
)
