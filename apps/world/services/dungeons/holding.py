"""The rows of runs, locked: after the places of characters, before the things and groups of a copy."""

from __future__ import annotations

from apps.world.models import DungeonRun


def locked_run(run_id: int) -> DungeonRun:
    return DungeonRun.objects.select_for_update().get(pk=run_id)


def locked_run_in(instance: str) -> DungeonRun | None:
    """Return the run of a zone copy, if it is one of a dungeon."""
    return DungeonRun.objects.select_for_update().filter(instance=instance).first()
