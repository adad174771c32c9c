"""An empty Redis, and zones in which the cast stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pytest

from aether.kernel.live import redis
from apps.chat import selectors


@pytest.fixture(autouse=True)
def _empty_redis() -> Iterator[None]:
    redis().flushdb()
    yield
    redis().flushdb()


@pytest.fixture
def zones(monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """Say where characters stand, by id."""
    found: dict[int, str] = {}

    def find(character_ids: Collection[int]) -> dict[int, str]:
        return {who: zone for who, zone in found.items() if who in character_ids}

    monkeypatch.setattr(selectors, "_zone_finders", [find])
    return found
