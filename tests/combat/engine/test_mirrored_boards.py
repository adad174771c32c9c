"""A mirrored or turned board with mirrored inputs gives the mirrored battle, with the same dice."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import inputs as i
from apps.combat.engine.ai import choose
from apps.combat.engine.board import is_walkable

from .cast import Fight, hero, rules
from .random_play import CLASSES
from .test_random_play import played

Cell = tuple[int, int]
Turn = Callable[[Cell, engine.BoardSpec], Cell]


def mirrored(cell: Cell, board: engine.BoardSpec) -> Cell:
    return board.width - 1 - cell[0], cell[1]


def transposed(cell: Cell, _board: engine.BoardSpec) -> Cell:
    return cell[1], cell[0]


def rotated(cell: Cell, board: engine.BoardSpec) -> Cell:
    return board.height - 1 - cell[1], cell[0]


@pytest.mark.parametrize("turn", [mirrored, transposed, rotated])
@pytest.mark.parametrize("number", range(0, 24, 3))
def test_the_outcome_is_mirrored_with_identical_receipts(number: int, turn: Turn) -> None:
    fight = played(number)
    board = fight.header.board

    def moved(cell: Cell) -> Cell:
        return turn(cell, board)

    log = [replace(logged, input=turned_input(logged.input, moved)) for logged in fight.log]
    again = engine.replay(turned_header(fight.header, moved), log, rules(), fight.seed)
    assert [turned(event, lambda cell: cell) for event in plain(again.events)] == [
        turned(event, moved) for event in plain(fight.events)
    ]


def turned_header(header: engine.Header, moved: Callable[[Cell], Cell]) -> engine.Header:
    board = header.board
    cells = {
        moved((x, y)): board.terrain[y * board.width + x]
        for y in range(board.height)
        for x in range(board.width)
    }
    width, height = max(x for x, _ in cells) + 1, max(y for _, y in cells) + 1
    terrain = "".join(cells[x, y] for y in range(height) for x in range(width))
    placement = tuple(tuple(moved(cell) for cell in side) for side in header.placement)
    turned_board = replace(board, width=width, height=height, terrain=terrain)
    return replace(header, board=turned_board, placement=placement)


def turned_input(intent: Any, moved: Callable[[Cell], Cell]) -> Any:
    match intent:
        case i.Move(path=path):
            return replace(intent, path=tuple(map(moved, path)))
        case i.Cast(cell=cell):
            return replace(intent, cell=moved(cell))
        case i.Place(cell=cell):
            return i.Place(moved(cell))
        case i.Follow(cell=cell):
            return replace(intent, cell=moved(cell))
    return intent


def plain(events: Any) -> list[dict[str, Any]]:
    """Return events as plain values, without the hashes, which cover the cells."""
    built = msgspec.to_builtins(list(events))
    return [{key: value for key, value in event.items() if key != "state_hash"} for event in built]


def turned(value: Any, moved: Callable[[Cell], Cell]) -> Any:
    """Return an event with every cell in it moved; cells of an area have no order."""
    if not isinstance(value, dict):
        return value
    changed = {key: turned(each, moved) for key, each in value.items()}
    for key in {"cell", "centre", "shown"} & value.keys():
        changed[key] = None if value[key] is None else moved(tuple(value[key]))
    for key in {"path", "cells"} & value.keys():
        cells = [moved(tuple(cell)) for cell in value[key]]
        changed[key] = sorted(cells) if key == "cells" else cells
    return changed


SIDE, COMPANY = 20, 5


@cache
def crowded(number: int) -> Fight:
    """Five against five among stones, reeds and pits, played by the machine for a while."""
    chance = Random(f"crowded {number}")
    board = engine.board_of(["".join(chance.choice("......,#~2") for _ in range(SIDE)) for _ in range(SIDE)])
    free = [(x, y) for x in range(5, 15) for y in range(5, 15) if is_walkable(board, (x, y))]
    chance.shuffle(free)
    builds = [
        hero(chance.choice(CLASSES), character_id=1 + n, team=n % 2, level=chance.randint(10, 30), vigor=60)
        for n in range(2 * COMPANY)
    ]
    fight = Fight(*builds, board=board, placement=(free[:8], free[8:16]), seed=bytes([number]) * 32).start()
    for _ in range(160):
        if fight.battle.phase == "ended":
            break
        chosen = choose(fight.battle, fight.battle.turn_owner, fight.rulebook, fight.dice)
        fight.do(chosen.intent)
    return fight


@settings(max_examples=24, deadline=None)
@given(number=st.integers(0, 5), turns=st.lists(st.sampled_from([mirrored, transposed, rotated]), max_size=4))
def test_a_crowd_is_mirrored_and_turned_any_number_of_times(number: int, turns: list[Turn]) -> None:
    fight = crowded(number)
    header, log, expected = fight.header, list(fight.log), plain(fight.events)
    for turn in turns:
        board = header.board

        def moved(cell: Cell, turn: Turn = turn, board: engine.BoardSpec = board) -> Cell:
            return turn(cell, board)

        log = [replace(logged, input=turned_input(logged.input, moved)) for logged in log]
        header, expected = turned_header(header, moved), [turned(event, moved) for event in expected]
    again = engine.replay(header, log, rules(), fight.seed)
    assert [turned(event, lambda cell: cell) for event in plain(again.events)] == [
        turned(event, lambda cell: cell) for event in expected
    ]
