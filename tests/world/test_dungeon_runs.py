"""Who is let into a dungeon, into which run, and that a run goes on where it was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connections

from aether.kernel import live
from aether.kernel.errors import GameError
from apps.chat import services as chat
from apps.world import dungeon_selectors, positions, selectors, services
from apps.world.errors import (
    DoorClosedError,
    DungeonFullError,
    DungeonLeaderError,
    DungeonLevelError,
    InBattleError,
    NoDungeonRunError,
)
from apps.world.models import CharacterPlace, DungeonMember, DungeonRun, MonsterGroup, ZoneCopy
from apps.world.services.dungeons import runs
from tests.world import cast, delvers
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

A_WEEK = 7 * 86_400
MONDAY = datetime(2026, 11, 30, 4, tzinfo=UTC).timestamp()


@pytest.fixture
def week(time: Clock) -> Clock:
    """A clock at the beginning of a week."""
    time.now = MONDAY
    return time


def place(who: int) -> CharacterPlace:
    return CharacterPlace.objects.get(pk=who)


def test_the_leader_opens_a_run_and_the_others_come_to_it() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    assert (place(ana).zone, place(ana).instance) == (delvers.DUNGEON, run.instance)
    assert place(bo).instance == run.instance
    assert set(run.members.values_list("character_id", flat=True)) == {ana, bo}
    assert ZoneCopy.objects.get(pk=run.instance).kind == "instance"


def test_two_parties_are_in_two_copies() -> None:
    ana = delvers.go_in(*delvers.party("Alice"))
    bo = delvers.go_in(*delvers.party("Bastien"))
    assert ana.instance != bo.instance


def test_a_member_does_not_go_in_before_the_leader() -> None:
    _, bo = delvers.party("Alice", "Bastien")
    with pytest.raises(DungeonLeaderError):
        delvers.go_in(bo)
    assert place(bo).zone == delvers.SPANS
    assert not DungeonRun.objects.exists()


def test_nobody_below_the_level_is_let_in() -> None:
    (ana,) = delvers.party("Alice", level=14)
    with pytest.raises(DungeonLevelError):
        delvers.go_in(ana)
    (bo,) = delvers.party("Bastien", level=15)
    assert delvers.go_in(bo).state == "open"


def test_who_fights_does_not_go_in() -> None:
    (ana,) = delvers.party("Alice")
    services.set_in_battle(character_ids=[ana], battle_id=3)
    with pytest.raises(InBattleError):
        delvers.go_in(ana)


def test_two_strangers_are_not_in_one_run_though_they_enter_at_once() -> None:
    (ana,), (bo,) = delvers.party("Alice"), delvers.party("Bastien")

    def enter(who: int) -> str:
        try:
            return services.travel(character_id=who, exit_id=delvers.GATE)[0].instance
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(enter, (ana, bo)))) == 2


def test_a_party_that_enters_at_once_is_in_one_run() -> None:
    members = delvers.party("Alice", "Bastien", "Cyrille", "Delphine")
    delvers.go_in(members[0])

    def enter(who: int) -> str:
        try:
            return services.travel(character_id=who, exit_id=delvers.GATE)[0].instance
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(enter, members[1:])) == {place(members[0]).instance}


def test_a_run_has_room_for_four_and_who_left_the_party_makes_room() -> None:
    ana, bo, cy, del_ = delvers.party("Alice", "Bastien", "Cyrille", "Delphine")
    run = delvers.go_in(ana, bo, cy, del_)
    chat.leave_party(character_id=del_)
    eve = delvers.delver("Eve")
    chat.accept_invitation(
        character_id=eve, invitation_id=chat.invite(character_id=ana, name="Eve").invitation
    )
    with pytest.raises(DungeonFullError):
        delvers.go_in(eve)
    delvers.inside(del_, (10, 28))
    services.travel(character_id=del_, exit_id="way_out")
    delvers.go_in(eve)
    assert place(eve).instance == run.instance
    assert set(run.members.filter(is_live=True).values_list("character_id", flat=True)) == {ana, bo, cy, eve}


def test_who_goes_out_and_comes_back_is_in_the_same_run() -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    delvers.inside(ana, (10, 28))
    there, _ = services.travel(character_id=ana, exit_id="way_out")
    assert (there.zone, there.cell) == (delvers.SPANS, delvers.BEFORE_THE_GATE)
    assert delvers.go_in(ana) == run


def test_a_closed_door_is_a_refusal_and_an_open_one_stays_in_the_copy() -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    delvers.inside(ana, (10, 19))
    with pytest.raises(DoorClosedError):
        services.travel(character_id=ana, exit_id="lobby_door")
    for encounter in ("west_watch", "east_watch"):
        delvers.fight(run, encounter, ana)
    delvers.inside(ana, (10, 19))
    there, before = services.travel(character_id=ana, exit_id="lobby_door")
    assert there.instance == before == run.instance
    assert there.cell == (10, 12)


def test_progress_is_kept_where_the_copy_was_closed(week: Clock) -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    delvers.fight(run, "west_watch", ana)
    services.leave(character_id=ana)
    services.keep_dungeons()
    week.go(31 * 60)
    services.keep_dungeons()
    run.refresh_from_db()
    assert (run.instance, run.state) == (None, "open")
    assert (place(ana).zone, place(ana).cell) == (delvers.SPANS, delvers.BEFORE_THE_GATE)
    services.enter(character_id=ana)
    delvers.online(ana)
    again = delvers.go_in(ana)
    assert (again.pk, again.beaten) == (run.pk, ["west_watch"])
    assert sorted(MonsterGroup.objects.filter(instance=again.instance).values_list("rule", flat=True)) == [
        "east_watch",
        "oru",
        "siege",
    ]


def test_a_copy_with_somebody_in_it_is_not_closed(week: Clock) -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    for _ in range(3):
        week.go(31 * 60)
        services.keep_dungeons()
    run.refresh_from_db()
    assert run.instance is not None
    assert place(ana).zone == delvers.DUNGEON


def test_at_the_end_of_the_week_everybody_is_led_out_and_begins_anew(week: Clock) -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    delvers.fight(run, "west_watch", ana)
    week.now = MONDAY + A_WEEK - 1
    services.keep_dungeons()
    assert place(ana).zone == delvers.DUNGEON
    week.go(1)
    services.keep_dungeons()
    run.refresh_from_db()
    assert (run.state, run.instance, place(ana).zone) == ("over", None, delvers.SPANS)
    again = delvers.go_in(ana)
    assert again.pk != run.pk
    assert again.beaten == []


def test_who_fights_over_the_end_of_the_week_is_led_out_after_it(week: Clock) -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    row = delvers.group(run, "west_watch")
    delvers.inside(ana, (row.x, row.y + 1))
    services.claim_group(character_id=ana, group_id=row.pk)
    services.set_in_battle(character_ids=[ana], battle_id=5)
    week.go(A_WEEK)
    services.keep_dungeons()
    assert place(ana).zone == delvers.DUNGEON
    services.end_battle(delvers.ended(run, row, {ana: "won"}, battle=5))
    services.keep_dungeons()
    assert place(ana).zone == delvers.SPANS
    assert not ZoneCopy.objects.filter(owner=f"run:{run.pk}").exclude(state="closed").exists()


def test_an_abandoned_run_is_over_with_its_last_member(week: Clock) -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    services.abandon_dungeon(character_id=ana, dungeon_id=delvers.DUNGEON)
    run.refresh_from_db()
    assert (run.state, place(ana).zone, place(bo).zone) == ("open", delvers.SPANS, delvers.DUNGEON)
    services.abandon_dungeon(character_id=bo, dungeon_id=delvers.DUNGEON)
    with pytest.raises(NoDungeonRunError):
        services.abandon_dungeon(character_id=bo, dungeon_id=delvers.DUNGEON)
    services.keep_dungeons()
    run.refresh_from_db()
    assert (run.state, run.instance, place(bo).zone) == ("abandoned", None, delvers.SPANS)


def test_nobody_abandons_a_run_in_a_battle() -> None:
    (ana,) = delvers.party("Alice")
    delvers.go_in(ana)
    services.set_in_battle(character_ids=[ana], battle_id=5)
    with pytest.raises(InBattleError):
        services.abandon_dungeon(character_id=ana, dungeon_id=delvers.DUNGEON)
    assert DungeonMember.objects.get(character_id=ana).is_live


def test_the_run_goes_on_when_its_leader_leaves_the_party() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    chat.leave_party(character_id=ana)
    delvers.fight(run, "west_watch", bo)
    run.refresh_from_db()
    assert run.beaten == ["west_watch"]


def test_who_comes_back_into_the_world_stands_in_the_dungeon() -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    services.leave(character_id=ana)
    there = services.enter(character_id=ana)
    assert there.instance == run.instance


def test_the_gate_says_who_is_there_and_what_entering_would_be() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    dungeon = delvers.dungeon()
    assert dungeon_selectors.gate(ana, dungeon, language="en").entry == "new"
    assert dungeon_selectors.gate(bo, dungeon, language="fr").refusal == DungeonLeaderError.fr
    delvers.go_in(ana)
    seen = dungeon_selectors.gate(bo, dungeon, language="fr")
    assert (seen.entry, seen.refusal) == ("join", None)
    assert [(guest.character, guest.is_inside) for guest in seen.party] == [(ana, True), (bo, False)]
    delvers.go_in(bo)
    assert dungeon_selectors.gate(bo, dungeon, language="fr").entry == "resume"


def test_a_stranger_in_the_zone_of_a_dungeon_sees_nothing_of_a_run() -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    assert selectors.snapshot(run.instance or "", character_id=ana).zone == delvers.DUNGEON
    stranger = cast.character("Zelie")
    assert dungeon_selectors.gate(stranger, delvers.dungeon(), language="en").run is None


def test_leaving_and_entering_at_once_leaves_one_run() -> None:
    (ana,) = delvers.party("Alice")

    def enter(_: int) -> str:
        try:
            services.travel(character_id=ana, exit_id=delvers.GATE)
        except GameError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "in"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enter, range(4)))[0] == "in"
    assert DungeonRun.objects.count() == DungeonMember.objects.count() == 1


@pytest.mark.parametrize("step", ["open_instance", "_place_monsters", "show_run", "_call_party"])
def test_whoever_dies_on_the_way_in_has_not_moved(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    ana, _ = delvers.party("Alice", "Bastien")

    def die(*_: object, **__: object) -> None:
        raise ConnectionError("the process dies")

    monkeypatch.setattr(runs, step, die)
    with pytest.raises(ConnectionError):
        services.travel(character_id=ana, exit_id=delvers.GATE)
    assert place(ana).zone == delvers.SPANS
    assert not DungeonRun.objects.exists()
    assert not ZoneCopy.objects.filter(zone=delvers.DUNGEON).exists()
    monkeypatch.undo()
    assert delvers.go_in(ana).state == "open"


def test_a_wiped_redis_leaves_everybody_in_their_dungeon() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    live.redis().flushdb()
    services.reconcile(run.instance or "", positions.everybody(run.instance or ""))
    assert {seen.id for seen in positions.everybody(run.instance or "")} == {ana, bo}
