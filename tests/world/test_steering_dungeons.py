"""Staff put people elsewhere, and their runs of dungeons stay whole."""

from __future__ import annotations

import pytest

from aether.kernel import clock
from apps.world import ground, services
from apps.world.errors import DungeonTeleportError
from apps.world.models import CharacterPlace, DungeonRun, ZoneCopy
from tests.console.conftest import game_master
from tests.world import cast, delvers

pytestmark = pytest.mark.django_db(transaction=True)


def start() -> tuple[int, int]:
    return ground.map_of(delvers.DUNGEON).arrivals["start"]


def put_into_the_dungeon(character_id: int) -> None:
    services.relocate(
        actor=game_master(), character_id=character_id, zone=delvers.DUNGEON, cell=start(), reason="stuck"
    )


def place_of(character_id: int) -> CharacterPlace:
    return CharacterPlace.objects.get(pk=character_id)


@pytest.mark.parametrize("is_done", [False, True])
def test_who_is_moved_within_its_run_stays_in_it(is_done: bool) -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    delvers.inside(ana, (start()[0], start()[1] - 1))
    if is_done:
        run.members.update(is_live=False)
        DungeonRun.objects.update(state="done", done_at=clock.utc_now())
    put_into_the_dungeon(ana)
    assert (place_of(ana).instance, place_of(ana).cell) == (run.instance, start())
    assert not ZoneCopy.objects.filter(zone=delvers.DUNGEON, kind="shared").exists()


def test_who_is_away_from_its_run_comes_back_where_it_was_put() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    services.leave(character_id=ana)
    put_into_the_dungeon(ana)
    assert services.enter(character_id=ana).instance == run.instance
    assert place_of(ana).cell == start()


@pytest.mark.parametrize("is_away", [False, True])
def test_nobody_is_put_into_a_dungeon_without_a_run(is_away: bool) -> None:
    (ana,) = delvers.party("Alice")
    delvers.go_in(ana)
    (bo,) = delvers.party("Bastien")
    if is_away:
        services.leave(character_id=bo)
    with pytest.raises(DungeonTeleportError):
        put_into_the_dungeon(bo)
    assert place_of(bo).zone == delvers.SPANS
    assert not ZoneCopy.objects.filter(zone=delvers.DUNGEON, kind="shared").exists()


def test_what_once_led_into_a_dungeon_leads_nowhere() -> None:
    (ana,) = delvers.party("Alice")
    services.teleport(character_id=ana, zone=delvers.DUNGEON, arrival="start")
    assert place_of(ana).zone == delvers.SPANS
    assert not ZoneCopy.objects.filter(zone=delvers.DUNGEON).exists()


def test_within_its_run_one_is_led_anywhere_and_stays_in_it() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    delvers.inside(ana, (start()[0], start()[1] - 1))
    services.teleport(character_id=ana, zone=None, arrival="start")
    assert (place_of(ana).instance, place_of(ana).cell) == (run.instance, start())


def test_whose_home_has_become_a_dungeon_comes_home_to_where_all_begin() -> None:
    (ana,) = delvers.party("Alice")
    CharacterPlace.objects.filter(pk=ana).update(bind_zone=delvers.DUNGEON, bind_arrival="start")
    services.bring_home(actor=game_master(), character_id=ana, reason="stuck")
    assert (place_of(ana).zone, place_of(ana).cell) == (cast.TOWN, cast.SQUARE)


@pytest.mark.parametrize("copy", [f"{delvers.DUNGEON}.1", f"{delvers.SPANS}.1"])
def test_who_was_where_a_dungeon_is_now_comes_back_to_its_home(copy: str) -> None:
    """Its zone has become one meanwhile, or it comes from another shard, bound to such a zone."""
    (ana,) = delvers.party("Alice")
    x, y = start()
    CharacterPlace.objects.filter(pk=ana).update(
        zone=delvers.DUNGEON, instance=copy, x=x, y=y, is_present=False, bind_zone=delvers.DUNGEON
    )
    assert services.enter(character_id=ana).zone == cast.TOWN
    assert not ZoneCopy.objects.filter(zone=delvers.DUNGEON).exists()


def test_who_is_in_no_run_of_its_own_is_not_moved_in_that_of_others() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    run.members.filter(character_id=bo).update(is_live=False)
    with pytest.raises(DungeonTeleportError):
        put_into_the_dungeon(bo)


def test_content_that_brings_somebody_elsewhere_in_a_dungeon_keeps_it_in_its_run() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    services.teleport(character_id=ana, zone=None, arrival="start")
    assert place_of(ana).instance == run.instance


def test_who_is_in_a_second_copy_is_moved_within_it() -> None:
    for _ in range(2):
        services.open_shared("lastmoor", capacity=5)
    alice = cast.character("Alice")
    cast.put(alice, "lastmoor", (14, 16), copy="lastmoor.2")
    services.relocate(actor=game_master(), character_id=alice, zone="lastmoor", cell=(14, 17), reason="stuck")
    assert place_of(alice).instance == "lastmoor.2"
