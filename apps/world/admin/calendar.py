"""The room of the calendar, whose events staff open and close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aether.console.rooms import (
    Act,
    ReadOnlyRoom,
    TimedReasonForm,
    act_button,
    ask_and_perform,
)
from apps.world import services, sky
from apps.world.models import (
    CalendarEvent,
)


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
