"""The console's rooms of dungeons: where runs stand, and the ways out for those who are stuck."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from apps.world.models import CharacterPlace, DungeonLock, DungeonRun
from tests.console.conftest import game_master, sign_in
from tests.world import delvers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def console() -> Client:
    cache.clear()
    game_master()
    return sign_in("gwen")


@pytest.fixture
def run() -> DungeonRun:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    delvers.fight(run, "west_watch", ana)
    return run


def acts() -> list[str]:
    lines = JournalLine.objects.filter(kind=StreamKind.AUDIT).order_by("version")
    return [line.payload["action"] for line in lines if "action" in line.payload]


def test_a_run_shows_where_it_stands(console: Client, run: DungeonRun) -> None:
    page = console.get(f"/gm/world/dungeonrun/{run.pk}/change/").content.decode()
    for told in ("The Counterweight", "1/4 Chain Lobby", "Alice", "Bastien", "west_watch"):
        assert told in page
    assert "The Counterweight" in console.get("/gm/world/dungeonrun/").content.decode()
    assert "Alice" in console.get("/gm/world/dungeonmember/").content.decode()


def test_it_says_so_in_french(console: Client, run: DungeonRun) -> None:
    page = console.get(f"/gm/world/dungeonrun/{run.pk}/change/", headers={"accept-language": "fr"})
    assert "Le Contrepoids" in page.content.decode()
    assert "Vestibule des chaînes" in page.content.decode()
    assert "Finir cette traversée" in page.content.decode()


def test_staff_opens_the_way_on_with_a_reason(console: Client, run: DungeonRun) -> None:
    address = f"/gm/world/dungeonrun/{run.pk}/open/"
    assert console.post(address, {"reason": ""}).status_code == 200
    assert console.post(address, {"reason": "the east watch is gone"}).status_code == 302
    run.refresh_from_db()
    assert (run.room, sorted(run.beaten)) == (1, ["east_watch", "west_watch"])
    assert "open_room" in acts()


def test_staff_ends_a_run_and_everybody_is_led_out(console: Client, run: DungeonRun) -> None:
    console.post(f"/gm/world/dungeonrun/{run.pk}/end/", {"reason": "asked for by both"})
    run.refresh_from_db()
    assert (run.state, run.instance) == ("abandoned", None)
    assert set(CharacterPlace.objects.values_list("zone", flat=True)) == {delvers.SPANS}
    assert "end_run" in acts()
    again = console.post(f"/gm/world/dungeonrun/{run.pk}/end/", {"reason": "again"})
    assert "over" in again.content.decode()


def test_staff_lifts_a_lock_once(console: Client, run: DungeonRun) -> None:
    (member, *_) = run.members.values_list("character_id", flat=True)
    lock = DungeonLock.objects.create(dungeon=delvers.DUNGEON, week=run.week, character_id=member, battle=7)
    assert "Alice" in console.get("/gm/world/dungeonlock/").content.decode()
    console.post(f"/gm/world/dungeonlock/{lock.pk}/lift/", {"reason": "lost to a fault"})
    lock.refresh_from_db()
    assert lock.lifted_at is not None
    assert acts().count("lift_lock") == 1


def test_who_may_not_act_is_not_shown_how(run: DungeonRun) -> None:
    visitor = Client()
    assert visitor.post(f"/gm/world/dungeonrun/{run.pk}/end/", {"reason": "mine"}).status_code in (302, 403)
    run.refresh_from_db()
    assert run.state == "open"
