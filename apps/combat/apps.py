"""Wires combat into the platform."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class CombatConfig(AppConfig):
    name = "apps.combat"
    label = "combat"
    verbose_name = "Combat"

    def ready(self) -> None:
        for module in ("handlers", "subscribers"):
            if find_spec(f"apps.combat.{module}"):
                import_module(f"apps.combat.{module}")
