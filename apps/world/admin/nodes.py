"""The rooms of what one character may have used up: nodes, and what objects give."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from aether.console.rooms import (
    Act,
    ReadOnlyRoom,
    act_button,
    ask_and_perform,
)
from apps.world import services
from apps.world.models import (
    ObjectUse,
    ResourceNode,
)


@admin.register(ResourceNode)
class NodeRoom(ReadOnlyRoom):
    """What is left of the nodes that have been gathered from."""

    list_display = ("id", "instance", "node_id", "definition", "charges", "respawn_at")
    list_filter = ("instance", "definition")
    search_fields = ("=node_id",)
    fields = list_display
    readonly_fields = fields
    actions_detail = ("restore",)

    def has_restore_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.restore_node"))

    @act_button(description=_("Make it whole"), url_path="restore/", permission="restore", icon="grass")
    def restore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, RESTORE)


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


def _restore(actor: Any, node: ResourceNode, form: Any) -> None:
    services.restore_node(actor=actor, row_id=node.pk, reason=form.cleaned_data["reason"])


RESTORE = Act(
    title=_("Make this node whole"),
    explanation=_("It has all its charges again at once."),
    perform=_restore,
)
