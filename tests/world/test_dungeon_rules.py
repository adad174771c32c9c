"""Rules of dungeons: strength, and puzzles that their clues say entirely."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apps.world.rules import dungeons as rules

seeds = st.binary(min_size=32, max_size=32)


def test_four_meet_the_whole_life_of_monsters() -> None:
    assert [rules.hp_pct(n, base_pct=40, member_pct=15) for n in (1, 2, 3, 4)] == [55, 70, 85, 100]


@given(seeds, st.integers(2, 6))
def test_clues_and_order_say_the_same(seed: bytes, levers: int) -> None:
    found = rules.solution(seed, "hall", levers)
    assert sorted(found.order) == list(range(levers))
    after = dict(found.clues)
    (first,) = set(range(levers)) - set(after.values())
    told = [first]
    while told[-1] in after:
        told.append(after[told[-1]])
    assert tuple(told) == found.order


@given(seeds, st.integers(2, 6))
def test_the_right_order_solves_it_and_nothing_shorter_does(seed: bytes, levers: int) -> None:
    order = rules.solution(seed, "hall", levers).order
    down: tuple[int, ...] = ()
    for at, lever in enumerate(order):
        pulled = rules.pull(down, lever, order)
        assert (pulled.is_wrong, pulled.is_solved) == (False, at == levers - 1)
        down = pulled.levers


@given(seeds, st.lists(st.integers(0, 3), max_size=30))
def test_whatever_is_pulled_what_is_down_is_the_beginning_of_the_order(seed: bytes, pulls: list[int]) -> None:
    order = rules.solution(seed, "hall", 4).order
    down: tuple[int, ...] = ()
    for lever in pulls:
        pulled = rules.pull(down, lever, order)
        if pulled.is_solved:
            return
        down = pulled.levers
        assert down == order[: len(down)]
