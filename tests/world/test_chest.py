"""Chests: once for each character, from beside them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from aether.kernel.errors import GameError, NotFoundError
from apps.economy import selectors as economy
from apps.world import ground, selectors, services
from apps.world.errors import AlreadyUsedError, TooFarError
from apps.world.models import ObjectUse
from tests.world import cast

pytestmark = pytest.mark.django_db(transaction=True)

CHEST = "reedmoor_chest"


def beside_the_chest(name: str = "Alice") -> int:
    character_id = cast.character(name)
    chest = ground.thing_of(cast.MOOR, CHEST)
    x, y = chest.cell
    cast.put(character_id, cast.MOOR, (x + 1, y))
    return character_id


def state_for(character_id: int) -> str:
    seen = selectors.snapshot("reedmoor_flats.1", character_id=character_id).objects
    return next(each.state for each in seen if each.id == CHEST)


def test_a_chest_pays_and_is_open_from_then_on() -> None:
    alice = beside_the_chest()
    before = economy.glim(alice)
    assert services.interact(character_id=alice, object_id=CHEST).seen.state == "open"
    assert economy.glim(alice) > before
    assert state_for(alice) == "open"


def test_a_chest_is_still_closed_for_others() -> None:
    services.interact(character_id=beside_the_chest(), object_id=CHEST)
    bob = cast.character("Bob")
    assert state_for(bob) == "closed"


def test_a_chest_pays_once_however_often_it_is_opened_at_once() -> None:
    alice = beside_the_chest()

    def open_it(_: int) -> str:
        try:
            services.interact(character_id=alice, object_id=CHEST)
        except GameError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "opened"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(open_it, range(4)))
    assert outcomes == ["opened", *[AlreadyUsedError.code] * 3]
    assert ObjectUse.objects.count() == 1


def test_a_chest_is_opened_from_beside_it() -> None:
    alice = cast.character()
    with pytest.raises(NotFoundError):
        services.interact(character_id=alice, object_id=CHEST)
    cast.put(alice, cast.MOOR, (2, 24))
    with pytest.raises(TooFarError):
        services.interact(character_id=alice, object_id=CHEST)
