"""Wires the console into the platform: its site takes the place of the admin's."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin import sites
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    name = "aether.console"
    label = "console"
    verbose_name = _("Console")

    def ready(self) -> None:
        from aether.console.roles import make_roles
        from aether.console.site import ConsoleSite

        admin.site = sites.site = ConsoleSite()
        post_migrate.connect(make_roles, dispatch_uid="console.make_roles")
