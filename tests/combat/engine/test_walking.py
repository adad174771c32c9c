"""Walking: the path is checked, each step is paid, and enemies beside a cell hold who leaves it."""

from __future__ import annotations

from copy import copy

import pytest

from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.board import board_of
from apps.combat.engine.inputs import Cast, EndTurn, Move
from apps.combat.engine.walking import toll, walkable

from .cast import Fight, hero, of_type


def duel(**options: object) -> Fight:
    fight = Fight(
        hero("anchorite", character_id=1),
        hero("anchorite", character_id=2, team=1),
        **options,  # type: ignore[arg-type]
    ).start()
    fight.skip_to(0)
    return fight


def test_a_free_walk_costs_one_point_a_cell() -> None:
    fight = duel()
    (moved,) = fight.do(Move(((1, 4), (2, 4), (2, 5))[:2]))
    assert (moved.path, moved.mp, moved.stopped) == (((1, 4), (2, 4)), 1, "")
    assert fight.who(0).cell == (2, 4)


@pytest.mark.parametrize(
    "path",
    [
        (),
        ((0, 4),),
        ((2, 4),),
        ((1, 5),),
        ((-1, 4),),
        ((1, 4), (1, 4)),
        tuple((x, 4) for x in range(1, 14)),
    ],
)
def test_a_path_that_is_none_is_refused(path: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(refusals.IllegalPath):
        duel().do(Move(path))


def test_walls_and_bodies_are_not_walked_through() -> None:
    fight = duel()
    fight.set(0, cell=(2, 1))
    with pytest.raises(refusals.IllegalPath):
        fight.do(Move(((3, 1),)))
    fight.set(0, cell=(4, 4))
    with pytest.raises(refusals.IllegalPath):
        fight.do(Move(((5, 4),)))


def test_too_few_points_stop_the_walk_where_they_end() -> None:
    (moved,) = duel().do(Move(((1, 4), (2, 4), (3, 4), (4, 4))))
    assert (moved.path[-1], moved.mp, moved.stopped) == ((3, 4), 0, "gripped")


def test_without_points_walking_is_refused() -> None:
    fight = duel()
    fight.do(Move(((1, 4), (2, 4), (3, 4))))
    with pytest.raises(refusals.NotEnoughMp) as refused:
        fight.do(Move(((2, 4),)))
    assert refused.value.details == {"left": 0, "needed": 1}


def test_leaving_an_enemys_side_costs_its_toll() -> None:
    fight = duel()
    fight.set(0, cell=(4, 4))
    assert toll(fight.battle, fight.who(0), (4, 4)) == 1
    (moved,) = fight.do(Move(((3, 4),)))
    assert moved.mp == 1


def test_a_held_walker_is_told_so() -> None:
    fight = duel()
    fight.set(0, cell=(4, 4), mp=1)
    with pytest.raises(refusals.Gripped):
        fight.do(Move(((3, 4),)))


def test_the_toll_has_a_maximum() -> None:
    fight = Fight(
        hero("kitewright", character_id=1),
        *(hero("anchorite", character_id=n, team=1, stone=200) for n in (2, 3, 4)),
    ).start()
    fight.set(0, cell=(6, 4))
    fight.set(1, cell=(5, 4))
    fight.set(2, cell=(7, 4))
    fight.set(3, cell=(6, 5))
    assert toll(fight.battle, fight.who(0), (6, 4)) == 4


def test_heavy_ground_costs_more() -> None:
    board = board_of([".2....", "......", "......"])
    fight = duel(board=board, placement=(((0, 0),), ((5, 2),)))
    (moved,) = fight.do(Move(((1, 0),)))
    assert moved.mp == 1


def test_what_is_said_to_be_reachable_is_reachable_at_that_price() -> None:
    fight = duel()
    fight.set(0, cell=(4, 5))
    reached = walkable(fight.battle, fight.who(0))
    for cell, (cost, _) in reached.items():
        path = []
        here = cell
        while here != (4, 5):
            path.append(here)
            here = reached[here][1]
        if path:
            (moved,) = copy(fight).do(Move(tuple(reversed(path))))
            assert (moved.path[-1], moved.mp) == (cell, fight.who(0).mp - cost)


def test_points_come_back_each_turn() -> None:
    fight = duel()
    fight.do(Move(((1, 4), (2, 4))))
    fight.do(EndTurn())
    events = fight.do(EndTurn())
    (refilled,) = of_type(events, e.PointsChanged)
    assert (refilled.ap, refilled.mp) == (6, 3)


def test_the_stunned_hold_nobody() -> None:
    fight = duel()
    fight.set(0, cell=(4, 4))
    fight.teach(0, {"type": "state", "state": "stun", "duration": 1}, range={"min": 1, "max": 1})
    fight.do(Cast("trick", (5, 4)))
    assert toll(fight.battle, fight.who(0), (4, 4)) == 0
