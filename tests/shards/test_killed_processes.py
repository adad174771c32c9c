"""Real processes of two shards, each killed in the middle of its part of a transfer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from aether.kernel.failpoints import EXIT_CODE
from apps.accounts import services
from apps.accounts.models import Transfer
from tests.shards.test_transfers import assert_nothing_is_lost, holders, without_fee
from tests.shards.two_shards import TwoShards
from tests.shards.wanderer import Wanderer

PROJECT = Path(__file__).resolve().parents[2]


def run(
    two_shards: TwoShards, shard: str, command: tuple[str, ...], tmp_path: Path, failpoint: str = ""
) -> int:
    """Run a command in a process that serves a shard, and return how it ended."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "aether.settings.embedded",
        "DATA": str(tmp_path),
        "EMBEDDED_REDIS": "inside",
        "SECRET_KEY": "k" * 60,
        "SHARD": shard,
        "DATABASE_URL": address_of(two_shards.settings_of(shard)),
        "REALM_DATABASE_URL": address_of(two_shards.settings_of("first")),
        "TRANSFER_REST_S": "0",
        "FAILPOINTS": failpoint,
    }
    called = [sys.executable, "manage.py", *command]
    return subprocess.run(called, cwd=PROJECT, env=environment, check=False).returncode


def address_of(settings: dict[str, Any]) -> str:
    query = urlencode({"host": settings["HOST"], "port": settings["PORT"] or 5432})
    return f"postgresql://{quote(settings['USER'])}:{quote(settings['PASSWORD'])}@/{settings['NAME']}?{query}"


@pytest.mark.parametrize(
    ("shard", "failpoint"),
    [("first", "transfer_packing"), ("first", "transfer_packed"), ("second", "transfer_unpacking")],
)
def test_a_process_killed_in_the_middle_loses_nothing(
    two_shards: TwoShards, tmp_path: Path, shard: str, failpoint: str
) -> None:
    maren = Wanderer.made()
    before = maren.described()
    transfer = maren.leave_for("second")
    if shard == "second":
        services.move_characters()
    assert run(two_shards, shard, ("move_characters",), tmp_path, f"{failpoint}=exit") == EXIT_CODE
    for each in ("first", "second", "first"):
        assert run(two_shards, each, ("move_characters",), tmp_path) == 0
    assert Transfer.objects.get(pk=transfer).state == "done"
    assert holders(two_shards, "Maren") == ["second"]
    with two_shards.on("second"):
        assert maren.again().described() == without_fee(before)
    assert_nothing_is_lost(two_shards)
    assert [run(two_shards, each, ("audit_transfers",), tmp_path) for each in ("first", "second")] == [0, 0]
