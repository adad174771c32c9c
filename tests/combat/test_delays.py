"""How late is late: two rounds or a minute, whichever is later; after the end, the time alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apps.combat.delays import Delay, Moment, due

DELAY = Delay(rounds=2, ms=60_000)


def moments(*given: tuple[int, int], over_at: int | None = None) -> list[Moment]:
    told = [Moment(at * 1000, round_, False) for at, round_ in given]
    return told if over_at is None else [*told, Moment(over_at * 1000, given[-1][1], True)]


def test_nothing_is_told_before_two_rounds_have_passed() -> None:
    assert due(moments((0, 1), (10, 1), (20, 2)), DELAY, 10**9) == 0


def test_nothing_is_told_before_a_minute_has_passed() -> None:
    told = moments((0, 1), (1, 2), (2, 3), (3, 4))
    assert [due(told, DELAY, at) for at in (59_999, 60_000, 61_000, 10**9)] == [0, 1, 2, 2]


def test_slow_rounds_are_waited_for() -> None:
    told = moments((0, 1), (100, 2), (200, 3))
    assert due(told, DELAY, 199_000) == 0
    assert due(told, DELAY, 200_000) == 1


def test_after_the_end_the_time_alone_decides() -> None:
    told = moments((0, 1), (100, 2), over_at=130)
    assert [due(told, DELAY, at * 1000) for at in (129, 130, 159, 160, 189, 190)] == [0, 1, 1, 2, 2, 3]


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 1)), min_size=1, max_size=30), st.booleans())
def test_nothing_comes_early_nothing_is_lost_and_all_is_told_in_order(
    steps: list[tuple[int, int]], is_over: bool
) -> None:
    at = round_ = 0
    told: list[Moment] = []
    for seconds, rounds in steps:
        at, round_ = at + seconds * 1000, round_ + rounds
        told.append(Moment(at, round_, False))
    if is_over:
        told[-1] = told[-1]._replace(is_over=True)
    before = 0
    for now in range(0, at + 120_000, 15_000):
        count = due([each for each in told if each.at <= now], DELAY, now)
        assert count >= before
        assert all(each.at + DELAY.ms <= now for each in told[:count])
        before = count
    assert not is_over or due(told, DELAY, at + DELAY.ms) == len(told)
