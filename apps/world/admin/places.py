"""The rooms of characters in the world: where each is, how it is, and ways to bring it elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from aether.console.panels import link
from aether.console.rooms import (
    Act,
    ReadOnlyRoom,
    act_button,
    ask_and_perform,
)
from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.world import ground, selectors, services
from apps.world.admin.cells import CellForm
from apps.world.models import (
    CharacterPlace,
    Vitality,
)


@admin.register(CharacterPlace)
class PlaceRoom(ReadOnlyRoom):
    """Where characters are: live while they are in the world, else where they were last."""

    list_display = ("character", "zone_text", "cell_text", "is_present", "battle_link", "kept_at")
    list_filter = ("is_present", "zone", ("battle", admin.EmptyFieldListFilter))
    search_fields = ("=character_id",)
    search_help_text = _("The id of a character")
    ordering = ("-is_present", "-kept_at")
    fields = (
        "character",
        "zone_text",
        "instance",
        "cell_text",
        "bind_zone",
        "is_present",
        "battle_link",
        "kept_at",
    )
    readonly_fields = fields
    actions_detail = ("unstick", "teleport")

    def has_teleport_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.teleport_character"))

    @act_button(
        description=_("Put elsewhere"), url_path="teleport/", permission="teleport", icon="move_location"
    )
    def teleport(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, TELEPORT)

    def has_unstick_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.unstick_character"))

    @act_button(description=_("Bring home"), url_path="unstick/", permission="unstick", icon="home_pin")
    def unstick(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, UNSTICK)

    @admin.display(description=_("character"), ordering="character_id")
    def character(self, place: CharacterPlace) -> SafeString | int:
        found = accounts.characters([place.character_id]).get(place.character_id)
        if found is None:
            return place.character_id
        return link(found.name, reverse("admin:accounts_character_change", args=[found.id]))

    @admin.display(description=_("zone"), ordering="zone")
    def zone_text(self, place: CharacterPlace) -> str:
        return selectors.zone_name(place.zone, get_language() or "en")

    @admin.display(description=_("cell"))
    def cell_text(self, place: CharacterPlace) -> str:
        try:
            cell = selectors.place_of(place.character_id).cell
        except NotFoundError:
            cell = place.cell
        return f"{cell[0]}, {cell[1]}"

    @admin.display(description=_("battle"), ordering="battle")
    def battle_link(self, place: CharacterPlace) -> SafeString | str:
        if place.battle is None:
            return "–"
        stream = f"1:{place.battle}"
        return link(str(place.battle), f"{reverse('admin:kernel_journalline_changelist')}?q={stream}")


@admin.register(Vitality)
class VitalityRoom(ReadOnlyRoom):
    """What characters miss of their hit points out of battle."""

    list_display = ("character_id", "health", "pace", "is_resting", "measured_at", "spared_until")
    list_filter = ("is_resting",)
    search_fields = ("=character_id",)
    search_help_text = _("The id of a character")
    ordering = ("-measured_at",)
    fields = list_display
    readonly_fields = fields


def _unstick(actor: Any, place: CharacterPlace, form: Any) -> None:
    services.bring_home(actor=actor, character_id=place.character_id, reason=form.cleaned_data["reason"])


UNSTICK = Act(
    title=_("Bring this character home"),
    explanation=_("It appears where it is bound, out of any battle that the world believes it to be in."),
    perform=_unstick,
)


class TeleportForm(CellForm):
    """Where a character is put."""

    zone = forms.ChoiceField(label=_("zone"), widget=UnfoldAdminSelectWidget)
    field_order = ["zone", "x", "y", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.fields["zone"].choices = [  # type: ignore[attr-defined]  # a field with choices
            (zone, selectors.zone_name(zone, language)) for zone in ground.zones()
        ]


def _teleport(actor: Any, place: CharacterPlace, form: Any) -> None:
    services.relocate(
        actor=actor,
        character_id=place.character_id,
        zone=form.cleaned_data["zone"],
        cell=(form.cleaned_data["x"], form.cleaned_data["y"]),
        reason=form.cleaned_data["reason"],
    )


TELEPORT = Act(
    title=_("Put this character elsewhere"),
    explanation=_("It stands there at once, wherever it was. One that fights stays where it is."),
    perform=_teleport,
    form=TeleportForm,
)
