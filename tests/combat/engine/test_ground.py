"""What lies on the ground: traps, glyphs, walls; and who is called into a battle."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.definitions import RuleDef
from apps.combat.engine.inputs import Cast, EndTurn, Follow, Forfeit, Move

from .cast import Fight, hero, monster, of_type
from .lab import DAMAGE, MINE, THEIRS, lab, trick

HARM = {**DAMAGE, "filter": "enemy"}
TRAP = {"type": "trap", "effects": [HARM]}
GLYPH = {"type": "glyph", "duration": 2, "effects": [HARM]}
PUSH = {"type": "push", "filter": "enemy", "n": 4}


def test_a_trap_fires_once_when_an_enemy_walks_in() -> None:
    fight = lab(TRAP)
    trick(fight, (5, 4))
    fight.skip_to(2)
    events = fight.do(Move(((5, 4),)))
    (fired,) = of_type(events, e.FieldFired)
    assert (fired.who, fired.field.centre) == (fight.who(2).id, (5, 4))
    assert [event.lost for event in of_type(events, e.Damaged)] == [20]
    assert fight.battle.fields == ()


def test_the_id_of_a_trap_does_not_tell_how_many_there_are() -> None:
    fight = lab({**TRAP, "max": 3})
    for cell in ((5, 4), (5, 5), (5, 6)):
        events = trick(fight, cell)
        (laid,) = of_type(events, e.FieldLaid)
        (drawn,) = [roll for roll in of_type(events, e.Rolled) if roll.stream == "ids"]
        assert laid.field.id == drawn.value
    assert len({field.id for field in fight.battle.fields}) == 3


def test_a_trap_does_not_fire_for_its_own_side() -> None:
    fight = lab(TRAP)
    trick(fight, (4, 5))
    fight.skip_to(1)
    assert of_type(fight.do(Move(((4, 5),))), e.FieldFired) == []
    assert len(fight.battle.fields) == 1


def test_a_trap_that_halts_ends_the_walk_there() -> None:
    fight = lab({**TRAP, "halts": True})
    trick(fight, (6, 5))
    fight.skip_to(2)
    fight.do(Move(((6, 5), (6, 6))))
    assert fight.who(2).cell == (6, 5)
    fight = lab(TRAP)
    trick(fight, (6, 5))
    fight.skip_to(2)
    fight.do(Move(((6, 5), (6, 6))))
    assert fight.who(2).cell == (6, 6)


def test_a_push_fires_every_trap_that_it_crosses() -> None:
    fight = lab(TRAP | {"max": 2})
    trick(fight, (7, 4))
    fight.set(0, ap=6)
    trick(fight, (6, 5))
    fight.set(3, cell=(0, 0))
    fight.teach(0, {**PUSH, "n": 2}, id="shove")
    events = trick(fight, THEIRS, "shove")
    assert [event.path for event in of_type(events, e.Displaced)] == [((7, 4),), ((8, 4),)]
    assert len(of_type(events, e.FieldFired)) == 1


@pytest.mark.parametrize("dies", [True, False])
@pytest.mark.parametrize("laid", [TRAP, {**GLYPH, "duration": 9}])
def test_what_somebody_has_laid_may_go_when_it_falls(laid: dict[str, Any], dies: bool) -> None:
    fight = lab({**laid, "dies_with_owner": dies})
    trick(fight, (5, 4))
    fight.skip_to(2)
    fight.teach(2, {"type": "kill", "filter": "enemy"}, id="slay")
    ended = of_type(trick(fight, MINE, "slay"), e.FieldEnded)
    assert len(ended) == dies
    assert bool(fight.battle.fields) != dies
    told = engine.view_events(ended, fight.battle, engine.Audience("team:1"))
    assert bool(told) == (dies and laid["type"] == "glyph")


def test_what_somebody_has_laid_may_go_when_it_flees() -> None:
    fight = Fight(*(hero("anchorite", character_id=n) for n in (1, 2)), monster("mud_skitter"), mode="pve")
    fight.start().skip_to(0)
    fight.teach(0, {**TRAP, "dies_with_owner": True})
    trick(fight, (1, 1))
    fight.do(Forfeit())
    assert fight.battle.phase == "fighting"
    assert fight.battle.fields == ()


def test_no_more_traps_lie_than_the_skill_allows() -> None:
    fight = lab({**TRAP, "max": 2})
    for cell in ((0, 1), (0, 2), (0, 3)):
        trick(fight, cell)
    assert [field.centre for field in fight.battle.fields] == [(0, 2), (0, 3)]


@pytest.mark.parametrize(("when", "turns"), [("start", 1), ("end", 0)])
def test_a_glyph_meets_who_begins_or_ends_a_turn_on_it(when: str, turns: int) -> None:
    fight = lab({**GLYPH, "when": when})
    trick(fight)
    before = len(of_type(fight.events, e.Damaged))
    fight.skip_to(2)
    assert len(of_type(fight.events, e.Damaged)) - before == turns
    fight.do(EndTurn())
    assert len(of_type(fight.events, e.Damaged)) - before == 1


def test_a_glyph_ends_after_its_rounds() -> None:
    fight = lab(GLYPH)
    trick(fight)
    for _ in range(8):
        assert len(fight.battle.fields) == 1
        fight.do(EndTurn())
    assert fight.battle.fields == ()
    assert of_type(fight.events, e.FieldEnded)


def test_a_telegraphed_glyph_strikes_all_who_are_still_there_when_it_expires() -> None:
    fight = lab({**GLYPH, "when": "expire", "duration": 1})
    assert of_type(trick(fight), e.Damaged) == []
    for _ in range(4):
        fight.do(EndTurn())
    assert [event.who for event in of_type(fight.events, e.Damaged)] == [fight.who(2).id]


def test_glyphs_that_throw_into_each_other_are_a_fault_not_a_hang() -> None:
    """Hostile row B09: effects without an end stop deterministically, and nobody is paid."""
    enter = {"type": "glyph", "shape": {"type": "single"}, "when": "enter", "duration": 9}
    fight = lab({**enter, "effects": [{"type": "push", "filter": "enemy", "n": 1}]})
    fight.teach(0, {**enter, "effects": [{"type": "pull", "filter": "enemy", "n": 1}]}, id="back")
    trick(fight, (7, 4))
    trick(fight, (8, 4), "back")
    fight.set(3, cell=(0, 0))
    fight.skip_to(2)
    walk = Move(((7, 4),))
    one, other = (
        engine.step(fight.battle, fight.who(2).id, walk, fight.rulebook, fight.dice) for _ in range(2)
    )
    assert one == other
    assert (one.battle.end_reason, one.battle.winner) == ("engine_fault", -1)
    assert {result.outcome for result in one.battle.results} == {"draw"}
    assert engine.spoils(one.battle, fight.rulebook) == ()
    assert [each.hp for each in one.battle.combatants] == [each.hp for each in fight.battle.combatants]


def test_what_is_thrown_out_of_a_cell_is_not_met_by_the_rest_that_lies_there() -> None:
    enter = {"type": "glyph", "shape": {"type": "single"}, "when": "enter", "duration": 9}
    fight = lab({**enter, "effects": [{"type": "push", "filter": "enemy", "n": 2}]})
    fight.teach(0, {**enter, "effects": [HARM]}, id="burn")
    trick(fight, (7, 4))
    trick(fight, (7, 4), "burn")
    fight.set(3, cell=(0, 0))
    fight.skip_to(2)
    events = fight.do(Move(((7, 4),)))
    assert fight.who(2).cell == (9, 4)
    assert len(of_type(events, e.FieldFired)) == 1


def test_a_wall_stands_in_the_way_and_in_sight_and_falls_in_time() -> None:
    fight = lab({"type": "wall", "duration": 1})
    trick(fight, (5, 4))
    wall = fight.who(4)
    assert fight.battle.build(wall).kind == "object"
    assert wall.id not in fight.battle.timeline
    fight.teach(0, HARM, range={"min": 1, "max": 6, "los": True}, target=["enemy"])
    with pytest.raises(refusals.NoLineOfSight):
        trick(fight)
    with pytest.raises(refusals.IllegalPath):
        fight.do(Move(((5, 4),)))
    for _ in range(4):
        fight.do(EndTurn())
    assert not fight.who(4).is_alive


def test_a_wall_without_hit_points_cannot_be_aimed_at_and_one_with_them_breaks() -> None:
    fight = lab({"type": "wall", "duration": 9})
    trick(fight, (5, 4))
    fight.skip_to(2)
    fight.teach(2, HARM, target=["enemy"])
    with pytest.raises(refusals.WrongTarget):
        trick(fight, (5, 4))
    fight = lab({"type": "wall", "duration": 9, "hp": 15})
    trick(fight, (5, 4))
    fight.skip_to(2)
    fight.teach(2, HARM, target=["enemy"])
    trick(fight, (5, 4))
    assert not fight.who(4).is_alive


def test_a_wall_without_hit_points_is_not_broken_by_who_is_thrown_against_it() -> None:
    fight = lab({"type": "wall", "duration": 9})
    trick(fight, (7, 4))
    fight.teach(0, PUSH, id="shove")
    events = trick(fight, THEIRS, "shove")
    assert [event.who for event in of_type(events, e.Damaged)] == [fight.who(2).id]
    assert fight.who(4).is_alive


def test_walls_hold_nobody_and_keep_nobody_in_the_battle() -> None:
    fight = lab({"type": "wall", "duration": 9, "hp": 15})
    trick(fight, (6, 5))
    fight.skip_to(2)
    fight.do(Move(((7, 4),)))
    assert fight.who(2).mp == 2


SUMMON = {"type": "summon", "monster": "driftling", "level": 3}


def test_a_summon_comes_right_behind_its_owner_and_acts_in_the_same_round() -> None:
    fight = lab(SUMMON)
    trick(fight, (5, 4))
    summon, owner = fight.who(4), fight.who(0)
    order = fight.battle.timeline
    assert order.index(summon.id) == order.index(owner.id) + 1
    assert (summon.owner, summon.team, summon.cell) == (owner.id, 0, (5, 4))
    fight.do(EndTurn())
    assert fight.battle.turn_owner == summon.id
    assert engine.House(fight.rulebook, fight.dice).next_input(fight.battle) is not None


def test_nobody_calls_more_than_it_may() -> None:
    fight = lab(SUMMON)
    trick(fight, (5, 4))
    with pytest.raises(refusals.LimitReached):
        trick(fight, (3, 4))
    fight.give_stats(0, summon_max=2)
    trick(fight, (3, 4))
    assert len(fight.battle.combatants) == 6


def test_a_summon_falls_with_its_owner_unless_it_is_not_linked() -> None:
    for linked in (True, False):
        fight = lab({**SUMMON, "linked": linked})
        trick(fight, (5, 4))
        fight.set(0, hp=1)
        fight.skip_to(2)
        fight.teach(2, HARM)
        trick(fight, MINE)
        assert not fight.who(0).is_alive
        assert fight.who(4).is_alive is not linked


def test_summons_leave_with_who_flees_and_do_not_keep_a_team_standing() -> None:
    fight = Fight(hero("hollowpiper", character_id=1, level=3), monster("peat_hulk", 5), mode="pve").start()
    fight.skip_to(0)
    x, y = fight.who(0).cell
    fight.do(Cast("call_driftling", (x, y - 1)))
    fight.give(fight.who(0).id, Forfeit())
    assert fight.battle.winner == 1
    assert not fight.who(2).is_alive


def test_an_owner_may_play_its_summon() -> None:
    fight = lab({**SUMMON, "control": "owner"})
    trick(fight, (5, 4))
    fight.do(EndTurn())
    summon = fight.who(4)
    assert fight.battle.turn_owner == summon.id
    assert engine.House(fight.rulebook, fight.dice).next_input(fight.battle) is None
    fight.give(fight.who(0).id, Cast("drift_touch", THEIRS))
    fight.give(fight.who(0).id, EndTurn())
    with pytest.raises(refusals.NotYourTurn):
        fight.give(fight.who(1).id, Cast("drift_touch", THEIRS))


def test_the_house_plays_a_summon_whose_owner_has_fallen() -> None:
    fight = lab({**SUMMON, "control": "owner", "linked": False})
    trick(fight, (5, 4))
    fight.set(0, hp=1)
    fight.skip_to(2)
    fight.teach(2, HARM)
    trick(fight, MINE)
    fight.skip_to(4)
    found = engine.House(fight.rulebook, fight.dice).next_input(fight.battle)
    assert found is not None
    assert found[0] == fight.who(4).id
    fight.give(*found)


def test_the_house_follows_the_rules_of_a_summon_that_its_owner_does_not_play() -> None:
    fight = lab({**SUMMON, "control": "owner"})
    trick(fight, (5, 4))
    row = msgspec.convert({"when": {}, "do": [{"say": "hello"}], "once": True}, RuleDef, strict=True)
    driftling = fight.rulebook.monsters["driftling"]
    ruled = replace(driftling, ai=replace(driftling.ai, rules=(row,)))
    fight.rulebook = replace(fight.rulebook, monsters={**fight.rulebook.monsters, ruled.id: ruled})
    fight.skip_to(4)
    with pytest.raises(refusals.NotAllowed):
        fight.give(fight.who(0).id, Follow(0, (5, 4)))
    fight.set(0, controller="afk")
    found = engine.House(fight.rulebook, fight.dice).next_input(fight.battle)
    assert found == (fight.who(4).id, Follow(0, (5, 4)))
    assert [event.line for event in of_type(fight.give(*found), e.Said)] == ["hello"]


def test_who_flees_in_the_turn_of_its_summon_ends_that_turn() -> None:
    party = (hero("hollowpiper", character_id=1, level=3), hero("anchorite", character_id=2))
    fight = Fight(*party, monster("peat_hulk", 5), mode="pve").start()
    fight.skip_to(0)
    fight.teach(0, {**SUMMON, "control": "owner"})
    x, y = fight.who(0).cell
    trick(fight, (x, y - 1))
    fight.skip_to(3)
    fight.give(fight.who(0).id, Forfeit())
    assert not fight.who(3).is_alive
    assert fight.battle.phase == "fighting"
    assert fight.battle.of(fight.battle.turn_owner).is_alive


def test_a_battle_with_summons_pays_and_counts_only_who_began_it() -> None:
    fight = Fight(hero("anchorite", character_id=1), monster("furnace_matron", 13), mode="pve").start()
    fight.skip_to(1)
    fight.set(1, ap=6)
    x, y = fight.who(1).cell
    fight.do(Cast("call_imp", (x, y - 1)))
    fight.skip_to(0)
    fight.teach(0, {"type": "kill", "filter": "enemy"}, shape={"type": "board"})
    trick(fight, fight.who(0).cell)
    assert [result.who for result in fight.battle.results] == [fight.who(0).id, fight.who(1).id]
    assert [spoil.monster for spoil in engine.spoils(fight.battle, fight.rulebook)] == ["furnace_matron"]


def test_what_is_laid_or_called_is_told_with_everything_a_replay_needs() -> None:
    fight = lab(SUMMON, GLYPH, TRAP)
    before = fight.battle
    events = trick(fight, (8, 5))
    assert engine.fold(before, events) == fight.battle
    assert engine.state_hash(fight.battle) == engine.state_hash(replace(fight.battle))
