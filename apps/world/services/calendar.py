"""The calendar in the hands of game masters: an event on or off for a time, or again as its window says."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from aether.kernel import audit, clock, content
from apps.world.almanac import EventDef
from apps.world.errors import NoEventError
from apps.world.models import CalendarEvent

Mode = CalendarEvent.Mode


def ensure_calendar() -> None:
    """Have a row for each event of the content, for game masters to find."""
    known = content.current().all(EventDef)
    CalendarEvent.objects.bulk_create([CalendarEvent(event=each) for each in known], ignore_conflicts=True)


@transaction.atomic
def switch_event(
    *, actor: AbstractBaseUser, event: str, mode: Mode, reason: str, until: datetime | None = None
) -> None:
    """Open or close an event, until a moment or until it is switched again, or leave it to its window."""
    if event not in content.current().all(EventDef):
        raise NoEventError
    if mode == Mode.CALENDAR:
        until = None
    details: dict[str, object] = {"mode": str(mode.value), "until": until and until.isoformat()}
    audit.record(actor, "switch_event", f"event:{event}", reason, details)
    CalendarEvent.objects.update_or_create(
        event=event,
        defaults={
            "mode": mode,
            "until": until,
            "changed_at": clock.utc_now(),
            "changed_by": actor.get_username(),
            "reason": reason.strip(),
        },
    )
