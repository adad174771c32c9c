"""The console's room of chat: who does not want to hear whom."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, link
from aether.console.rooms import ReadOnlyRoom
from apps.chat.models import Block


@admin.register(Block)
class BlockRoom(ReadOnlyRoom):
    """Blocks: somebody whom many block is worth a look."""

    list_display = ("blocker", "blocked", "at")
    search_fields = ("=character_id", "=blocked_id")
    search_help_text = _("The id of a character")
    ordering = ("-at",)
    fields = ("blocker", "blocked", "at")
    readonly_fields = fields

    @admin.display(description=_("character"), ordering="character_id")
    def blocker(self, block: Block) -> Cell:
        return _character_link(block.character_id)

    @admin.display(description=_("blocked character"), ordering="blocked_id")
    def blocked(self, block: Block) -> Cell:
        return _character_link(block.blocked_id)


def _character_link(character_id: int) -> Cell:
    return link(character_id, reverse("admin:accounts_character_change", args=[character_id]))
