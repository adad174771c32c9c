"""Levers and inscriptions: things like any other, whose moves a run takes note of, one after the other.

The run's row is locked before that of any thing: of many who pull at once each finds what those before
have done.
"""

from __future__ import annotations

from collections.abc import Iterable

from aether.kernel import clock
from apps.world import dungeon_ground, dungeon_selectors, ground
from apps.world.dungeons import DOWN, READ, UP, DungeonDef, Room
from apps.world.errors import PuzzleSolvedError, RoomNotReachedError
from apps.world.models import CharacterPlace, DungeonRun
from apps.world.rules import dungeons as rules
from apps.world.rules.objects import Standing
from apps.world.services import object_streams
from apps.world.services.dungeons.holding import locked_run_in
from apps.world.services.dungeons.rooms import finish_room
from apps.world.services.dungeons.telling import show_run

CAUSE = "puzzle"


def hold(place: CharacterPlace, thing: str) -> None:
    """Lock the run whose puzzle a thing belongs to, if it does; refuse where its room is not the present one.

    Call while holding the lock of the place, and none of a thing.
    """
    dungeon = dungeon_ground.dungeon_in(place.zone)
    number = dungeon.room_of_object(thing) if dungeon else None
    run = locked_run_in(place.instance) if number is not None else None
    if number is None or run is None:
        return
    if run.room > number:
        raise PuzzleSolvedError
    if run.room < number:
        raise RoomNotReachedError


def note(place: CharacterPlace, thing: str) -> Standing | None:
    """Let a run take note of a lever that was pulled or an inscription that was read, after `hold`.

    Return how the thing stands then, if it is one of a puzzle.
    """
    dungeon = dungeon_ground.dungeon_in(place.zone)
    number = dungeon.room_of_object(thing) if dungeon else None
    run = locked_run_in(place.instance) if number is not None else None
    if dungeon is None or number is None or run is None:
        return None
    room = dungeon.rooms[number]
    assert room.puzzle is not None
    if thing in room.puzzle.inscriptions:
        _read(run, dungeon, thing)
    else:
        _pull(run, dungeon, room, thing, who=place.character_id)
    rows = object_streams.locked_rows(place.zone, place.instance, [ground.thing_of(place.zone, thing)])
    return Standing(rows[thing].state, rows[thing].version)


def set_things(run: DungeonRun, dungeon: DungeonDef) -> None:
    """Let levers and inscriptions stand as a run has them: in a copy that has just opened, or by staff."""
    for number, room in enumerate(dungeon.rooms[: run.room + 1]):
        if room.puzzle is None:
            continue
        is_done = number < run.room
        levers = [each.object for each in room.puzzle.levers]
        _move(run, dungeon, levers if is_done else [levers[lever] for lever in run.pulled], DOWN)
        _move(run, dungeon, room.puzzle.inscriptions if is_done else run.clues, READ)


def _pull(run: DungeonRun, dungeon: DungeonDef, room: Room, thing: str, *, who: int) -> None:
    assert room.puzzle is not None
    levers = [each.object for each in room.puzzle.levers]
    order = dungeon_selectors.puzzle_order(run, room, room.puzzle).order
    pulled = rules.pull(run.pulled, levers.index(thing), order)
    run.pulled, run.moved_at = list(pulled.levers), clock.utc_now()
    run.save(update_fields=["pulled", "moved_at"])
    if pulled.is_solved:
        finish_room(run, dungeon)
        return
    if pulled.is_wrong:
        _move(run, dungeon, levers, UP)
    show_run(run, dungeon, "reset" if pulled.is_wrong else "lever")


def _read(run: DungeonRun, dungeon: DungeonDef, thing: str) -> None:
    """Let the whole run know what an inscription says."""
    if thing not in run.clues:
        run.clues, run.moved_at = [*run.clues, thing], clock.utc_now()
        run.save(update_fields=["clues", "moved_at"])
    show_run(run, dungeon, "clue")


def _move(run: DungeonRun, dungeon: DungeonDef, things: Iterable[str], state: str) -> None:
    """Let things of a run go to a state, as far as they are not in it."""
    wanted = [ground.thing_of(dungeon.zone, each) for each in things]
    if not wanted or run.instance is None:
        return
    for row in object_streams.locked_rows(dungeon.zone, run.instance, wanted).values():
        if row.state != state:
            object_streams.move(row, state, cause=CAUSE)
