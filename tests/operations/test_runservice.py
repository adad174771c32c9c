"""What `manage.py runservice` is asked, and what it says to what it cannot do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aether.operations.management.commands.runservice import asked_partitions
from tests.settings.test_environment import run_check


def test_a_service_asks_for_all_partitions_for_some_or_for_every_nth() -> None:
    assert asked_partitions(None, None) == list(range(16))
    assert asked_partitions("0-3,9", None) == [0, 1, 2, 3, 9]
    assert asked_partitions(None, "1/4") == [1, 5, 9, 13]


@pytest.mark.parametrize(
    ("partitions", "shard"),
    [("0-16", None), ("3-1", None), ("", "2/2"), ("-1", None), ("x", None), (None, "1"), (None, "0/0")],
)
def test_partitions_that_there_are_not_are_refused(partitions: str | None, shard: str | None) -> None:
    with pytest.raises(ValueError, match=r"There is no|cannot be read"):
        asked_partitions(partitions, shard)


def test_an_app_that_is_not_remote_is_not_served(settings: Any) -> None:
    settings.PROFILE = "services"
    with pytest.raises(CommandError, match="combat is not among REMOTE_APPS"):
        call_command("runservice", "combat")


def test_the_embedded_profile_has_no_services() -> None:
    with pytest.raises(CommandError, match=r"aether\.settings\.services"):
        call_command("runservice", "combat")
    refused = run_check("embedded", REMOTE_APPS="combat")
    assert "REMOTE_APPS needs the services profile" in refused.stderr


def test_an_app_that_there_is_not_cannot_be_remote() -> None:
    refused = run_check("embedded", REMOTE_APPS="combat,fishing")
    assert "REMOTE_APPS names 'fishing'" in refused.stderr
