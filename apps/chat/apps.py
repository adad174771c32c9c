"""Wires chat into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from aether.kernel import content
from apps.chat.definitions import GuildRules


class ChatConfig(AppConfig):
    name = "apps.chat"
    label = "chat"
    verbose_name = _("Chat")

    def ready(self) -> None:
        content.register("guilds", GuildRules)
        for module in (
            "handlers",
            "guild_handlers",
            "services.luggage",
            "services.far",
            "services.guilds.news",
            "streams",
            "guild_streams",
            "subscribers",
            "situation",
        ):
            import_module(f"apps.chat.{module}")
