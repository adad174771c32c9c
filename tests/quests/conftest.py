"""An empty Redis for every test of quests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aether.kernel.live import redis


@pytest.fixture(autouse=True)
def _empty_redis() -> Iterator[None]:
    redis().flushdb()
    yield
    redis().flushdb()
