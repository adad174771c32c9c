"""The rules of walking, without a world."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.world import ground
from apps.world.errors import BadPathError, BlockedError
from apps.world.rules.walking import STEP_MS, cell_at, reachable, walking_now
from apps.world.services.paths import way_on

ROW = [(x, 14) for x in range(14, 28)]
STEP_S = STEP_MS / 1000


def test_a_walker_stands_on_the_cell_that_it_is_about_to_reach() -> None:
    assert cell_at(ROW, 10.0, STEP_MS, 10.0) == ROW[0]
    assert cell_at(ROW, 10.0, STEP_MS, 10.0 + STEP_S / 2) == ROW[1]
    assert cell_at(ROW, 10.0, STEP_MS, 10.0 + 3 * STEP_S) == ROW[3]
    assert cell_at(ROW, 10.0, STEP_MS, 99.0) == ROW[-1]


@given(at=st.floats(0, 20), turns=st.lists(st.floats(0.01, 0.5), min_size=1, max_size=20))
def test_new_paths_in_mid_walk_make_nobody_faster(at: float, turns: list[float]) -> None:
    path, started, now = ROW, at, at
    for pause in turns:
        now += pause
        going = walking_now(path, started, STEP_MS, now)
        done = ROW.index(going.stands)
        path, started = [*going.path, *ROW[done + 1 :]], going.started_at
    assert ROW.index(cell_at(path, started, STEP_MS, now)) <= (now - at) / STEP_S + 1


def test_a_step_that_has_begun_is_finished() -> None:
    going = walking_now(ROW, 10.0, STEP_MS, 10.0 + 1.5 * STEP_S)
    assert going.path == [ROW[1], ROW[2]]
    assert going.started_at == pytest.approx(10.0 + STEP_S)


def test_a_path_that_jumps_or_slants_is_refused() -> None:
    town = ground.map_of("lastmoor")
    for path in ([(16, 14)], [(15, 15)], [(15, 14), (17, 14)], [(14, 14), (16, 14)]):
        with pytest.raises(BadPathError):
            way_on(path, (14, 14), town)


def test_a_path_through_a_wall_or_off_the_map_is_refused() -> None:
    town = ground.map_of("lastmoor")
    lake = next(
        (x, y)
        for y in range(32)
        for x in range(31)
        if not town.is_walkable((x, y)) and town.is_walkable((x + 1, y))
    )
    with pytest.raises(BlockedError):
        way_on([lake], (lake[0] + 1, lake[1]), town)
    with pytest.raises(BlockedError):
        way_on([(31, 13), (31, 12)], (31, 14), town)


def test_a_path_that_passes_where_the_walker_stands_goes_on_from_there() -> None:
    town = ground.map_of("lastmoor")
    assert way_on([(12, 15), (13, 15), (14, 15)], (13, 15), town) == [(14, 15)]


def test_all_of_a_zone_that_can_be_walked_can_be_reached() -> None:
    for zone, start in (("lastmoor", "start"), ("reedmoor_flats", "lastmoor_road")):
        drawn = ground.map_of(zone)
        found = reachable(drawn, drawn.arrivals[start])
        walkable = {
            (x, y) for y in range(drawn.height) for x in range(drawn.width) if drawn.is_walkable((x, y))
        }
        assert walkable - found == set()
