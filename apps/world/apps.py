"""Wires world into the platform."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class WorldConfig(AppConfig):
    name = "apps.world"
    label = "world"
    verbose_name = "World"

    def ready(self) -> None:
        for module in ("content", "handlers", "subscribers", "streams", "ticking"):
            if find_spec(f"apps.world.{module}"):
                import_module(f"apps.world.{module}")
