"""The console's rooms of the world: who is where, copies of zones, groups, and a way out for who is stuck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from aether.console.panels import link
from aether.console.rooms import (
    Act,
    Opening,
    ReadOnlyRoom,
    ReasonForm,
    TimedReasonForm,
    act_button,
    ask_and_open,
    ask_and_perform,
)
from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.world import dungeon_admin as dungeon_admin
from apps.world import ground, live_map, object_rooms, reports, selectors, services, sky
from apps.world.models import (
    CalendarEvent,
    CharacterPlace,
    MonsterGroup,
    ObjectUse,
    ResourceNode,
    Vitality,
    ZoneCopy,
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


@admin.register(ZoneCopy)
class CopyRoom(ReadOnlyRoom):
    """The copies of zones: how many are in each, which process runs it, and how late its ticks are."""

    list_display = (
        "id",
        "zone_text",
        "kind",
        "state",
        "people",
        "room",
        "process",
        "lag",
        "owner",
        "opened_at",
        "emptied_at",
    )
    list_filter = ("state", "kind", "zone")
    search_fields = ("id", "owner")
    search_help_text = _("The name of a copy, or its owner")
    ordering = ("zone", "number")
    fields = (*list_display, "closed_at")
    readonly_fields = fields
    actions_detail = ("drain",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ZoneCopy]:
        there = CharacterPlace.objects.filter(instance=OuterRef("id"), is_present=True).order_by()
        counted = there.values("instance").annotate(count=Count("character_id")).values("count")
        population = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        rows: QuerySet[ZoneCopy] = super().get_queryset(request)
        return rows.annotate(population=population)

    def has_drain_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.drain_copy"))

    @act_button(description=_("Drain"), url_path="drain/", permission="drain", icon="logout")
    def drain(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, DRAIN)

    @admin.display(description=_("zone"), ordering="zone")
    def zone_text(self, copy: ZoneCopy) -> str:
        return selectors.zone_name(copy.zone, get_language() or "en")

    @admin.display(description=_("people"), ordering="population")
    def people(self, copy: Any) -> int:
        return int(copy.population)

    @admin.display(description=_("room for"))
    def room(self, copy: ZoneCopy) -> int:
        return services.capacity_of(copy)

    @admin.display(description=_("run by"))
    def process(self, copy: ZoneCopy) -> str:
        said = reports.of(copy.pk)
        return said.process if said else "–"

    @admin.display(description=_("tick lag"))
    def lag(self, copy: ZoneCopy) -> str:
        said = reports.of(copy.pk)
        return f"{said.lag_ms:g} ms" if said else "–"


def _drain(actor: Any, copy: ZoneCopy, form: Any) -> None:
    services.drain_copy(actor=actor, instance=copy.pk, reason=form.cleaned_data["reason"])


DRAIN = Act(
    title=_("Drain this copy"),
    explanation=_(
        "Nobody comes in any more, and those in it go over to other copies, keeping their socket. Who "
        "fights, gathers or trades goes when that is over. Then it closes."
    ),
    perform=_drain,
    is_dangerous=True,
)


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
        "is_extra",
    )
    readonly_fields = fields
    actions_list = ("spawn",)
    actions_detail = ("despawn",)

    def has_steer_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.steer_group"))

    @action(description=_("Bring a group"), url_path="spawn/", permissions=["steer"], icon="add")  # type: ignore[untyped-decorator]  # the library is untyped
    def spawn(self, request: HttpRequest) -> HttpResponse:
        return ask_and_open(self, request, SPAWN)

    @act_button(description=_("Take away"), url_path="despawn/", permission="steer", icon="delete")
    def despawn(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, DESPAWN)

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


CELL_MAX = 127


class CellForm(ReasonForm):
    """A cell of a map."""

    x = forms.IntegerField(min_value=0, max_value=CELL_MAX, widget=UnfoldAdminIntegerFieldWidget)
    y = forms.IntegerField(min_value=0, max_value=CELL_MAX, widget=UnfoldAdminIntegerFieldWidget)


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


class SpawnForm(CellForm):
    """Which group is brought where."""

    rule = forms.ChoiceField(label=_("Zone copy and spawn rule"), widget=UnfoldAdminSelectWidget)
    field_order = ["rule", "x", "y", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.initial.get("instance")
        instances = selectors.instances()
        shown = [asked] if asked in instances else instances
        self.fields["rule"].choices = [  # type: ignore[attr-defined]  # a field with choices
            (f"{instance} {rule.id}", f"{instance} · {rule.id}")
            for instance in shown
            for rule in ground.zone_of(ground.zone_of_instance(instance)).spawns
        ]


def _spawn(actor: Any, form: Any) -> MonsterGroup:
    instance, _space, rule = form.cleaned_data["rule"].partition(" ")
    cell = form.cleaned_data["x"], form.cleaned_data["y"]
    return services.spawn_group(
        actor=actor, instance=instance, rule=rule, cell=cell, reason=form.cleaned_data["reason"]
    )


SPAWN = Opening(
    title=_("Bring a monster group"),
    explanation=_("It stands there at once, beside those that the rule keeps. Once beaten it is gone."),
    perform=_spawn,
    form=SpawnForm,
)


def _despawn(actor: Any, group: MonsterGroup, form: Any) -> None:
    services.despawn_group(actor=actor, group_id=group.pk, reason=form.cleaned_data["reason"])


DESPAWN = Act(
    title=_("Take this monster group away"),
    explanation=_(
        "It is gone at once. One that the zone keeps comes back after its longest time, one that staff "
        "brought does not."
    ),
    perform=_despawn,
)

__all__ = ["live_map", "object_rooms"]
