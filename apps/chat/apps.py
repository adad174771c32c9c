"""Wires chat into the platform."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "apps.chat"
    label = "chat"
    verbose_name = "Chat"

    def ready(self) -> None:
        for module in ("handlers", "subscribers"):
            if find_spec(f"apps.chat.{module}"):
                import_module(f"apps.chat.{module}")
