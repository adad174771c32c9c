"""Changing what is in a zone copy: each change is an event, told to the copy once it is committed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
from django.db import transaction

from aether.kernel import clock, journal, realtime
from aether.kernel.conditions import holds, situation_of
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import Head, StreamKind, VersionConflictError
from aether.protocol import world as wire
from apps.world import barriers, ground, node_selectors, positions
from apps.world.claims import Claim
from apps.world.definitions import MapObject
from apps.world.errors import StaleObjectError
from apps.world.models import ObjectSnapshot, WorldObject
from apps.world.object_selectors import object_seen, standing_of
from apps.world.rules.nodes import WHOLE
from apps.world.rules.objects import SNAPSHOT_EVERY, ObjectEvent, ObjectMoved, claim_in, whole_at_in
from apps.world.services import showing
from apps.world.things import ObjectDef

_CHANGED = (
    "definition",
    "state",
    "guild_id",
    "guild_name",
    "version",
    "hash",
    "changed_at",
    "returns_at",
    "returns_to",
)


def locked_rows(zone: str, instance: str, things: Sequence[MapObject]) -> dict[str, WorldObject]:
    """Return how things stand, locked in the order of their ids; what was due to go back has gone back."""
    names = [thing.id for thing in things]
    known = WorldObject.objects.filter(instance=instance, object_id__in=names, is_node=False)
    if known.count() < len(names):
        WorldObject.objects.bulk_create(
            [_untouched(zone, instance, thing) for thing in sorted(things, key=lambda each: each.id)],
            ignore_conflicts=True,
        )
    rows = {row.object_id: row for row in known.select_for_update().order_by("pk")}
    for row in rows.values():
        if row.returns_at is not None and row.returns_at <= clock.utc_now():
            go_back(row)
    return rows


def _untouched(zone: str, instance: str, thing: MapObject) -> WorldObject:
    return WorldObject(
        zone=zone,
        instance=instance,
        object_id=thing.id,
        definition=thing.definition,
        state=ground.definition_of(thing).start.id,
    )


def move(
    row: WorldObject,
    state: str,
    *,
    cause: str,
    actor_id: int = 0,
    closes_after_s: int | None = None,
    claim: Claim | None = None,
) -> None:
    """Let a thing go to another state, for a guild if for any. Call while holding its row's lock."""
    event = ObjectMoved(
        object=str(row),
        definition=row.definition,
        before=row.state,
        state=state,
        by="character" if actor_id else "clock",
        cause=cause,
        guild=claim.guild if claim else 0,
        guild_name=claim.name if claim else "",
    )
    returns = None if closes_after_s is None else clock.utc_now() + timedelta(seconds=closes_after_s)
    append(row, event, actor_id=actor_id, returns_at=returns)


def go_back(row: WorldObject) -> None:
    """Let a thing return to where its time says. Call while holding its row's lock."""
    move(row, row.returns_to, cause="time")


def append(
    row: WorldObject, event: ObjectEvent, *, actor_id: int = 0, returns_at: datetime | None = None
) -> None:
    """Write an event after the version that the row stands at, and let the row say what it says.

    Whoever has seen an older version is refused: the journal takes no second event of one version.
    """
    try:
        head = journal.record_after(
            StreamKind.OBJECT,
            row.pk,
            msgspec.json.encode(event),
            head=Head(row.version, bytes(row.hash)),
            actor_id=actor_id,
        )
    except VersionConflictError:
        raise StaleObjectError(state=row.state, version=row.version) from None
    row.state, row.version, row.hash = event.state, head.version, head.hash
    row.guild_id, row.guild_name = claim_in(event)
    row.changed_at = clock.utc_now()
    row.returns_at, row.returns_to = returns_at, event.before if returns_at else ""
    if whole_at := whole_at_in(event):
        row.returns_at, row.returns_to = datetime.fromtimestamp(whole_at, UTC), WHOLE
    row.save(update_fields=_CHANGED)
    if row.version % SNAPSHOT_EVERY == 0:
        ObjectSnapshot.objects.create(
            object=row,
            version=row.version,
            state=row.state,
            guild_id=row.guild_id,
            guild_name=row.guild_name,
            whole_at=whole_at,
            at=row.changed_at,
        )
    announce(row)


def announce(row: WorldObject) -> None:
    """Tell the copy how a thing stands, once that is committed; nothing where the map has it no more."""
    if row.is_node:
        _announce_node(row)
        return
    try:
        thing = ground.thing_of(row.zone, row.object_id)
        definition = ground.definition_of(thing)
    except NotFoundError:
        return
    seen = object_seen(thing, definition, standing_of(row))
    door = barriers.Door(thing.id, row.version, "walk" in seen.blocks) if thing.is_door else None
    transaction.on_commit(partial(_tell, row.instance, definition, seen, door), robust=True)


def _announce_node(row: WorldObject) -> None:
    try:
        seen = node_selectors.node_seen(ground.node_of(row.zone, row.object_id), row.state)
    except NotFoundError:
        return
    change = wire.NodeChanged(node=seen)
    transaction.on_commit(lambda: positions.announce_later(row.instance, change), robust=True)


def _tell(instance: str, definition: ObjectDef, seen: wire.ObjectSeen, door: barriers.Door | None) -> None:
    if door is not None:
        barriers.keep(instance, [door])
        if door.is_closed:
            showing.stop_before(instance, seen.cell)
    if definition.seen_if is None:
        positions.announce_later(instance, wire.ObjectMoved(object=seen))
        return
    for player in positions.everybody(instance):
        if holds(definition.seen_if, situation_of(player.id, definition.seen_if)):
            realtime.tell_character(player.id, wire.ObjectChanged(instance=instance, object=seen))
