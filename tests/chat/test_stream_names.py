"""A stream has one name: by another, who follows it could not be told to stop."""

from __future__ import annotations

import pytest

from aether.kernel.errors import NotFoundError
from apps.chat.streams import number_in


def test_a_number_is_written_in_one_way() -> None:
    assert number_in("guild:120") == 120
    for name in (
        "guild:0120",
        "party:01",
        "guild:0",
        "guild:",
        "guild:+1",
        "guild:1 ",
        "guild:١",
        "guild:1_0",
    ):
        with pytest.raises(NotFoundError):
            number_in(name)
