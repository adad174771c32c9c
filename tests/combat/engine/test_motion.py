"""Being moved: pushes, pulls, dashes and teleports, and what it costs to hit something."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aether.protocol.combat_values import LastingEffect
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.board import board_of
from apps.combat.engine.definitions import TagDef
from apps.combat.engine.effects.motion import drifted
from apps.combat.engine.inputs import Cast

from .cast import Fight, battle_of, hero, monster, of_type, rules


def duel(class_id: str, mine: tuple[int, int], theirs: tuple[int, int]) -> Fight:
    fight = Fight(hero(class_id, character_id=1), hero("anchorite", character_id=2, team=1)).start()
    fight.skip_to(0)
    fight.set(0, cell=mine)
    fight.set(1, cell=theirs)
    return fight


def test_a_push_moves_away_from_the_caster() -> None:
    fight = duel("kitewright", (2, 4), (4, 4))
    (pushed,) = of_type(fight.do(Cast("updraft", (4, 4))), e.Displaced)
    assert (pushed.cause, pushed.path) == ("push", ((5, 4), (6, 4)))


def test_an_exact_diagonal_pushes_diagonally_at_double_price() -> None:
    fight = duel("kitewright", (7, 1), (9, 3))
    (pushed,) = of_type(fight.do(Cast("updraft", (9, 3))), e.Displaced)
    assert pushed.path == ((10, 4),)


def test_hitting_a_wall_hurts_for_each_cell_left() -> None:
    fight = duel("kitewright", (3, 3), (5, 3))
    events = fight.do(Cast("updraft", (5, 3)))
    (collided,) = of_type(events, e.Collided)
    assert (collided.struck, collided.left) == (0, 2)
    hit = next(event for event in of_type(events, e.Damaged) if event.cause == "collision")
    assert (hit.amount, hit.element) == (10, "pure")


def test_hitting_somebody_hurts_them_half() -> None:
    fight = Fight(
        hero("kitewright", character_id=1),
        hero("anchorite", character_id=2, team=1),
        hero("anchorite", character_id=3, team=1),
    ).start()
    fight.skip_to(0)
    fight.set(0, cell=(2, 4))
    fight.set(1, cell=(4, 4))
    fight.set(2, cell=(6, 4))
    events = fight.do(Cast("updraft", (4, 4)))
    hits = [(event.who, event.amount) for event in of_type(events, e.Damaged) if event.cause == "collision"]
    assert hits == [(fight.who(1).id, 5), (fight.who(2).id, 2)]


def test_a_pull_ends_gently_at_the_casters_side() -> None:
    fight = duel("anchorite", (2, 4), (4, 4))
    events = fight.do(Cast("drag_chain", (4, 4)))
    (pulled,) = of_type(events, e.Displaced)
    assert pulled.path == ((3, 4),)
    assert not of_type(events, e.Collided)


def test_a_pull_against_the_axis_is_refused() -> None:
    with pytest.raises(refusals.NotOnAxis):
        duel("anchorite", (2, 4), (4, 5)).do(Cast("drag_chain", (4, 5)))


def test_teleport_needs_a_free_cell() -> None:
    fight = duel("kitewright", (2, 4), (4, 4))
    with pytest.raises(refusals.WrongTarget):
        fight.do(Cast("slipline", (4, 4)))
    (moved,) = of_type(fight.do(Cast("slipline", (2, 1))), e.Displaced)
    assert (moved.cause, fight.who(0).cell) == ("teleport", (2, 1))


def test_a_dash_stops_before_its_prey() -> None:
    fight = Fight(hero("anchorite", character_id=1), monster("reed_stalker", 2), mode="pve").start()
    fight.skip_to(1)
    fight.set(0, cell=(2, 4))
    fight.set(1, cell=(5, 4))
    (dashed,) = of_type(fight.do(Cast("lunge", (2, 4))), e.Displaced)
    assert (dashed.cause, dashed.path) == ("dash", ((4, 4), (3, 4)))


def test_being_pushed_off_an_edge_costs_a_share_of_the_unworn_life_and_keeps_the_cell() -> None:
    board = board_of(["......", "......", "......"], tags=[(5, 1, "edge")])
    fight = Fight(
        hero("kitewright", character_id=1),
        hero("anchorite", character_id=2, team=1),
        board=board,
        placement=(((3, 1),), ((5, 1),)),
    ).start()
    fight.skip_to(0)
    fight.set(1, hp=50, hp_max=60)
    events = fight.do(Cast("updraft", (5, 1)))
    fall = next(event for event in of_type(events, e.Damaged) if event.cause == "fall")
    assert fall.amount == fight.header.builds[1].hp_max * 15 // 100
    assert fight.who(1).cell == (5, 1)


def pushed_off(edge: dict[str, Any], **bearer: int) -> tuple[Fight, list[Any]]:
    """Push somebody off an edge that says so."""
    board = board_of(["......", "......", "......"], tags=[(5, 1, "edge")])
    fight = Fight(
        hero("kitewright", character_id=1),
        hero("anchorite", character_id=2, team=1),
        board=board,
        placement=(((3, 1),), ((5, 1),)),
    )
    tag = msgspec.convert({"id": "edge", "name": {"en": "Edge", "fr": "Bord"}, **edge}, TagDef, strict=True)
    fight.rulebook = replace(rules(), tags={"edge": tag})
    fight.start()
    fight.skip_to(0)
    fight.set(1, **bearer)
    return fight, of_type(fight.do(Cast("updraft", (5, 1))), e.Damaged)


@pytest.mark.parametrize(
    ("effect", "lost"),
    [
        ({"of": "max", "pct": 50}, 30),
        ({"of": "current", "pct": 50}, 20),
        ({"of": "missing", "pct": 50}, 10),
        ({"of": "max", "pct": 100, "cap": 7}, 7),
    ],
)
def test_a_fall_costs_what_its_edge_says(effect: dict[str, Any], lost: int) -> None:
    _, damaged = pushed_off({"effect": {"type": "damage_pct", **effect}}, hp=40, hp_max=60)
    assert [each.amount for each in damaged if each.cause == "fall"] == [lost]


def test_some_edges_kill() -> None:
    fight, damaged = pushed_off({"effect": {"type": "kill"}}, hp=40, hp_max=60)
    assert [each.cause for each in damaged][-1] == "kill"
    assert not fight.who(1).is_alive


def test_a_release_of_before_says_a_share_of_the_whole_life() -> None:
    fight, damaged = pushed_off({"fall_pct": 10}, hp=40, hp_max=60)
    assert damaged[0].amount == fight.header.builds[1].hp_max // 10


def test_an_edge_says_one_thing() -> None:
    for wild in ({"effect": {"type": "kill"}, "fall_pct": 3}, {"effect": {"type": "heal"}}, {"effect": {}}):
        with pytest.raises(msgspec.ValidationError):
            pushed_off(wild)


def test_the_unmovable_stay() -> None:
    fight = duel("kitewright", (2, 4), (4, 4))
    fight.set(1, effects=(replace(rooting(), of="unmovable"),))
    events = fight.do(Cast("updraft", (4, 4)))
    assert [event.what for event in of_type(events, e.EffectResisted)] == ["push"]
    assert not of_type(events, e.Displaced)


def test_the_unmovable_are_not_pulled_and_the_rooted_do_not_dash() -> None:
    fight = duel("anchorite", (2, 4), (6, 4))
    fight.set(1, effects=(replace(rooting(), of="unmovable"),))
    events = fight.do(Cast("drag_chain", (6, 4)))
    assert [event.what for event in of_type(events, e.EffectResisted)] == ["pull"]
    fight.set(0, effects=(rooting(),))
    fight.teach(0, {"type": "dash", "n": 3}, range={"min": 1, "max": 9, "axis": True})
    events = fight.do(Cast("trick", (6, 4)))
    assert [event.what for event in of_type(events, e.EffectResisted)] == ["dash"]


def test_a_dash_ends_where_it_was_aimed() -> None:
    fight = duel("anchorite", (2, 4), (9, 9))
    fight.teach(0, {"type": "dash", "n": 3}, range={"min": 1, "max": 9, "axis": True})
    fight.do(Cast("trick", (4, 4)))
    assert fight.who(0).cell == (4, 4)


def test_collisions_hurt_more_by_the_level_of_who_pushes() -> None:
    fight = duel("kitewright", (3, 3), (5, 3))
    fight.rebuild(0, level=11)
    events = fight.do(Cast("updraft", (5, 3)))
    hit = next(event for event in of_type(events, e.Damaged) if event.cause == "collision")
    assert hit.amount == 2 * (5 + 2)


def rooting() -> LastingEffect:
    events = duel("anchorite", (2, 4), (4, 4)).do(Cast("deadweight", (4, 4)))
    (applied,) = of_type(events, e.EffectApplied)
    return applied.effect


steps = st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)])


@given(
    start=st.tuples(st.integers(0, 11), st.integers(0, 9)),
    other=st.tuples(st.integers(0, 11), st.integers(0, 9)),
    step=steps,
    n=st.integers(1, 8),
)
def test_a_push_conserves_its_distance(
    start: tuple[int, int], other: tuple[int, int], step: tuple[int, int], n: int
) -> None:
    battle = battle_of(hero("anchorite", character_id=1), hero("anchorite", character_id=2, team=1))
    one, two = battle.combatants
    battle = replace(battle, combatants=(replace(one, cell=start), replace(two, cell=other)))
    drift = drifted(battle, start, step=step, n=n)
    price = 2 if all(step) else 1
    assert price * (len(drift.path) + drift.left) + (n % 2 if price == 2 else 0) == n
    assert other not in drift.path


@pytest.mark.parametrize(("walls", "cells"), [([], 1), ([(3, 2)], 1), ([(3, 2), (2, 3)], 0), ([(3, 3)], 0)])
def test_a_diagonal_step_needs_the_cell_and_one_free_side(walls: list[tuple[int, int]], cells: int) -> None:
    rows = ["".join("#" if (x, y) in walls else "." for x in range(6)) for y in range(6)]
    duelists = (hero("anchorite", character_id=1), hero("anchorite", character_id=2, team=1))
    battle = battle_of(*duelists, board=board_of(rows), placement=(((0, 5),), ((5, 0),)))
    assert len(drifted(battle, (2, 2), step=(1, 1), n=2).path) == cells
