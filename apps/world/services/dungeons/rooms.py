"""Rooms: what is beaten or solved in them, and that the way on opens once all of it is."""

from __future__ import annotations

from aether.kernel import clock, facts
from aether.kernel.facts.types import DungeonCleared
from apps.world import dungeon_ground, dungeon_selectors
from apps.world.dungeons import DungeonDef
from apps.world.models import DungeonRun, MonsterGroup
from apps.world.services.dungeons.holding import locked_run_in
from apps.world.services.dungeons.telling import show_run

State = DungeonRun.State


def note_beaten(group: MonsterGroup) -> None:
    """Write down that a group of a dungeon is beaten; any other group is none of its business."""
    dungeon = dungeon_ground.dungeon_in(group.zone)
    run = locked_run_in(group.instance) if dungeon else None
    if dungeon is None or run is None or group.rule in run.beaten or run.state != State.OPEN:
        return
    run.beaten = [*run.beaten, group.rule]
    run.moved_at = clock.utc_now()
    run.save(update_fields=["beaten", "moved_at"])
    room = dungeon_selectors.present_room(run, dungeon)
    if room is not None and room.encounters and all(each.id in run.beaten for each in room.encounters):
        finish_room(run, dungeon)
    else:
        show_run(run, dungeon, "beaten")


def finish_room(run: DungeonRun, dungeon: DungeonDef) -> None:
    """Open the way on; after the last room the run is done. Call while holding the run's row."""
    run.room, run.pulled, run.clues, run.moved_at = run.room + 1, [], [], clock.utc_now()
    is_last = run.room >= len(dungeon.rooms)
    if is_last:
        run.state, run.done_at = State.DONE, clock.utc_now()
    run.save(update_fields=["room", "pulled", "clues", "moved_at", "state", "done_at"])
    show_run(run, dungeon, "done" if is_last else "room")
    if is_last:
        _clear(run)


def _clear(run: DungeonRun) -> None:
    """Say who has done it, and set everybody free to begin again."""
    members = run.members.filter(is_live=True)
    facts.publish_all(
        DungeonCleared(character=who, dungeon=run.dungeon, run=run.pk)
        for who in sorted(members.values_list("character_id", flat=True))
    )
    members.update(is_live=False)
