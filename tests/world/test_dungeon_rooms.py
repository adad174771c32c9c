"""The rooms of a dungeon: what is done in each, and that nobody is stuck."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connections

from aether.kernel.errors import GameError
from aether.kernel.facts.models import OutboxFact
from aether.protocol.combat_values import Objective
from apps.chat import services as chat
from apps.world import dungeon_selectors, object_selectors, selectors, services
from apps.world.errors import NothingToDoError, PuzzleSolvedError, RoomNotReachedError
from apps.world.models import CharacterPlace, DungeonRun, MonsterGroup, WorldObject
from apps.world.rules import dungeons as rules
from tests.world import delvers
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


def at_the_puzzle(*names: str) -> tuple[list[int], DungeonRun]:
    members = delvers.party(*names)
    run = delvers.go_in(*members)
    for encounter in ("west_watch", "east_watch"):
        delvers.fight(run, encounter, members[0])
    run.refresh_from_db()
    return members, run


def states(run: DungeonRun, who: int, kind: str) -> dict[str, str]:
    seen = selectors.snapshot(run.instance or "", character_id=who).objects
    return {each.id: each.state for each in seen if each.id.startswith(kind)}


def test_the_lobby_is_done_when_both_watches_are_beaten() -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    delvers.fight(run, "east_watch", ana)
    run.refresh_from_db()
    assert (run.room, run.beaten) == (0, ["east_watch"])
    delvers.fight(run, "west_watch", ana)
    run.refresh_from_db()
    assert (run.room, run.beaten) == (1, ["east_watch", "west_watch"])
    assert dungeon_selectors.run_seen(run, delvers.dungeon()).open_doors == ("lobby_door",)


def test_what_is_beaten_stays_beaten() -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    delvers.fight(run, "west_watch", ana)
    services.keep_groups(run.instance or "", Random(1))
    assert delvers.group(run, "west_watch").state == "cooldown"


def test_who_is_defeated_wakes_up_in_the_dungeon_and_tries_again() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    run = delvers.go_in(ana, bo)
    delvers.fight(run, "west_watch", ana, bo, outcome="lost")
    for who in (ana, bo):
        place = CharacterPlace.objects.get(pk=who)
        assert (place.instance, place.cell, place.battle) == (run.instance, (10, 26), None)
    delvers.fight(run, "west_watch", ana, bo, battle=78)
    run.refresh_from_db()
    assert run.beaten == ["west_watch"]


def test_three_inscriptions_say_the_whole_order() -> None:
    (ana,), run = at_the_puzzle("Alice")
    for inscription in ("inscription_east", "inscription_west", "inscription_south"):
        assert delvers.pull(ana, inscription) == "read"
    run.refresh_from_db()
    seen = dungeon_selectors.run_seen(run, delvers.dungeon())
    after = {clue.first: clue.second for clue in seen.clues}
    (first,) = after.keys() - set(after.values())
    order = [first]
    while order[-1] in after:
        order.append(after[order[-1]])
    assert order == delvers.lever_order(run)


def test_nobody_is_told_what_is_not_read() -> None:
    (ana,), run = at_the_puzzle("Alice")
    assert dungeon_selectors.run_seen(run, delvers.dungeon()).clues == ()
    delvers.pull(ana, "inscription_east")
    run.refresh_from_db()
    assert len(dungeon_selectors.run_seen(run, delvers.dungeon()).clues) == 1


def test_the_right_order_opens_the_way() -> None:
    (ana,), run = at_the_puzzle("Alice")
    delvers.solve(run, ana)
    run.refresh_from_db()
    assert (run.room, run.pulled) == (2, [])
    assert set(states(run, ana, "lever").values()) == {"down"}
    with pytest.raises(PuzzleSolvedError):
        delvers.pull(ana, "lever_ash")


def test_a_wrong_lever_lets_all_of_them_up() -> None:
    (ana,), run = at_the_puzzle("Alice")
    first, second, third, _ = delvers.lever_order(run)
    delvers.pull(ana, first)
    assert states(run, ana, "lever")[first] == "down"
    assert delvers.pull(ana, third) == "up"
    assert set(states(run, ana, "lever").values()) == {"up"}
    delvers.pull(ana, first)
    delvers.pull(ana, second)
    run.refresh_from_db()
    assert len(run.pulled) == 2


def test_a_lever_that_is_down_is_a_refusal_and_resets_nothing() -> None:
    (ana,), run = at_the_puzzle("Alice")
    first = delvers.lever_order(run)[0]
    delvers.pull(ana, first)
    with pytest.raises(NothingToDoError):
        delvers.pull(ana, first)
    run.refresh_from_db()
    assert len(run.pulled) == 1


def test_levers_do_nothing_before_their_room() -> None:
    (ana,) = delvers.party("Alice")
    delvers.go_in(ana)
    with pytest.raises(RoomNotReachedError):
        delvers.pull(ana, "lever_ash")


def test_of_two_who_pull_at_once_each_finds_what_the_other_did() -> None:
    (ana, bo), run = at_the_puzzle("Alice", "Bastien")
    first, second = delvers.lever_order(run)[:2]
    for who, lever in ((ana, first), (bo, second)):
        (thing,) = (
            each
            for each in selectors.snapshot(run.instance or "", character_id=who).objects
            if each.id == lever
        )
        delvers.inside(who, (thing.cell[0], thing.cell[1] + 1))

    def pull(asked: tuple[int, str]) -> str:
        try:
            return services.interact(character_id=asked[0], object_id=asked[1]).seen.state
        except GameError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(pull, ((ana, first), (bo, second))))
    run.refresh_from_db()
    # Either the second came after the first, and both are down, or before it: then only the first is.
    assert (outcomes, len(run.pulled)) in ((["down", "down"], 2), (["down", "up"], 1))


def test_two_runs_have_puzzles_of_their_own() -> None:
    orders = {rules.solution(bytes([seed]) * 32, "hall", 4).order for seed in range(60)}
    assert len(orders) > 12


def test_the_governor_fights_beside_the_party_and_must_live() -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    row = delvers.group(run, "siege")
    delvers.inside(ana, (row.x, row.y + 1))
    claimed = services.claim_group(character_id=ana, group_id=row.pk)
    assert claimed.allies == (("post_governor", 18),)
    assert claimed.objectives == (
        Objective(team=0, goal="survive", rounds=6),
        Objective(team=0, goal="protect", ref="post_governor"),
    )
    assert claimed.placement is not None


@pytest.mark.parametrize(("size", "pct"), [(1, 55), (2, 70), (3, 85), (4, 100)])
def test_monsters_are_as_strong_as_the_party_is_many(size: int, pct: int) -> None:
    members = delvers.party(*("Alice", "Bastien", "Cyrille", "Delphine")[:size])
    run = delvers.go_in(*members)
    row = delvers.group(run, "oru")
    delvers.inside(members[0], (row.x, row.y + 1))
    claimed = services.claim_group(character_id=members[0], group_id=row.pk)
    assert (claimed.hp_pct, claimed.team_max) == (pct, size)


def test_those_who_are_away_or_of_no_party_do_not_count() -> None:
    ana, bo, cy = delvers.party("Alice", "Bastien", "Cyrille")
    run = delvers.go_in(ana, bo, cy)
    services.leave(character_id=bo)
    chat.leave_party(character_id=cy)
    row = delvers.group(run, "oru")
    delvers.inside(ana, (row.x, row.y + 1))
    assert services.claim_group(character_id=ana, group_id=row.pk).team_max == 1


def test_the_last_room_ends_the_run_and_sets_everybody_free() -> None:
    (ana, bo), run = at_the_puzzle("Alice", "Bastien")
    delvers.solve(run, ana)
    delvers.fight(run, "siege", ana, bo)
    delvers.fight(run, "oru", ana, bo)
    run.refresh_from_db()
    assert (run.state, run.room) == ("done", 4)
    assert OutboxFact.objects.filter(type="dungeon.cleared").count() == 2
    assert not run.members.filter(is_live=True).exists()
    delvers.inside(ana, (10, 28))
    services.travel(character_id=ana, exit_id="way_out")
    assert delvers.go_in(ana).pk != run.pk


def test_an_end_of_a_battle_told_twice_opens_one_room() -> None:
    (ana, _), run = at_the_puzzle("Alice", "Bastien")
    row = MonsterGroup.objects.get(instance=run.instance, rule="east_watch")
    services.end_battle(delvers.ended(run, row, {ana: "won"}, battle=77))
    run.refresh_from_db()
    assert run.room == 1


def test_what_levers_do_is_in_their_history() -> None:
    (ana,), run = at_the_puzzle("Alice")
    first, _, third, _ = delvers.lever_order(run)
    delvers.pull(ana, first)
    delvers.pull(ana, third)
    row = WorldObject.objects.get(instance=run.instance, object_id=first)
    told = [(chapter.event.state, chapter.actor_id) for chapter in object_selectors.history(row.pk)]
    assert told == [("down", ana), ("up", 0)]


def test_a_copy_that_opens_again_has_its_levers_as_they_were(time: Clock) -> None:
    (ana,), run = at_the_puzzle("Alice")
    first = delvers.lever_order(run)[0]
    delvers.pull(ana, first)
    delvers.pull(ana, "inscription_east")
    services.leave(character_id=ana)
    services.keep_dungeons()
    time.go(31 * 60)
    services.keep_dungeons()
    services.enter(character_id=ana)
    delvers.online(ana)
    again = delvers.go_in(ana)
    assert again.instance != run.instance
    assert states(again, ana, "lever")[first] == "down"
    assert states(again, ana, "inscription")["inscription_east"] == "read"
