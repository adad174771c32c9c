"""The console's rooms of things and nodes: how each stands, all that happened to it, how all stood once."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from aether.console.moments import MomentField, moment_text, moment_value
from aether.console.panels import (
    Cell,
    Page,
    PageContent,
    Shown,
    add_page,
    link,
    version_links,
    version_page,
)
from aether.console.rooms import Act, ReadOnlyRoom, act_button, ask_and_perform
from aether.kernel import clock
from apps.accounts import selectors as accounts
from apps.world import object_selectors, services
from apps.world.models import WorldObject
from apps.world.rules.objects import ObjectMoved, ObjectReset, Standing

CHAPTERS_SHOWN = 200


@admin.register(WorldObject)
class ObjectRoom(ReadOnlyRoom):
    """The things and nodes of the zone copies that anybody has ever changed."""

    change_form_outer_after_template = "console/tables.html"
    list_display = (
        "object_id",
        "instance",
        "state_text",
        "guild_name",
        "version",
        "changed_at",
        "returns_at",
    )
    list_filter = ("zone", "is_node", "definition", "state")
    search_fields = ("=object_id", "instance__istartswith")
    search_help_text = _("The name of an object on its map, or the beginning of a copy's")
    ordering = ("instance", "object_id")
    fields = (
        "instance",
        "object_id",
        "definition",
        "state_text",
        "guild_name",
        "version",
        "changed_at",
        "returns_at",
        "journal_link",
    )
    readonly_fields = fields
    actions_detail = ("reset",)

    def has_reset_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.reset_object"))

    @act_button(description=_("Put it back"), url_path="reset/", permission="reset", icon="restart_alt")
    def reset(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, RESET)

    @admin.display(description=_("state"), ordering="state")
    def state_text(self, row: WorldObject) -> str:
        return _named(row, object_selectors.standing_of(row))

    @admin.display(description=_("journal"))
    def journal_link(self, row: WorldObject) -> Cell:
        return link(f"5:{row.pk}", f"{reverse('admin:kernel_journalline_changelist')}?q=5:{row.pk}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        target = self.get_object(request, object_id)
        shown = {"tables": [_history(target, request)]} if target is not None else {}
        response: HttpResponse = super().change_view(
            request, object_id, form_url, {**shown, **(extra_context or {})}
        )
        return response


def _history(row: WorldObject, request: HttpRequest) -> Shown:
    page = version_page(request, row.version, most=CHAPTERS_SHOWN)
    chapters = list(islice(object_selectors.history(row.pk, after=page.after), page.size))
    people = accounts.characters({each.actor_id for each in chapters if each.actor_id})
    rows = [
        (
            each.version,
            moment_text(_when(each, before)),
            _who(each, people),
            _named(row, before),
            _named(row, standing),
            each.event.reason if isinstance(each.event, ObjectReset) else each.event.cause,
        )
        for each, before, standing in object_selectors.standings(row, chapters)
    ]
    return Shown(
        title=_("What happened to it"),
        headers=[_("version"), _("when"), _("who"), _("before"), _("state"), _("cause")],
        rows=rows[::-1],
        empty=_("Nothing yet."),
        links=version_links(page, row.version, most=CHAPTERS_SHOWN),
    )


def _when(chapter: object_selectors.Chapter, before: Standing) -> datetime:
    """Return when something happened: a node has grown when it was due, whenever somebody looked."""
    is_by_time = isinstance(chapter.event, ObjectMoved) and chapter.event.cause == "time"
    return datetime.fromtimestamp(before.whole_at, UTC) if is_by_time and before.whole_at else chapter.at


def _who(chapter: object_selectors.Chapter, people: dict[int, accounts.CharacterRecord]) -> Cell:
    if isinstance(chapter.event, ObjectReset):
        return chapter.event.staff
    if not chapter.actor_id:
        return gettext("time")
    found = people.get(chapter.actor_id)
    if found is None:
        return chapter.actor_id
    return link(found.name, reverse("admin:accounts_character_change", args=[found.id]))


def _named(row: WorldObject, standing: Standing) -> str:
    """Return what a thing is called as it stands, with the guild in whose name it does."""
    name = object_selectors.state_name(row, standing.state, get_language() or "en")
    return object_selectors.named(name, standing.guild_name)


def _reset(actor: Any, row: WorldObject, form: Any) -> None:
    services.reset_object(actor=actor, row_id=row.pk, reason=form.cleaned_data["reason"])


RESET = Act(
    title=_("Put this object back"),
    explanation=_("It goes to the state that it began in, for everybody, and its history says so."),
    perform=_reset,
)


# The past


class MomentForm(forms.Form):
    """Which copy, and when."""

    instance = forms.CharField(
        label=_("Zone copy"),
        max_length=80,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Such as lastmoor.1"),
    )
    at = MomentField(label=_("At"))


def read_past(request: HttpRequest) -> PageContent:
    """Return the page: how the things of a copy stood at a moment, from their streams alone."""
    now = moment_value(clock.utc_now())
    form = MomentForm(request.GET if "instance" in request.GET else None, initial={"at": now})
    if not form.is_bound or not form.is_valid():
        return PageContent(form=form)
    at = form.cleaned_data["at"]
    things = WorldObject.objects.filter(instance=form.cleaned_data["instance"]).order_by("object_id")
    rows = []
    for row in things:
        then = object_selectors.as_of(row, at)
        name = link(row.object_id, reverse("admin:world_worldobject_change", args=[row.pk]))
        today = object_selectors.standing_of(row)
        rows.append((name, _named(row, then), then.version, _named(row, today), today.version))
    table = Shown(
        title=gettext("At %(moment)s") % {"moment": moment_text(at)},
        headers=[_("object"), _("state"), _("version"), _("state now"), _("version now")],
        rows=rows,
        empty=_("Nobody has ever changed anything there."),
    )
    return PageContent(form=form, tables=[table])


add_page(
    Page(
        name="objects-as-of",
        title=_("Objects as of a moment"),
        group=_("World"),
        icon="history",
        permission="world.view_worldobject",
        read=read_past,
    )
)
