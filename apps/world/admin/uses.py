"""The rooms of what things are to one character: what it has had of them, and what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
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
from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.world import selectors, services, taking_selectors
from apps.world.models import Cooldown, ExitUnlock, ObjectTaking
from apps.world.rules.objects import ObjectTaken

TAKINGS_SHOWN = 200
ID_DIGITS_MAX = 18


class RoomOfCharacters(ReadOnlyRoom):
    """What each row says is between a character and something; one looks for it by the character."""

    search_fields = ("=character_id",)
    search_help_text = _("The id or the name of a character")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(character_id=_character(term)) if term else queryset), False

    @admin.display(description=_("character"), ordering="character_id")
    def character(self, row: ObjectTaking | Cooldown | ExitUnlock) -> Cell:
        return _link_to(row.character_id, accounts.characters([row.character_id]))


def _character(term: str) -> int:
    """Return who is meant by an id or a name; 0, which is nobody, where there is none."""
    if term.isdecimal():
        return int(term) if len(term) <= ID_DIGITS_MAX else 0
    try:
        return accounts.character_named(term).id
    except NotFoundError:
        return 0


def _link_to(character_id: int, people: dict[int, accounts.CharacterRecord]) -> Cell:
    found = people.get(character_id)
    if found is None:
        return str(character_id)
    return link(found.name, reverse("admin:accounts_character_change", args=[found.id]))


@admin.register(Cooldown)
class CooldownRoom(RoomOfCharacters):
    """What characters wait for, of shrines and other things that give something again after a while."""

    list_display = ("id", "character", "key", "until", "times")
    list_filter = ("key",)
    ordering = ("-until",)
    fields = ("character", "key", "until", "times")
    readonly_fields = fields
    actions_detail = ("end_wait",)

    def has_end_wait_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.end_wait"))

    @act_button(description=_("End this wait"), url_path="end/", permission="end_wait", icon="timer_off")
    def end_wait(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, END_WAIT)


@admin.register(ExitUnlock)
class UnlockRoom(RoomOfCharacters):
    """Which exits were unlocked for whom."""

    list_display = ("id", "character", "zone", "exit_id", "unlocked_at")
    list_filter = ("zone", "exit_id")
    ordering = ("-unlocked_at",)
    fields = ("character", "zone", "exit_id", "unlocked_at")
    readonly_fields = fields


@admin.register(ObjectTaking)
class TakingRoom(RoomOfCharacters):
    """Who has had what of chests, shrines and other things that are between each character and the thing."""

    change_form_outer_after_template = "console/tables.html"
    list_display = ("id", "character", "zone", "object_id", "state_text", "version", "taken_at")
    list_filter = ("zone", "object_id")
    ordering = ("-taken_at",)
    fields = (
        "character",
        "zone",
        "object_id",
        "state_text",
        "version",
        "first_at",
        "taken_at",
        "journal_link",
    )
    readonly_fields = fields
    actions_detail = ("give_again",)

    def has_give_again_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.give_again"))

    @act_button(description=_("Give it back"), url_path="again/", permission="give_again", icon="redeem")
    def give_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, GIVE_AGAIN)

    @admin.display(description=_("state"), ordering="state")
    def state_text(self, row: ObjectTaking) -> str:
        return _named(row, row.state)

    @admin.display(description=_("journal"))
    def journal_link(self, row: ObjectTaking) -> Cell:
        return link(f"7:{row.pk}", f"{reverse('admin:kernel_journalline_changelist')}?q=7:{row.pk}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        target = self.get_object(request, object_id)
        shown = {"tables": [_own_history(target, request)]} if target is not None else {}
        response: HttpResponse = super().change_view(
            request, object_id, form_url, {**shown, **(extra_context or {})}
        )
        return response


def _give_again(actor: Any, row: ObjectTaking, form: Any) -> None:
    services.give_again(actor=actor, taking_id=row.pk, reason=form.cleaned_data["reason"])


def _end_wait(actor: Any, row: Cooldown, form: Any) -> None:
    services.end_wait(actor=actor, cooldown_id=row.pk, reason=form.cleaned_data["reason"])


GIVE_AGAIN = Act(
    title=_("Give it back to this character"),
    explanation=_("The character may have at once what the thing gives, once more, and its history says so."),
    perform=_give_again,
)
END_WAIT = Act(
    title=_("End what this character waits for"),
    explanation=_("It may do again at once whatever has this cooldown, and its history says so."),
    perform=_end_wait,
)


def _own_history(row: ObjectTaking, request: HttpRequest) -> Shown:
    page = version_page(request, row.version, most=TAKINGS_SHOWN)
    taken = taking_selectors.history_of(row, after=page.after, most=page.size)
    return _told([row], taken[::-1], version_links(page, row.version, most=TAKINGS_SHOWN))


def _history(rows: list[ObjectTaking]) -> Shown:
    return _told(rows, taking_selectors.history(rows, most=TAKINGS_SHOWN))


def _told(
    rows: list[ObjectTaking], taken: list[taking_selectors.Taking], links: Sequence[SafeString] = ()
) -> Shown:
    by_character = {row.character_id: row for row in rows}
    people = accounts.characters(by_character)
    found = [
        (
            moment_text(each.at),
            _link_to(each.character_id, people),
            each.event.instance or "–",
            _named(by_character[each.character_id], each.event.before) if each.event.action else "–",
            _named(by_character[each.character_id], each.event.state),
            _cause(each.event),
            _until(each.event.until),
        )
        for each in taken
    ]
    return Shown(
        title=_("What happened to it"),
        headers=[
            _("when"),
            _("who"),
            _("zone copy"),
            _("before"),
            _("state"),
            _("cause"),
            _("again from"),
        ],
        rows=found,
        empty=_("Nobody has had anything of it."),
        links=links,
    )


def _cause(event: ObjectTaken) -> str:
    if not event.staff:
        return event.action or "–"
    return gettext("given back by %(staff)s: %(reason)s") % {"staff": event.staff, "reason": event.reason}


def _until(until: float) -> str:
    return moment_text(datetime.fromtimestamp(until, UTC)) if until else "–"


def _named(row: ObjectTaking, state: str) -> str:
    return taking_selectors.state_name(row, state, get_language() or "en")


# Everybody's part of one thing


class ThingForm(forms.Form):
    """Which thing, whose part of it, and when."""

    zone = forms.CharField(
        label=_("Zone"),
        max_length=64,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Such as reedmoor_flats"),
    )
    object = forms.CharField(
        label=_("Object"),
        max_length=64,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Its name on the map, such as reedmoor_chest"),
    )
    who = forms.CharField(
        label=_("Character"),
        max_length=64,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("An id or a name; everybody without"),
    )
    at = MomentField(label=_("At"))


def read_takings(request: HttpRequest) -> PageContent:
    """Return the page: what characters had of a thing, and how it stood for each at a moment."""
    now = moment_value(clock.utc_now())
    form = ThingForm(request.GET if "object" in request.GET else None, initial={"at": now})
    if not form.is_bound or not form.is_valid():
        return PageContent(form=form)
    asked, who = form.cleaned_data, form.cleaned_data["who"].strip()
    takers = taking_selectors.takers(
        asked["zone"], asked["object"], character_id=_character(who) if who else None
    )
    then = list(takers.filter(first_at__lte=asked["at"])[:TAKINGS_SHOWN])
    return PageContent(
        form=form,
        notes=[
            gettext("%(zone)s. Characters that had something of it: %(count)d; at most %(most)d are shown.")
            % {
                "zone": selectors.zone_name(asked["zone"], get_language() or "en"),
                "count": takers.count(),
                "most": TAKINGS_SHOWN,
            }
        ],
        tables=[_standing(then, asked["at"]), _history(list(takers[:TAKINGS_SHOWN]))],
    )


def _standing(rows: list[ObjectTaking], moment: Any) -> Shown:
    people = accounts.characters({row.character_id for row in rows})
    last = taking_selectors.as_of(rows, moment)
    found = []
    for row in rows:
        taken = last.get(row.pk)
        if taken is None:
            continue
        waits = taken.event.until if taken.event.until > moment.timestamp() else 0.0
        found.append(
            (
                _link_to(row.character_id, people),
                _named(row, taken.event.state),
                taken.version,
                moment_text(taken.at),
                _until(waits),
            )
        )
    return Shown(
        title=gettext("At %(moment)s") % {"moment": moment_text(moment)},
        headers=[_("who"), _("state"), _("times"), _("last"), _("again from")],
        rows=found,
        empty=_("Nobody had had anything of it."),
    )


add_page(
    Page(
        name="object-takings",
        title=_("Takings as of a moment"),
        group=_("World"),
        icon="redeem",
        permission="world.view_objecttaking",
        read=read_takings,
    )
)
