"""What turns a lock by itself for those who stand before it: the hour, weather, events, waits that end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from aether.kernel import facts
from aether.kernel.conditions import Situation
from aether.kernel.conditions.sources import at_this_time
from aether.kernel.facts.types import SurroundingsChanged
from apps.world import locks, sky
from apps.world.models import Cooldown
from apps.world.services.exits import show_again


def moment_of(zone: str) -> tuple[bool, ...]:
    """Return what time, weather and events answer to the locks of a zone; nothing where none asks."""
    if not locks.is_asked_in(zone, "clock"):
        return ()
    weather = sky.weather_of(zone)
    here = Situation(weather="" if weather is None else weather.id, events=frozenset(sky.open_events()))
    return locks.answers_of_the_moment(zone, at_this_time(replace(here, zone=zone)))


@transaction.atomic
def tell_moment(instance: str) -> None:
    """Let everybody in a zone copy be told again what it may pass, see and do: a moment has come."""
    facts.publish(SurroundingsChanged(instance=instance, topic="clock"))


def tell_waits(zone: str, here: Collection[int], *, since: datetime, until: datetime) -> None:
    """Tell those in a zone copy whose wait has ended meanwhile what they may do again."""
    if not locks.is_asked_in(zone, "cooldown.changed"):
        return
    over = Cooldown.objects.filter(character_id__in=here, until__gt=since, until__lte=until)
    for character_id in sorted(set(over.values_list("character_id", flat=True))):
        show_again(character_id=character_id, topic="cooldown.changed")
