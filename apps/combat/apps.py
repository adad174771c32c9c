"""Wires combat into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CombatConfig(AppConfig):
    name = "apps.combat"
    label = "combat"
    verbose_name = _("Combat")

    def ready(self) -> None:
        from aether.kernel import realtime
        from aether.kernel.journal import pruning
        from apps.combat import rulebooks, selectors, services, streaming
        from apps.world import services as world

        rulebooks.register()
        streaming.register()
        realtime.register_part("battle", selectors.current_battle)
        realtime.register_part("watched", selectors.watched_battle)
        pruning.register_busy(selectors.fighting)
        world.register_constitution(services.constitutions)
        realtime.register_must_follow(selectors.battle_streams)
        for module in ("handlers", "subscribers", "tasks", "effects"):
            import_module(f"apps.combat.{module}")
