"""Wires quests into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from aether.kernel import content
from apps.quests.checks import check_quests
from apps.quests.definitions import DialogueDef, NpcDef, QuestDef


class QuestsConfig(AppConfig):
    name = "apps.quests"
    label = "quests"
    verbose_name = _("Quests")

    def ready(self) -> None:
        content.register("quests", QuestDef)
        content.register("dialogues", DialogueDef)
        content.register("npcs", NpcDef)
        content.register_check(check_quests)
        content.expose("quests", "category", "giver", "name", "description", "steps", "ready")
        content.expose("npcs", "name", "title")
        for module in ("handlers", "subscribers", "situation", "effects", "services.luggage"):
            import_module(f"apps.quests.{module}")
