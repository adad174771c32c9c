"""The rooms of what things are to one character: what it has had of them, and what it waits for."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aether.console.rooms import ReadOnlyRoom
from apps.world.models import ObjectUse


@admin.register(ObjectUse)
class ObjectUseRoom(ReadOnlyRoom):
    """Who has had what an object gives, and when."""

    list_display = ("character_id", "zone", "object_id", "used_at")
    list_filter = ("zone", "object_id")
    search_fields = ("=character_id",)
    search_help_text = _("The id of a character")
    ordering = ("-used_at",)
    fields = list_display
    readonly_fields = fields
