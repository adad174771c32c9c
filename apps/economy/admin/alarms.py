"""The console's room of alarms: what the audit and the telemetry have found, and still find."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, link
from aether.console.rooms import ReadOnlyRoom
from apps.economy.admin.radar import case_url
from apps.economy.models import Alarm


@admin.register(Alarm)
class AlarmRoom(ReadOnlyRoom):
    """Alarms end by themselves when what they are about is no longer so."""

    list_display = ("raised_at", "kind", "what", "case_link", "seen_at", "cleared_at")
    list_filter = (("cleared_at", admin.EmptyFieldListFilter), "kind")
    search_fields = ("what__icontains",)
    search_help_text = _("A part of what was found")
    fields = ("kind", "what", "case_link", "details", "raised_at", "seen_at", "cleared_at")
    readonly_fields = fields

    @admin.display(description=_("case"))
    def case_link(self, alarm: Alarm) -> Cell:
        """Link to a new case of what the radar saw."""
        if alarm.kind != Alarm.Kind.RADAR:
            return "–"
        return link(_("Open a case"), case_url(alarm.details))
