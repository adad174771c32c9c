"""Tests of combat run on the real database; each closes what its loop has opened."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aether.kernel import journal, live
from apps.combat import running


@pytest.fixture
async def arena(transactional_db: None) -> AsyncIterator[None]:
    """A database whose commits are real, without battles in memory."""
    yield
    running.forget_all()
    await journal.close()
    await live.close_aredis()
