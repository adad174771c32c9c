"""The journal's tests close its connections, each on the loop that opened them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aether.kernel import journal


@pytest.fixture
async def writer(transactional_db: None) -> AsyncIterator[None]:
    """A database whose commits are real, and a group commit that is closed afterwards."""
    yield
    await journal.close()
