"""Experience that goes with what a rollback undoes: entries of the stream, as what was gained is.

Whoever has spent more points than the new level gives gets all of them back to spend again.
"""

from __future__ import annotations

import msgspec
from django.db import transaction

from aether.kernel import journal, realtime
from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from aether.protocol.accounts import ProfileChanged
from apps.accounts.models import Character
from apps.accounts.rules.progress import STATS, XP_TOTAL_MAX, level_of, stat_points_earned
from apps.accounts.selectors import profile_of


class XpRevoked(msgspec.Struct, frozen=True, kw_only=True, tag="xp_revoked"):
    amount: int
    cause: str
    rollback: int


class XpRestored(msgspec.Struct, frozen=True, kw_only=True, tag="xp_restored"):
    amount: int
    cause: str
    rollback: int


class StatsReset(msgspec.Struct, frozen=True, kw_only=True, tag="stats_reset"):
    """All points are free again; `rollback` is what took the level that had given them."""

    points: dict[str, int]
    rollback: int


@transaction.atomic(savepoint=False)
def revoke_xp(*, character_id: int, amount: int, cause: str, rollback: int) -> None:
    """Take experience away, down to none at all."""
    character = Character.objects.select_for_update().get(pk=character_id)
    taken = min(amount, character.xp_total)
    if not taken:
        return
    character.xp_total -= taken
    journal.record(
        StreamKind.CHARACTER, character_id, XpRevoked(amount=taken, cause=cause, rollback=rollback)
    )
    spent = {stat: points for stat, points in character.stats.items() if points}
    changed = ["xp_total"]
    if sum(spent.values()) > stat_points_earned(level_of(character.xp_total)):
        journal.record(StreamKind.CHARACTER, character_id, StatsReset(points=spent, rollback=rollback))
        for stat in STATS:
            setattr(character, stat, 0)
        changed += STATS
    character.save(update_fields=changed)
    realtime.tell_character(character_id, ProfileChanged(profile=profile_of(character)))


@transaction.atomic(savepoint=False)
def restore_xp(*, character_id: int, rollback: int) -> None:
    """Give back what a rollback has revoked."""
    character = Character.objects.select_for_update().get(pk=character_id)
    told = JournalLine.objects.filter(
        kind=StreamKind.CHARACTER,
        stream_id=character_id,
        payload__type="xp_revoked",
        payload__rollback=rollback,
    )
    for line in told.order_by("version"):
        amount = min(line.payload["amount"], XP_TOTAL_MAX - character.xp_total)
        if amount > 0:
            character.xp_total += amount
            back = XpRestored(amount=amount, cause=line.payload["cause"], rollback=rollback)
            journal.record(StreamKind.CHARACTER, character_id, back)
    character.save(update_fields=["xp_total"])
    realtime.tell_character(character_id, ProfileChanged(profile=profile_of(character)))
