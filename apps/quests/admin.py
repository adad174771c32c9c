"""The console's rooms of quests: where each character stands, to read."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, link
from aether.console.rooms import ReadOnlyRoom
from aether.kernel.journal import StreamKind
from apps.quests.models import Flag, QuestStatus


@admin.register(QuestStatus)
class QuestStatusRoom(ReadOnlyRoom):
    """Quests by character; the journal tells how each came where it is."""

    list_display = ("quest", "character_link", "state", "step", "changed_at")
    list_filter = ("state", "quest")
    search_fields = ("=character_id", "quest__istartswith")
    search_help_text = _("The id of a character, or the beginning of a quest's")
    ordering = ("-changed_at",)
    fields = ("character_link", "quest", "state", "step", "progress", "version", "changed_at", "journal_link")
    readonly_fields = fields

    @admin.display(description=_("character"), ordering="character_id")
    def character_link(self, status: QuestStatus) -> Cell:
        return _character_link(status.character_id)

    @admin.display(description=_("journal"))
    def journal_link(self, status: QuestStatus) -> Cell:
        stream = f"{int(StreamKind.QUEST)}:{status.character_id}"
        return link(stream, f"{reverse('admin:kernel_journalline_changelist')}?q={stream}")


@admin.register(Flag)
class FlagRoom(ReadOnlyRoom):
    """What content remembers of characters."""

    list_display = ("key", "character_link", "value")
    list_filter = ("key",)
    search_fields = ("=character_id", "key__istartswith")
    fields = ("character_link", "key", "value")
    readonly_fields = fields

    @admin.display(description=_("character"), ordering="character_id")
    def character_link(self, flag: Flag) -> Cell:
        return _character_link(flag.character_id)


def _character_link(character_id: int) -> Cell:
    return link(character_id, reverse("admin:accounts_character_change", args=[character_id]))
