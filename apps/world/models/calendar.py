"""Events of the calendar that staff have opened or closed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarEvent(models.Model):
    """An event of the calendar: on by its window, or on or off as a game master says, perhaps for a time."""

    class Mode(models.TextChoices):
        CALENDAR = "calendar", _("by the calendar")
        ON = "on", _("on")
        OFF = "off", _("off")

    event = models.CharField(_("event"), max_length=64, primary_key=True)
    mode = models.CharField(_("set"), max_length=8, choices=Mode.choices, default=Mode.CALENDAR)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    changed_by = models.CharField(_("by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("calendar event")
        verbose_name_plural = _("calendar events")
        default_permissions = ("view",)
        permissions = (("switch_event", "Can open and close events of the calendar"),)

    def __str__(self) -> str:
        return self.event
