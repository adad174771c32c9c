"""Wires accounts into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from aether.kernel import dispatch
        from apps.accounts.services.fencing import hold_off_the_absent

        dispatch.register_fence(hold_off_the_absent)
        for module in ("handlers", "subscribers", "receivers", "situation", "effects"):
            import_module(f"apps.accounts.{module}")
