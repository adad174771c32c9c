"""Getting out again: who abandons a run, copies in which nobody is, and weeks that are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser

from aether.kernel import audit, clock
from aether.kernel.errors import NotFoundError
from aether.kernel.transactions import transactional
from apps.world import dungeon_ground, dungeon_selectors
from apps.world.errors import InBattleError, NoDungeonRunError, RunEndedError
from apps.world.models import CharacterPlace, DungeonRun
from apps.world.services.coming import bring, go_home
from apps.world.services.copies import close_copy
from apps.world.services.dungeons.puzzles import set_things
from apps.world.services.dungeons.rooms import finish_room
from apps.world.services.dungeons.telling import show_run, tell_gone

CLOSES_AFTER = timedelta(minutes=30)
"""Nobody is in it for so long."""

State = DungeonRun.State


def keep_dungeons() -> None:
    """Close the copies in which nobody is any more, and end the runs of weeks that are over."""
    for run_id in (
        DungeonRun.objects.filter(instance__isnull=False).order_by("pk").values_list("pk", flat=True)
    ):
        keep_run(run_id)
    late = DungeonRun.objects.filter(state=State.OPEN, instance__isnull=True)
    for run_id in (
        late.filter(week__lt=dungeon_selectors.this_week()).order_by("pk").values_list("pk", flat=True)
    ):
        keep_run(run_id)


@transactional
def keep_run(run_id: int) -> None:
    """Do what is due for one run: note that it is empty, or lead everybody out and close its copy."""
    run, places = _held(run_id)
    if run is None:
        return
    now = clock.utc_now()
    is_late = run.week < dungeon_selectors.this_week()
    is_closed = is_late or run.state in (State.ABANDONED, State.OVER)
    if not is_closed and any(place.is_present for place in places):
        _note_empty(run, None)
    elif not is_closed and run.emptied_at is None:
        _note_empty(run, now)
    elif is_closed or (run.emptied_at is not None and now - run.emptied_at >= CLOSES_AFTER):
        if is_late and run.state == State.OPEN:
            _end(run, State.OVER)
        _close(run, places)


@transactional
def abandon_dungeon(*, character_id: int, dungeon_id: str) -> None:
    """Leave the own run of a dungeon for good; the last one to leave it ends it."""
    run_id = dungeon_selectors.live_run_of([character_id], dungeon_id).get(character_id)
    if run_id is None:
        raise NoDungeonRunError
    run, places = _held(run_id)
    assert run is not None
    own = next((place for place in places if place.character_id == character_id), None)
    if own is not None and own.battle is not None:
        raise InBattleError
    if not run.members.filter(character_id=character_id, is_live=True).update(is_live=False):
        raise NoDungeonRunError
    if own is not None:
        _lead_out(own, run)
    tell_gone(character_id, run.dungeon, "left")
    if run.members.filter(is_live=True).exists():
        show_run(run, dungeon_ground.dungeon(run.dungeon), "entered")
    else:
        _end(run, State.ABANDONED)


@transactional
def end_run(*, actor: AbstractBaseUser, run_id: int, reason: str) -> None:
    """End a run; everybody is led out, those who fight when their battle is over (staff)."""
    run, places = _held(run_id)
    if run is None:
        raise NotFoundError
    if run.state != State.OPEN:
        raise RunEndedError
    audit.record(
        actor, "end_run", f"dungeon_run:{run.pk}", reason, {"room": run.room, "dungeon": run.dungeon}
    )
    _end(run, State.ABANDONED)
    _close(run, places)


@transactional
def open_room(*, actor: AbstractBaseUser, run_id: int, reason: str) -> None:
    """Let the room at which a run is stuck be done (staff)."""
    run, _ = _held(run_id)
    if run is None:
        raise NotFoundError
    if run.state != State.OPEN:
        raise RunEndedError
    dungeon = dungeon_ground.dungeon(run.dungeon)
    audit.record(actor, "open_room", f"dungeon_run:{run.pk}", reason, {"room": run.room})
    room = dungeon_selectors.present_room(run, dungeon)
    if room is not None:
        run.beaten = [*run.beaten, *(each.id for each in room.encounters if each.id not in run.beaten)]
        run.save(update_fields=["beaten"])
        finish_room(run, dungeon)
    if run.instance is not None:
        set_things(run, dungeon)


def _held(run_id: int) -> tuple[DungeonRun | None, list[CharacterPlace]]:
    """Return a run and the places of all who are in its copy, locked: places come before runs."""
    instance = DungeonRun.objects.filter(pk=run_id).values_list("instance", flat=True).first()
    rows = CharacterPlace.objects.select_for_update().filter(instance=instance).order_by("character_id")
    places = list(rows) if instance is not None else []
    run = DungeonRun.objects.select_for_update().filter(pk=run_id).first()
    return run, places


def _note_empty(run: DungeonRun, since: object) -> None:
    if run.emptied_at != since:
        DungeonRun.objects.filter(pk=run.pk).update(emptied_at=since)


def _end(run: DungeonRun, state: str) -> None:
    members = run.members.filter(is_live=True)
    for who in sorted(members.values_list("character_id", flat=True)):
        tell_gone(who, run.dungeon, "closed")
    members.update(is_live=False)
    run.state = state
    run.save(update_fields=["state"])


def _close(run: DungeonRun, places: Sequence[CharacterPlace]) -> None:
    """Lead everybody out who is not fighting; once nobody is left the copy is no more."""
    for place in places:
        if place.battle is None:
            _lead_out(place, run)
    if run.instance is None or not close_copy(run.instance):
        return
    run.instance, run.emptied_at = None, None
    run.save(update_fields=["instance", "emptied_at"])


def _lead_out(place: CharacterPlace, run: DungeonRun) -> None:
    dungeon = dungeon_ground.known(run.dungeon)
    if dungeon is None:
        go_home(place)
    else:
        bring(place, dungeon_ground.gate(dungeon))
