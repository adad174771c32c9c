"""What the members of a run are told, on `me`: how it stands after every change. After commit only."""

from __future__ import annotations

from typing import Literal

from aether.kernel import realtime
from aether.protocol import dungeons as wire
from apps.world import dungeon_selectors as selectors
from apps.world.dungeons import DungeonDef
from apps.world.models import DungeonRun

Cause = Literal["entered", "beaten", "lever", "reset", "clue", "room", "done", "closed"]


def show_run(run: DungeonRun, dungeon: DungeonDef, cause: Cause) -> None:
    """Tell everybody of a run how it stands. Call while holding its row."""
    shown = wire.DungeonChanged(dungeon=run.dungeon, cause=cause, run=selectors.run_seen(run, dungeon))
    for who in _listening(run):
        realtime.tell_character(who, shown)


def tell_gone(character_id: int, dungeon: str, cause: Literal["left", "closed"]) -> None:
    """Tell somebody that it has no run any more."""
    realtime.tell_character(character_id, wire.DungeonChanged(dungeon=dungeon, cause=cause, run=None))


def _listening(run: DungeonRun) -> list[int]:
    members = run.members.filter(is_live=True).values_list("character_id", flat=True)
    return sorted({*members, *selectors.inside(run)})
