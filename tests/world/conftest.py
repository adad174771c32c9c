"""Every test of the world begins with an empty Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aether.kernel import clock, live


class Clock:
    """A clock that goes only when told."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def _empty_redis() -> None:
    live.redis().flushdb()


@pytest.fixture
def time() -> Iterator[Clock]:
    hand = Clock()
    with clock.replaced(hand):
        yield hand
