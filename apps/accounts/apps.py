"""Wires accounts into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        for module in ("handlers", "subscribers", "receivers"):
            import_module(f"apps.accounts.{module}")
