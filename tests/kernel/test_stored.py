"""Rows by statements written once: what comes back is what the ORM would say."""

from __future__ import annotations

import pytest

from aether.kernel import stored
from apps.world.models import CharacterPlace, MonsterGroup
from tests.world import cast

pytestmark = pytest.mark.django_db


def everything(row: object) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # type: ignore[attr-defined]


def test_what_is_found_is_what_the_orm_finds() -> None:
    cast.group()
    found = stored.find(MonsterGroup, "WHERE instance = %s ORDER BY id", [cast.FIRST_MOOR])
    assert len(found) > 1
    assert [*map(everything, found)] == [*map(everything, MonsterGroup.objects.order_by("pk"))]
    assert stored.first(MonsterGroup, "WHERE instance = %s", ["nowhere.1"]) is None


def test_what_is_kept_is_there_whether_it_was_new_or_not() -> None:
    place = CharacterPlace(
        character_id=7, zone="lastmoor", instance="lastmoor.1", x=1, y=2, bind_zone="lastmoor"
    )
    for cell in ((1, 2), (3, 4)):
        place.x, place.y = cell
        stored.keep(place)
        assert everything(CharacterPlace.objects.get()) == everything(place)


def test_json_is_kept_as_the_orm_keeps_it() -> None:
    row = cast.group()
    row.path = [[1, 2], [1, 3]]
    stored.keep(row)
    assert everything(MonsterGroup.objects.get(pk=row.pk)) == everything(row)
