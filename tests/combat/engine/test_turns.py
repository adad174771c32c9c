"""Placement, the timeline, rounds, and how battles end."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from aether.kernel import rng
from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.board import board_of, distance, is_walkable
from apps.combat.engine.definitions import BattleDef
from apps.combat.engine.inputs import Cast, EndTurn, Place, PlacementTimeout, Ready
from apps.combat.engine.turns import timeline_of

from .cast import MEADOW, SERVER_SEED, Fight, battle_of, hero, monster, of_type, rules


def duel(**options: object) -> Fight:
    return Fight(hero("anchorite", character_id=1), hero("kitewright", character_id=2, team=1), **options)


def test_the_commitment_stands_before_any_client_seed() -> None:
    battle = duel().battle
    assert battle.header.commitment == rng.commit(SERVER_SEED).hex()
    assert battle.client_seeds == ()
    assert engine.view(battle, engine.SPECTATOR).commitment == battle.header.commitment


def test_one_may_stand_anywhere_on_ones_own_side() -> None:
    fight = duel()
    fight.give(fight.who(0).id, Place((0, 6)))
    assert fight.who(0).cell == (0, 6)
    with pytest.raises(refusals.NotPlaceable):
        fight.give(fight.who(0).id, Place((5, 4)))


def test_a_place_is_for_one() -> None:
    fight = Fight(
        hero("anchorite", character_id=1),
        hero("anchorite", character_id=2),
        hero("anchorite", character_id=3, team=1),
    )
    with pytest.raises(refusals.CellTaken):
        fight.give(fight.who(0).id, Place(fight.who(1).cell))


def test_the_fight_starts_when_the_last_is_ready() -> None:
    fight = duel()
    assert fight.give(fight.who(0).id, Ready("ab")) == (e.Readied(fight.who(0).id, "ab"),)
    with pytest.raises(refusals.AlreadyReady):
        fight.give(fight.who(0).id, Ready("cd"))
    fight.give(fight.who(1).id, Ready())
    assert fight.battle.phase == "fighting"
    assert [(seed.character_id, seed.seed) for seed in fight.battle.client_seeds] == [(1, "ab"), (2, "")]


def test_client_seeds_change_the_dice() -> None:
    rolls = []
    for seed in ("00", "01"):
        fight = duel()
        fight.give(fight.who(0).id, Ready(seed))
        fight.give(fight.who(1).id, Ready())
        rolls.append([event.value for event in of_type(fight.events, e.Rolled)])
    assert rolls[0] != rolls[1]


@pytest.mark.parametrize("seed", ["x", "abc", "ab" * 33])
def test_a_seed_that_is_none_is_refused(seed: str) -> None:
    fight = duel()
    with pytest.raises(refusals.BadSeed):
        fight.give(fight.who(0).id, Ready(seed))


def test_placement_ends_by_the_clock_for_the_system_only() -> None:
    fight = duel()
    with pytest.raises(refusals.NotAllowed):
        fight.give(fight.who(0).id, PlacementTimeout())
    fight.start()
    assert fight.battle.phase == "fighting"
    with pytest.raises(refusals.WrongPhase):
        fight.start()


def test_the_quickest_starts_and_teams_alternate() -> None:
    builds = [hero("anchorite", character_id=n) for n in (1, 2, 3)]
    fast = replace(builds[1], stats={**builds[1].stats, "initiative": 90})
    foe = hero("kitewright", character_id=9, team=1)
    battle = battle_of(builds[0], fast, builds[2], foe)
    ids = [each.id for each in battle.combatants]
    ties = {ids[0]: 5, ids[1]: 9, ids[2]: 1, ids[3]: 0}
    assert timeline_of(battle, ties) == (ids[1], ids[3], ids[2], ids[0])


def test_a_game_may_let_the_quicker_act_first_whatever_the_team() -> None:
    strict = msgspec.convert({"id": "rules", "timeline": "strict"}, BattleDef)
    for given, alternates in ((rules(), True), (replace(rules(), battle={"rules": strict}), False)):
        fight = Fight(
            *(hero("anchorite", character_id=n) for n in (1, 2)),
            *(hero("kitewright", character_id=n, team=1) for n in (11, 12)),
        )
        fight.rulebook = given
        fight.start()
        teams = [fight.battle.of(who).team for who in fight.battle.timeline]
        assert teams == ([1, 0, 1, 0] if alternates else [1, 1, 0, 0])


def test_ids_are_neither_sequential_nor_zero() -> None:
    ids = [
        each.id
        for each in battle_of(
            *(hero("anchorite", character_id=n) for n in (1, 2, 3)), hero("anchorite", character_id=4, team=1)
        ).combatants
    ]
    assert len(set(ids)) == 4
    assert min(abs(one - other) for one in ids for other in ids if one != other) > 1_000


def test_the_last_standing_team_wins() -> None:
    fight = duel(placement=(((4, 4),), ((5, 4),))).start()
    fight.skip_to(0)
    fight.set(1, hp=1)
    events = fight.do(Cast("hook_swing", (5, 4)))
    (died,) = of_type(events, e.Died)
    (ended,) = of_type(events, e.BattleEnded)
    assert died.who == fight.who(1).id
    assert (ended.winner, ended.reason) == (0, "eliminated")
    assert [result.outcome for result in ended.results] == ["win", "loss"]
    with pytest.raises(refusals.WrongPhase):
        fight.give(fight.who(0).id, EndTurn())


def test_the_surge_ends_what_nobody_ends() -> None:
    fight = duel().start()
    while fight.battle.phase == "fighting":
        fight.do(EndTurn())
    surges = [event for event in of_type(fight.events, e.Damaged) if event.cause == "surge"]
    assert surges
    assert 20 < fight.battle.round < 40
    first = of_type(fight.events, e.RoundStarted)[19]
    start = fight.events.index(first)
    (surge, *_) = [event for event in of_type(fight.events[start:], e.Damaged) if event.cause == "surge"]
    assert surge is surges[0]
    assert surge.amount == fight.header.builds[fight.battle.of(surge.who).slot].hp_max * 5 // 100


@pytest.mark.parametrize(("mode", "winner"), [("pvp", 0), ("pve", 1)])
def test_after_the_last_round_health_decides_in_pvp_and_humans_lose_in_pve(mode: str, winner: int) -> None:
    foe = hero("kitewright", character_id=2, team=1) if mode == "pvp" else monster("mud_skitter")
    fight = Fight(hero("anchorite", character_id=1), foe, mode=mode).start()
    fight.battle = replace(fight.battle, round=40)
    fight.set(0, hp=5000, hp_max=5000)
    fight.set(1, hp=1000, hp_max=5000)
    while fight.battle.phase == "fighting":
        fight.do(EndTurn())
    assert (fight.battle.end_reason, fight.battle.winner) == ("round_cap", winner)


def test_fallen_monsters_are_worth_something_and_practice_is_not() -> None:
    fight = Fight(hero("anchorite", character_id=1), monster("mud_skitter", 2), mode="pve").start()
    fight.set(1, hp=1, cell=(1, 4))
    fight.set(0, cell=(0, 4))
    fight.skip_to(0)
    fight.do(Cast("hook_swing", (1, 4)))
    (spoil,) = engine.spoils(fight.battle, rules())
    assert (spoil.monster, spoil.level, spoil.xp, spoil.loot) == ("mud_skitter", 2, 22, "lt_mud_skitter")
    practice = replace(fight.battle, header=replace(fight.header, is_practice=True))
    assert engine.spoils(practice, rules()) == ()


def test_a_battle_without_room_is_refused() -> None:
    with pytest.raises(refusals.NoRoom):
        battle_of(
            hero("anchorite", character_id=1),
            hero("anchorite", character_id=2, team=1),
            placement=(((0, 0),), ()),
        )
    with pytest.raises(refusals.NoRoom):
        engine.placement_cells(board_of(["..", "##"]), contact=(0, 0), teams=(1, 1))


def test_generated_places_are_walkable_and_apart() -> None:
    ours, theirs = engine.placement_cells(MEADOW, contact=(6, 4), teams=(4, 6))
    assert len(ours) >= 4
    assert len(theirs) >= 6
    assert all(is_walkable(MEADOW, cell) for cell in (*ours, *theirs))
    assert min(distance(one, other) for one in ours for other in theirs) >= 3


def test_rules_that_run_away_end_the_battle_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    fight = duel().start()
    monkeypatch.setattr("apps.combat.engine.resolution.EVENTS_MAX", 1)
    (ended,) = fight.do(EndTurn())
    assert (ended.winner, ended.reason) == (-1, "engine_fault")
    assert {result.outcome for result in ended.results} == {"draw"}
    assert engine.spoils(fight.battle, rules()) == ()
