"""Checkpoints: where people stand, written down now and then, so that Redis may forget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from aether.kernel import clock
from aether.protocol.world import PlayerSeen
from apps.world.positions import Position
from apps.world.selectors import cell_of

# One statement, for a thousand people may have moved. Whoever locks a place now writes it down itself.
_KEEP = """
WITH free AS (
    SELECT character_id FROM world_characterplace
    WHERE character_id = ANY(%(who)s) AND instance = %(instance)s AND is_present
    ORDER BY character_id FOR UPDATE SKIP LOCKED
)
UPDATE world_characterplace AS place SET x = stands.x, y = stands.y, kept_at = %(now)s
FROM unnest(%(who)s::bigint[], %(x)s::int[], %(y)s::int[]) AS stands (character_id, x, y)
JOIN free USING (character_id)
WHERE place.character_id = stands.character_id AND (place.x, place.y) <> (stands.x, stands.y)
"""


def keep_positions(instance: str, here: Sequence[PlayerSeen]) -> None:
    """Write down where those stand who have moved since the last time."""
    cells = [cell_of(Position(zone="", instance=instance, seen=seen)) for seen in here]
    given: dict[str, Any] = {
        "instance": instance,
        "now": clock.utc_now(),
        "who": [seen.id for seen in here],
        "x": [x for x, _ in cells],
        "y": [y for _, y in cells],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, given)
