"""Keeping things and nodes of a copy: what is due goes back, what was lost is told, the staff resets."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from aether.kernel import audit, clock
from aether.kernel.errors import NotFoundError
from apps.world import barriers, ground, positions, selectors
from apps.world.models import WorldObject
from apps.world.positions import Position
from apps.world.rules.nodes import WHOLE
from apps.world.rules.objects import ObjectReset
from apps.world.services import object_streams

DUE_AT_ONCE = 50


def keep_objects(instance: str) -> None:
    """Let go back what is due, grown nodes too; a door waits for whoever stands in it."""
    due = WorldObject.objects.filter(instance=instance, returns_at__lte=clock.utc_now())
    names = sorted(due.values_list("object_id", flat=True)[:DUE_AT_ONCE])
    if not names:
        return
    cells = {
        selectors.cell_of(Position(zone="", instance=instance, seen=seen))
        for seen in positions.everybody(instance)
    }
    with transaction.atomic():
        for row in due.filter(object_id__in=names).select_for_update(skip_locked=True).order_by("pk"):
            if not _is_in_the_way(row, cells):
                object_streams.go_back(row)


def mend_doors(zone: str, instance: str) -> None:
    """Tell again how the doors stand of which Redis knows nothing, or something older."""
    lost = barriers.lost(zone, instance)
    if not lost:
        return
    barriers.restore(zone, instance)
    with transaction.atomic():
        for row in WorldObject.objects.filter(instance=instance, object_id__in=lost, is_node=False):
            object_streams.announce(row)


@transaction.atomic
def reset_object(*, actor: AbstractBaseUser, row_id: int, reason: str) -> None:
    """Put a thing back into the state that it began in (staff): an event like any other."""
    row = WorldObject.objects.select_for_update().filter(pk=row_id).first()
    if row is None:
        raise NotFoundError
    start = WHOLE if row.is_node else ground.definition_of(ground.thing_of(row.zone, row.object_id)).start.id
    details: dict[str, object] = {"state": row.state, "version": row.version}
    audit.record(actor, "reset_object", f"object:{row}", reason, details)
    event = ObjectReset(
        object=str(row),
        definition=row.definition,
        before=row.state,
        state=start,
        staff=actor.get_username(),
        reason=reason.strip(),
    )
    object_streams.append(row, event)


def _is_in_the_way(row: WorldObject, cells: set[tuple[int, int]]) -> bool:
    if row.is_node:
        return False
    try:
        thing = ground.thing_of(row.zone, row.object_id)
    except NotFoundError:
        return False
    closes = "walk" in ground.definition_of(thing).state(row.returns_to).blocks
    return closes and thing.cell in cells
