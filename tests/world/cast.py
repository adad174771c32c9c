"""Characters in the world, and small maps, for the tests of the world."""

from __future__ import annotations

from random import Random

from django.db import transaction

from apps.accounts import services as accounts
from apps.accounts.models import Account
from apps.world import ground, services
from apps.world.models import CharacterPlace, MonsterGroup
from apps.world.services.coming import stand

TOWN = "lastmoor"
MOOR = "reedmoor_flats"
FIRST_MOOR = "reedmoor_flats.1"
SQUARE = (14, 17)
"""Where characters begin."""


def character(name: str = "Alice") -> int:
    """Return a new character that has entered the world."""
    account = Account.objects.create_user(name.lower(), password="correct horse battery")
    character_id = accounts.create_character(account_id=account.pk, name=name, class_id="anchorite").id
    services.enter(character_id=character_id)
    return character_id


def put(character_id: int, zone: str, cell: tuple[int, int], copy: str | None = None) -> None:
    """Put a character on a cell, as if it had walked there."""
    place = CharacterPlace.objects.get(pk=character_id)
    with transaction.atomic():
        stand(place, ground.Spot(zone, cell), copy=copy)


def group(seed: int = 1) -> MonsterGroup:
    """Return a group that roams on the moor."""
    services.ensure_groups(FIRST_MOOR)
    services.keep_groups(FIRST_MOOR, Random(seed))
    found = MonsterGroup.objects.filter(instance=FIRST_MOOR, state="roaming").order_by("pk").first()
    assert found is not None
    return found


def beside(row: MonsterGroup) -> tuple[int, int]:
    """Return a cell next to a group."""
    drawn = ground.map_of(row.zone)
    x, y = row.cell
    return next(cell for cell in ((x, y - 1), (x - 1, y), (x + 1, y), (x, y + 1)) if drawn.is_walkable(cell))
