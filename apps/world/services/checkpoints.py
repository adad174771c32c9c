"""Checkpoints: where people stand, written down now and then, so that Redis may forget."""

from __future__ import annotations

from django.db import transaction

from aether.kernel import clock
from apps.world import positions
from apps.world.models import CharacterPlace
from apps.world.positions import Position
from apps.world.selectors import cell_of


@transaction.atomic
def keep_positions(instance: str) -> None:
    """Write down where those stand who have moved since the last time."""
    cells = {
        seen.id: cell_of(Position(zone="", instance=instance, seen=seen))
        for seen in positions.everybody(instance)
    }
    rows = CharacterPlace.objects.select_for_update(skip_locked=True).filter(
        character_id__in=cells, instance=instance, is_present=True
    )
    moved = []
    for place in rows.order_by("character_id"):
        if place.cell != cells[place.character_id]:
            place.x, place.y = cells[place.character_id]
            place.kept_at = clock.utc_now()
            moved.append(place)
    CharacterPlace.objects.bulk_update(moved, ["x", "y", "kept_at"])
