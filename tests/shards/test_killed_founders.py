"""Real processes that found a guild of the realm, each killed in the middle of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aether.kernel.failpoints import EXIT_CODE
from apps.chat import guilds
from apps.chat.models import Guild
from apps.economy import selectors as economy
from apps.economy.auditing import audit_ledger
from tests.accounts import cast
from tests.economy.cast import give
from tests.shards.test_killed_processes import run
from tests.shards.two_shards import TwoShards

FOUND = "from apps.chat import services; services.found_guild(character_id={who}, name='Lamplighters')"
KEEP = "from apps.chat import services; services.keep_guilds()"


@pytest.mark.parametrize(
    ("failpoint", "is_founded"), [("guild_named", False), ("guild_paid", False), ("guild_founded", True)]
)
def test_a_founder_killed_in_the_middle_has_paid_for_a_guild_or_for_nothing(
    two_shards: TwoShards, tmp_path: Path, failpoint: str, is_founded: bool
) -> None:
    with two_shards.on("second"):
        tovin = cast.character(cast.account("bob"), "Tovin").id
        give(tovin, glim=2000)
    died = run(two_shards, "second", ("shell", "-c", FOUND.format(who=tovin)), tmp_path, f"{failpoint}=exit")
    assert died == EXIT_CODE
    assert run(two_shards, "second", ("shell", "-c", KEEP), tmp_path) == 0
    with two_shards.on("second"):
        assert (guilds.standing(tovin).guild is not None) is is_founded
        assert economy.glim(tovin) == (2000 - guilds.price() if is_founded else 2000)
        assert audit_ledger() == []
    assert Guild.objects.exists() is is_founded
