"""Rooms of the console: pages on which nothing is edited, and acts that ask for a reason first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from aether.kernel import clock
from aether.kernel.audit import REASON_LENGTH_MAX
from aether.kernel.errors import GameError

M = TypeVar("M", bound=Callable[..., HttpResponse])

DURATIONS = {
    "1 h": (_("One hour"), timedelta(hours=1)),
    "1 d": (_("One day"), timedelta(days=1)),
    "7 d": (_("Seven days"), timedelta(days=7)),
    "30 d": (_("Thirty days"), timedelta(days=30)),
    "ever": (_("For ever"), None),
}


DONE = _("Done, and written into the journal.")
WAITS = _("Asked for: it waits for the approval of somebody else.")


class ReadOnlyRoom(ModelAdmin):  # type: ignore[misc]  # the library is untyped
    """A room to look around in. What can be done here is done by services, through acts."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return what an address names; no key holds a NUL, which the database would not even look for."""
        return None if "\x00" in object_id else super().get_object(request, object_id, from_field)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH_MAX,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Stands in the journal beside your name."),
    )


class TimedReasonForm(ReasonForm):
    duration = forms.ChoiceField(
        label=_("How long"),
        choices=[(key, text) for key, (text, _span) in DURATIONS.items()],
        widget=UnfoldAdminSelectWidget,
        initial="1 d",
    )
    field_order = ["duration", "reason"]

    def until(self) -> datetime | None:
        """Return the chosen end, None for ever."""
        span = DURATIONS[self.cleaned_data["duration"]][1]
        return clock.utc_now() + span if span else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that staff do to an object of a room. `perform` calls the service that does it."""

    title: str | Promise
    explanation: str | Promise
    perform: Callable[[Any, Any, Any], None]
    """Called with the member of the staff, the object and the valid form."""
    form: type[ReasonForm] = ReasonForm
    is_dangerous: bool = False
    needs_second: Callable[[Any, Any], bool] | None = None
    """Called with the object and the valid form: whether somebody else has to approve."""
    ask: Callable[[Any, Any, Any], Any] | None = None
    """Called instead of `perform` where somebody else has to approve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Something new that staff bring into a room. `perform` calls the service and returns it."""

    title: str | Promise
    explanation: str | Promise
    perform: Callable[[Any, Any], Model]
    """Called with the member of the staff and the valid form."""
    form: type[ReasonForm]
    is_dangerous: bool = False


def act_button(*, description: str | Promise, url_path: str, permission: str, icon: str) -> Callable[[M], M]:
    """Make a method of a room an act with a button, for those who have the permission."""
    decorate: Callable[[M], M] = action(
        description=description, url_path=url_path, permissions=[permission], icon=icon
    )
    return decorate


def ask_and_perform(room: ModelAdmin, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
    """Ask for the reason on a page of its own, filled in from the address; perform the act and go back."""
    target = room.get_object(request, object_id)
    if target is None:
        raise Http404
    back = reverse(f"admin:{room.opts.app_label}_{room.opts.model_name}_change", args=[target.pk])
    form = act.form(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if form.is_bound and form.is_valid():
        waits = act.ask is not None and act.needs_second is not None and act.needs_second(target, form)
        try:
            (act.ask if waits and act.ask else act.perform)(request.user, target, form)
        except GameError as refusal:
            form.add_error(None, refusal.message(get_language() or "en"))
        else:
            messages.success(request, WAITS if waits else DONE)
            return HttpResponseRedirect(back)
    context: Mapping[str, Any] = {
        **room.admin_site.each_context(request),
        "title": act.title,
        "act": act,
        "target": target,
        "form": form,
        "opts": room.opts,
        "back": back,
    }
    return TemplateResponse(request, "console/act.html", dict(context))


def ask_and_open(room: ModelAdmin, request: HttpRequest, opening: Opening) -> HttpResponse:
    """Ask for what is to be opened and why, filled in from the address; then go to it."""
    form = opening.form(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    room_name = f"admin:{room.opts.app_label}_{room.opts.model_name}"
    if form.is_bound and form.is_valid():
        try:
            opened = opening.perform(request.user, form)
        except GameError as refusal:
            form.add_error(None, refusal.message(get_language() or "en"))
        else:
            messages.success(request, DONE)
            return HttpResponseRedirect(reverse(f"{room_name}_change", args=[opened.pk]))
    context: Mapping[str, Any] = {
        **room.admin_site.each_context(request),
        "title": opening.title,
        "act": opening,
        "target": "",
        "form": form,
        "opts": room.opts,
        "back": reverse(f"{room_name}_changelist"),
    }
    return TemplateResponse(request, "console/act.html", dict(context))


def preformatted(text: str) -> SafeString:
    """Return a text as it is, escaped."""
    return format_html(
        '<pre class="whitespace-pre-wrap break-all text-xs leading-5 max-h-[600px] overflow-auto">{}</pre>',
        text,
    )
