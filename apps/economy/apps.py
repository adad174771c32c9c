"""Wires economy into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from aether.kernel import content
from apps.economy.checks import check_economy
from apps.economy.definitions import ItemDef, LootTable, ShopDef, StarterDef
from apps.economy.making import ItemSetDef, NodeDef, ProfessionDef, RecipeDef, StationDef
from apps.economy.making_checks import check_making


class EconomyConfig(AppConfig):
    name = "apps.economy"
    label = "economy"
    verbose_name = _("Economy")

    def ready(self) -> None:
        content.register("items", ItemDef)
        content.register("loot", LootTable)
        content.register("shops", ShopDef)
        content.register("starters", StarterDef)
        content.register("professions", ProfessionDef)
        content.register("stations", StationDef)
        content.register("nodes", NodeDef)
        content.register("recipes", RecipeDef)
        content.register("sets", ItemSetDef)
        content.register_check(check_economy)
        content.register_check(check_making)
        worn = ("slot", "classes", "stats", "bound", "weight", "durability", "repair")
        content.expose("items", "name", "description", "icon", "kind", "level", "use", "battle", *worn)
        content.expose("professions", "name", "description", "kind")
        content.expose("stations", "name", "kind", "repairs")
        content.expose("nodes", "name", "profession", "level", "tool")
        needed = ("profession", "level", "station", "inputs", "tools", "fee", "time_s", "unlock")
        content.expose("recipes", *needed, "outputs", "quality")
        content.expose("sets", "name", "items", "bonuses")
        content.expose("shops", "name", "keeper")
        for module in (
            "handlers",
            "streams",
            "subscribers",
            "situation",
            "effects",
            "services.luggage",
        ):
            import_module(f"apps.economy.{module}")
