"""The console's rooms of dungeons: which runs there are and where they stand, and whose loot was had."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aether.console.panels import link
from aether.console.rooms import Act, ReadOnlyRoom, act_button, ask_and_perform
from apps.accounts import selectors as accounts
from apps.world import dungeon_ground, dungeon_selectors, services
from apps.world.models import DungeonLock, DungeonMember, DungeonRun


def _dungeon_name(dungeon_id: str) -> str:
    found = dungeon_ground.known(dungeon_id)
    return found.name.in_language(get_language() or "en") if found else dungeon_id


def _character_link(character_id: int) -> SafeString | str:
    found = accounts.characters([character_id]).get(character_id)
    if found is None:
        return str(character_id)
    return link(found.name, reverse("admin:accounts_character_change", args=[found.id]))


@admin.register(DungeonRun)
class RunRoom(ReadOnlyRoom):
    """Runs of dungeons. Who has not come on for long, with somebody inside, may be stuck."""

    list_display = (
        "id",
        "dungeon_text",
        "week",
        "state",
        "room_text",
        "members_text",
        "instance",
        "moved_at",
    )
    list_filter = ("state", "dungeon", "week", "room", ("instance", admin.EmptyFieldListFilter))
    search_fields = ("=members__character_id", "=id")
    search_help_text = _("The id of a character or of a run")
    ordering = ("-moved_at",)
    fields = (
        "dungeon_text",
        "week",
        "state",
        "room_text",
        "beaten_text",
        "levers_text",
        "members_text",
        "instance",
        "opened_at",
        "moved_at",
        "emptied_at",
        "done_at",
    )
    readonly_fields = fields
    actions_detail = ("open_room", "end_run")

    def has_open_room_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.open_room"))

    def has_end_run_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.end_run"))

    @act_button(description=_("Open the way on"), url_path="open/", permission="open_room", icon="door_open")
    def open_room(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, OPEN)

    @act_button(description=_("End this run"), url_path="end/", permission="end_run", icon="logout")
    def end_run(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, END)

    @admin.display(description=_("dungeon"), ordering="dungeon")
    def dungeon_text(self, run: DungeonRun) -> str:
        return _dungeon_name(run.dungeon)

    @admin.display(description=_("room"), ordering="room")
    def room_text(self, run: DungeonRun) -> str:
        dungeon = dungeon_ground.known(run.dungeon)
        room = dungeon_selectors.present_room(run, dungeon) if dungeon else None
        if dungeon is None or room is None:
            return f"{run.room}"
        return f"{run.room + 1}/{len(dungeon.rooms)} {room.name.in_language(get_language() or 'en')}"

    @admin.display(description=_("beaten"))
    def beaten_text(self, run: DungeonRun) -> str:
        return ", ".join(run.beaten) or "–"

    @admin.display(description=_("levers pulled"))
    def levers_text(self, run: DungeonRun) -> str:
        return f"{len(run.pulled)} · {_('inscriptions read')}: {len(run.clues)}"

    @admin.display(description=_("members"))
    def members_text(self, run: DungeonRun) -> SafeString:
        members = list(run.members.values_list("character_id", "is_live"))
        inside = dungeon_selectors.inside(run)
        shown = ((_character_link(who), _mark(who in inside, is_live)) for who, is_live in members)
        return format_html_join(", ", "{}{}", shown)


@admin.register(DungeonLock)
class LockRoom(ReadOnlyRoom):
    """Who has had the loot of which week, and from which battle."""

    list_display = ("character", "dungeon_text", "week", "battle_link", "at", "lifted_at")
    list_filter = ("dungeon", "week", ("lifted_at", admin.EmptyFieldListFilter))
    search_fields = ("=character_id", "=battle")
    search_help_text = _("The id of a character or of a battle")
    ordering = ("-at",)
    fields = list_display
    readonly_fields = fields
    actions_detail = ("lift",)

    def has_lift_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.lift_lock"))

    @act_button(description=_("Lift this lock"), url_path="lift/", permission="lift", icon="lock_open")
    def lift(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, LIFT)

    @admin.display(description=_("character"), ordering="character_id")
    def character(self, lock: DungeonLock) -> SafeString | str:
        return _character_link(lock.character_id)

    @admin.display(description=_("dungeon"), ordering="dungeon")
    def dungeon_text(self, lock: DungeonLock) -> str:
        return _dungeon_name(lock.dungeon)

    @admin.display(description=_("battle"), ordering="battle")
    def battle_link(self, lock: DungeonLock) -> SafeString:
        return link(f"#{lock.battle}", reverse("admin:combat_battlerecord_change", args=[lock.battle]))


@admin.register(DungeonMember)
class MemberRoom(ReadOnlyRoom):
    """Who is, or was, in which run."""

    list_display = ("character", "run", "dungeon", "is_live", "joined_at")
    list_filter = ("is_live", "dungeon")
    search_fields = ("=character_id", "=run__id")
    search_help_text = _("The id of a character or of a run")
    ordering = ("-joined_at",)
    fields = list_display
    readonly_fields = fields

    @admin.display(description=_("character"), ordering="character_id")
    def character(self, member: DungeonMember) -> SafeString | str:
        return _character_link(member.character_id)


def _mark(is_inside: bool, is_live: bool) -> str:
    if not is_live:
        return " ✕"
    return " ●" if is_inside else ""


def _open_room(actor: Any, run: DungeonRun, form: Any) -> None:
    services.open_room(actor=actor, run_id=run.pk, reason=form.cleaned_data["reason"])


OPEN = Act(
    title=_("Open the way on from this room"),
    explanation=_("What the room asks for counts as done; of the last room, the whole run. Nothing is paid."),
    perform=_open_room,
)


def _end_run(actor: Any, run: DungeonRun, form: Any) -> None:
    services.end_run(actor=actor, run_id=run.pk, reason=form.cleaned_data["reason"])


END = Act(
    title=_("End this run"),
    explanation=_("Everybody is led out through the gate; who fights, once the battle is over."),
    perform=_end_run,
    is_dangerous=True,
)


def _lift(actor: Any, lock: DungeonLock, form: Any) -> None:
    services.lift_lock(actor=actor, lock_id=lock.pk, reason=form.cleaned_data["reason"])


LIFT = Act(
    title=_("Lift this loot lock"),
    explanation=_("The character may have the loot of this week once more."),
    perform=_lift,
)
