"""What characters have had of things that are between each of them and the thing, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import msgspec
from django.db.models import QuerySet

from aether.kernel import journal
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import Entry, StreamKind
from apps.world import ground
from apps.world.models import ObjectTaking
from apps.world.rules.objects import ObjectTaken


class Taking(NamedTuple):
    """One entry of the stream of a character and a thing, as people read it."""

    at: datetime
    version: int
    character_id: int
    event: ObjectTaken


def takers(zone: str, object_id: str, *, character_id: int | None = None) -> QuerySet[ObjectTaking]:
    """Return who has had something of a thing, the latest first."""
    found = ObjectTaking.objects.filter(zone=zone, object_id=object_id).order_by("-taken_at", "-pk")
    return found if character_id is None else found.filter(character_id=character_id)


def history(rows: Sequence[ObjectTaking], *, most: int) -> list[Taking]:
    """Return what some takers had, the latest first."""
    return _read(journal.newest(StreamKind.TAKING, [row.pk for row in rows], most=most))


def history_of(row: ObjectTaking, *, after: int, most: int) -> list[Taking]:
    """Return what one taker had after a version, in order."""
    return _read(islice(journal.entries(StreamKind.TAKING, row.pk, after=after), most))


def as_of(rows: Sequence[ObjectTaking], moment: datetime) -> Mapping[int, Taking]:
    """Return what each of some takers had had last at a moment, by row; nothing for whoever had not yet."""
    last = journal.last_until(StreamKind.TAKING, [row.pk for row in rows], moment)
    return dict(zip(last, _read(last.values()), strict=True))


def _read(entries: Iterable[Entry]) -> list[Taking]:
    return [
        Taking(entry.at, entry.version, entry.actor_id, msgspec.json.decode(entry.payload, type=ObjectTaken))
        for entry in entries
    ]


def state_name(row: ObjectTaking, state: str, language: str) -> str:
    """Return what a thing is called in a state; the state's id where the content has it no more."""
    try:
        definition = ground.definition_of(ground.thing_of(row.zone, row.object_id))
    except NotFoundError:
        return state
    known = {each.id: each.name for each in definition.states}
    shown = state or (definition.once.shows if definition.once else None) or definition.start.id
    return known[shown].in_language(language) if shown in known else shown
