"""Wires chat into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "apps.chat"
    label = "chat"
    verbose_name = _("Chat")

    def ready(self) -> None:
        for module in (
            "handlers",
            "services.luggage",
            "services.far",
            "streams",
            "subscribers",
            "situation",
        ):
            import_module(f"apps.chat.{module}")
