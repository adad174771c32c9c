"""The console's room of alarms: what the audit and the telemetry have found, and still find."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aether.console.rooms import ReadOnlyRoom
from apps.economy.models import Alarm


@admin.register(Alarm)
class AlarmRoom(ReadOnlyRoom):
    """Alarms end by themselves when what they are about is no longer so."""

    list_display = ("raised_at", "kind", "what", "seen_at", "cleared_at")
    list_filter = (("cleared_at", admin.EmptyFieldListFilter), "kind")
    search_fields = ("what__icontains",)
    search_help_text = _("A part of what was found")
    fields = ("kind", "what", "details", "raised_at", "seen_at", "cleared_at")
    readonly_fields = fields
