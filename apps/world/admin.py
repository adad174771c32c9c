"""The console's rooms of the world: who is where, the monster groups, and a way out for who is stuck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aether.console.panels import link
from aether.console.rooms import Act, ReadOnlyRoom, TimedReasonForm, act_button, ask_and_perform
from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.world import selectors, services, sky
from apps.world.models import CalendarEvent, CharacterPlace, MonsterGroup, ObjectUse, ResourceNode, Vitality


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
    actions_detail = ("unstick",)

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


@admin.register(MonsterGroup)
class GroupRoom(ReadOnlyRoom):
    """The monster groups of the zones, and what each is about."""

    list_display = (
        "id",
        "zone",
        "rule",
        "state",
        "monsters_text",
        "cell_text",
        "bonus_pct",
        "battle",
        "respawn_at",
    )
    list_filter = ("state", "zone", "rule")
    ordering = ("instance", "rule", "slot")
    fields = (
        "instance",
        "rule",
        "state",
        "monsters_text",
        "cell_text",
        "roams_at",
        "bonus_pct",
        "bonus_at",
        "prey",
        "engaged_by",
        "engaged_at",
        "battle",
        "respawn_at",
    )
    readonly_fields = fields

    @admin.display(description=_("monsters"))
    def monsters_text(self, group: MonsterGroup) -> str:
        return ", ".join(f"{monster} {level}" for monster, level in group.monsters) or "–"

    @admin.display(description=_("cell"))
    def cell_text(self, group: MonsterGroup) -> str:
        return f"{group.x}, {group.y}"


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


@admin.register(CalendarEvent)
class CalendarRoom(ReadOnlyRoom):
    """The events of the calendar: which are on, and who has opened or closed one and why."""

    list_display = ("name", "is_on", "mode", "until", "changed_at", "changed_by", "reason")
    ordering = ("event",)
    fields = ("event", *list_display)
    readonly_fields = fields
    actions_detail = ("open_event", "close_event", "by_calendar")

    def get_queryset(self, request: HttpRequest) -> Any:
        services.ensure_calendar()
        return super().get_queryset(request)

    def has_switch_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.switch_event"))

    @act_button(description=_("Open"), url_path="open/", permission="switch", icon="celebration")
    def open_event(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, OPEN_EVENT)

    @act_button(description=_("Close"), url_path="close/", permission="switch", icon="event_busy")
    def close_event(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, CLOSE_EVENT)

    @act_button(description=_("By the calendar"), url_path="calendar/", permission="switch", icon="event")
    def by_calendar(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, BY_CALENDAR)

    @admin.display(description=_("event"))
    def name(self, row: CalendarEvent) -> str:
        return sky.event_name(row.event, get_language() or "en")

    @admin.display(description=_("on now"), boolean=True)
    def is_on(self, row: CalendarEvent) -> bool:
        return sky.is_event_active(row.event)


def _restore(actor: Any, node: ResourceNode, form: Any) -> None:
    services.restore_node(actor=actor, row_id=node.pk, reason=form.cleaned_data["reason"])


RESTORE = Act(
    title=_("Make this node whole"),
    explanation=_("It has all its charges again at once."),
    perform=_restore,
)


def _unstick(actor: Any, place: CharacterPlace, form: Any) -> None:
    services.bring_home(actor=actor, character_id=place.character_id, reason=form.cleaned_data["reason"])


def _switch(mode: services.Mode) -> Callable[[Any, CalendarEvent, Any], None]:
    def switch(actor: Any, row: CalendarEvent, form: Any) -> None:
        until = form.until() if isinstance(form, TimedReasonForm) else None
        reason = form.cleaned_data["reason"]
        services.switch_event(actor=actor, event=row.event, mode=mode, until=until, reason=reason)

    return switch


OPEN_EVENT = Act(
    title=_("Open this event"),
    explanation=_("Everybody in the world is told, and what belongs to it appears within seconds."),
    perform=_switch(services.Mode.ON),
    form=TimedReasonForm,
)
CLOSE_EVENT = Act(
    title=_("Close this event"),
    explanation=_("Everybody in the world is told, and what belongs to it goes within seconds."),
    perform=_switch(services.Mode.OFF),
    form=TimedReasonForm,
)
BY_CALENDAR = Act(
    title=_("Leave this event to the calendar"),
    explanation=_("It is on when its window says so, and no more."),
    perform=_switch(services.Mode.CALENDAR),
)
UNSTICK = Act(
    title=_("Bring this character home"),
    explanation=_("It appears where it is bound, out of any battle that the world believes it to be in."),
    perform=_unstick,
)
