"""What is written down of a zone copy once a minute: how many were there, and where they stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction

from aether.kernel import clock
from aether.protocol.world import PlayerSeen
from apps.world.models import Footfall, PopulationSample
from apps.world.positions import Position
from apps.world.rules.blocks import block_of
from apps.world.selectors import cell_of

KEPT = timedelta(days=14)

_SAMPLE = """
INSERT INTO world_populationsample (zone, instance, at, people, lag_ms) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (at, instance) DO NOTHING
"""

_TREAD = """
INSERT INTO world_footfall (zone, hour, x, y, minutes)
SELECT %s, %s, block.x, block.y, block.minutes
FROM unnest(%s::smallint[], %s::smallint[], %s::int[]) AS block (x, y, minutes)
ORDER BY block.x, block.y
ON CONFLICT (zone, hour, x, y) DO UPDATE SET minutes = world_footfall.minutes + excluded.minutes
"""


@transaction.atomic
def sample(*, zone: str, instance: str, here: Sequence[PlayerSeen], lag_s: float) -> None:
    """Write down how a zone copy is in this minute, once, whoever asks how often."""
    minute = clock.utc_now().replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE, [zone, instance, minute, len(here), round(lag_s * 1000)])
        if not cursor.rowcount or not here:
            return
        stood = Counter(block_of(cell_of(Position(zone=zone, instance=instance, seen=seen))) for seen in here)
        blocks = sorted(stood)
        columns = [[x for x, _ in blocks], [y for _, y in blocks], [stood[block] for block in blocks]]
        cursor.execute(_TREAD, [zone, minute.replace(minute=0), *columns])


def prune_samples() -> int:
    """Forget what is older than two weeks; return how much that was."""
    before = clock.utc_now() - KEPT
    samples, _ = PopulationSample.objects.filter(at__lt=before).delete()
    blocks, _ = Footfall.objects.filter(hour__lt=before).delete()
    return samples + blocks
