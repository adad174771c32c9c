"""Loot locks: what a dungeon is worth is had once a week, from the first battle that pays it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser

from aether.kernel import audit, clock
from aether.kernel.errors import NotFoundError
from aether.kernel.facts.types import BattleEnded
from aether.kernel.transactions import transactional
from apps.world import dungeon_ground, dungeon_selectors
from apps.world.models import DungeonLock


def claim_loot(ended: BattleEnded, winners: Sequence[int]) -> Mapping[str, frozenset[int]]:
    """Return the loot table that is under a lock, with the winners who may have it: their lock is taken.

    Call inside the transaction that pays. Asked again for the same battle, it says the same.
    """
    dungeon = dungeon_ground.dungeon_in(ended.zone)
    if dungeon is None or not any(slain.loot_table == dungeon.loot for slain in ended.slain):
        return {}
    run = dungeon_selectors.run_in(ended.instance)
    week = run.week if run else dungeon_selectors.this_week()
    DungeonLock.objects.bulk_create(
        [
            DungeonLock(
                dungeon=dungeon.id, week=week, character_id=who, battle=ended.battle, at=clock.utc_now()
            )
            for who in sorted(winners)
        ],
        ignore_conflicts=True,
    )
    held = DungeonLock.objects.filter(
        dungeon=dungeon.id, week=week, battle=ended.battle, lifted_at__isnull=True
    )
    return {dungeon.loot: frozenset(held.values_list("character_id", flat=True)) & frozenset(winners)}


@transactional
def lift_lock(*, actor: AbstractBaseUser, lock_id: int, reason: str) -> None:
    """Let a character have the loot of a week once more (staff)."""
    lock = DungeonLock.objects.select_for_update().filter(pk=lock_id, lifted_at__isnull=True).first()
    if lock is None:
        raise NotFoundError
    details: dict[str, object] = {"dungeon": lock.dungeon, "week": str(lock.week), "battle": lock.battle}
    audit.record(actor, "lift_lock", f"character:{lock.character_id}", reason, details)
    lock.lifted_at = clock.utc_now()
    lock.save(update_fields=["lifted_at"])
