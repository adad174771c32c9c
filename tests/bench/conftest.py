"""Loads run in closed loop, faster than people may: as in a measurement, their server does not mind."""

from __future__ import annotations

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _no_limit_of_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.GATEWAY, "commands_per_20_s", 1_000_000)
    monkeypatch.setitem(settings.GATEWAY, "command_burst", 100_000)
