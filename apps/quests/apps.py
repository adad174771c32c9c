"""Wires quests into the platform."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class QuestsConfig(AppConfig):
    name = "apps.quests"
    label = "quests"
    verbose_name = "Quests"

    def ready(self) -> None:
        for module in ("handlers", "subscribers"):
            if find_spec(f"apps.quests.{module}"):
                import_module(f"apps.quests.{module}")
