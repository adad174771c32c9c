"""Wires the kernel's models into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "aether.kernel"
    label = "kernel"
    verbose_name = _("Journal and facts")

    def ready(self) -> None:
        for part in ("content.background", "facts.background", "shards.background", "timekeeping"):
            import_module(f"aether.kernel.{part}")
