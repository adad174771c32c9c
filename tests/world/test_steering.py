"""What staff do in a zone: they put characters elsewhere, bring monster groups and take them away."""

from __future__ import annotations

from random import Random

import pytest

from aether.kernel.audit import ReasonMissingError
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from apps.accounts.models import Account
from apps.world import ground, positions, selectors, services
from apps.world.errors import BlockedError, GroupBusyError, InBattleError, TooManyGroupsError
from apps.world.models import CharacterPlace, MonsterGroup
from apps.world.services import steering
from tests.console.conftest import game_master
from tests.world import cast

pytestmark = pytest.mark.django_db(transaction=True)

MOOR = cast.FIRST_MOOR
FREE = (2, 24)


@pytest.fixture
def gwen() -> Account:
    return game_master()


def rule() -> str:
    return ground.zone_of(cast.MOOR).spawns[0].id


def test_a_character_stands_where_it_was_put(gwen: Account) -> None:
    alice = cast.character()
    services.relocate(actor=gwen, character_id=alice, zone=cast.MOOR, cell=FREE, reason="lost its way")
    place = selectors.place_of(alice)
    assert (place.zone, place.instance, place.cell) == (cast.MOOR, MOOR, FREE)
    assert [seen.id for seen in positions.everybody(MOOR)] == [alice]
    assert positions.everybody("lastmoor.1") == []
    payload = JournalLine.objects.get(kind=StreamKind.AUDIT).payload
    assert (payload["action"], payload["target"]) == ("teleport", f"character:{alice}")


def test_one_who_is_away_wakes_up_where_it_was_put(gwen: Account) -> None:
    alice = cast.character()
    services.leave(character_id=alice)
    services.relocate(actor=gwen, character_id=alice, zone=cast.MOOR, cell=FREE, reason="lost its way")
    assert positions.everybody(MOOR) == []
    assert services.enter(character_id=alice).cell == FREE


def test_nobody_is_put_into_a_wall_or_out_of_a_battle(gwen: Account) -> None:
    alice = cast.character()
    with pytest.raises(BlockedError):
        services.relocate(actor=gwen, character_id=alice, zone=cast.MOOR, cell=(127, 127), reason="why")
    services.set_in_battle(character_ids=[alice], battle_id=7)
    with pytest.raises(InBattleError):
        services.relocate(actor=gwen, character_id=alice, zone=cast.MOOR, cell=FREE, reason="why")
    with pytest.raises(NotFoundError):
        services.relocate(actor=gwen, character_id=10**9, zone=cast.MOOR, cell=FREE, reason="why")
    assert CharacterPlace.objects.get(pk=alice).zone == cast.TOWN
    assert not JournalLine.objects.filter(kind=StreamKind.AUDIT).exists()


def test_without_a_reason_nothing_happens(gwen: Account) -> None:
    alice = cast.character()
    with pytest.raises(ReasonMissingError):
        services.relocate(actor=gwen, character_id=alice, zone=cast.MOOR, cell=FREE, reason=" ")
    with pytest.raises(ReasonMissingError):
        services.spawn_group(actor=gwen, instance=MOOR, rule=rule(), cell=FREE, reason="")
    assert selectors.place_of(alice).zone == cast.TOWN
    assert not MonsterGroup.objects.exists()


def test_a_group_that_staff_brought_is_seen_and_does_not_come_back(gwen: Account) -> None:
    cast.group()
    brought = services.spawn_group(
        actor=gwen, instance=MOOR, rule=rule(), cell=FREE, reason="event", rng=Random(1)
    )
    services.ensure_groups(MOOR)
    seen = selectors.groups_seen(MOOR)[brought.pk]
    assert seen is not None
    assert seen.cell == FREE
    assert seen.monsters
    services.despawn_group(actor=gwen, group_id=brought.pk, reason="over")
    services.keep_groups(MOOR, Random(1))
    assert not MonsterGroup.objects.filter(pk=brought.pk).exists()


def test_a_group_of_the_zone_that_was_taken_away_comes_back_later(gwen: Account) -> None:
    group = cast.group()
    services.despawn_group(actor=gwen, group_id=group.pk, reason="in the way")
    group.refresh_from_db()
    assert group.state == MonsterGroup.State.COOLDOWN
    assert group.respawn_at is not None
    with pytest.raises(NotFoundError):
        services.despawn_group(actor=gwen, group_id=group.pk, reason="again")


def test_a_group_that_fights_stays(gwen: Account) -> None:
    group = cast.group()
    MonsterGroup.objects.filter(pk=group.pk).update(state="in_battle", battle=9)
    with pytest.raises(GroupBusyError):
        services.despawn_group(actor=gwen, group_id=group.pk, reason="in the way")


def test_staff_bring_no_end_of_groups(gwen: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steering, "EXTRA_GROUPS_MAX", 2)
    for _ in range(2):
        services.spawn_group(actor=gwen, instance=MOOR, rule=rule(), cell=FREE, reason="event")
    with pytest.raises(TooManyGroupsError):
        services.spawn_group(actor=gwen, instance=MOOR, rule=rule(), cell=FREE, reason="event")
    with pytest.raises(NotFoundError):
        services.spawn_group(actor=gwen, instance=MOOR, rule="nobody", cell=FREE, reason="event")
