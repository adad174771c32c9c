"""Wires economy into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from aether.kernel import content
from apps.economy.checks import check_economy
from apps.economy.definitions import ItemDef, LootTable, ShopDef, StarterDef


class EconomyConfig(AppConfig):
    name = "apps.economy"
    label = "economy"
    verbose_name = _("Economy")

    def ready(self) -> None:
        content.register("items", ItemDef)
        content.register("loot", LootTable)
        content.register("shops", ShopDef)
        content.register("starters", StarterDef)
        content.register_check(check_economy)
        content.expose(
            "items", "name", "description", "icon", "kind", "level", "slot", "classes", "stats", "bound"
        )
        content.expose("shops", "name", "keeper")
        for module in ("handlers", "subscribers"):
            import_module(f"apps.economy.{module}")
