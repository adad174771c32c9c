"""Wires economy into the platform."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class EconomyConfig(AppConfig):
    name = "apps.economy"
    label = "economy"
    verbose_name = "Economy"

    def ready(self) -> None:
        for module in ("handlers", "subscribers"):
            if find_spec(f"apps.economy.{module}"):
                import_module(f"apps.economy.{module}")
