"""Wires world into the platform."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorldConfig(AppConfig):
    name = "apps.world"
    label = "world"
    verbose_name = _("World")

    def ready(self) -> None:
        for module in (
            "content",
            "handlers",
            "services.luggage",
            "dungeon_handlers",
            "subscribers",
            "streams",
            "surroundings",
            "situation",
            "effects",
            "ticking",
        ):
            if find_spec(f"apps.world.{module}"):
                import_module(f"apps.world.{module}")
