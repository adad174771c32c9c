"""What the world tells of dungeons: the gate as a character finds it, and how a run stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from django.db.models import Q

from aether.kernel import clock
from aether.kernel.errors import GameError
from aether.kernel.weeks import week_ends_at, week_of
from aether.protocol import dungeons as wire
from apps.accounts import selectors as accounts
from apps.chat import selectors as chat
from apps.world import dungeon_ground
from apps.world.dungeons import DungeonDef, Puzzle, Room
from apps.world.errors import (
    DungeonFullError,
    DungeonLeaderError,
    DungeonLevelError,
    DungeonPartyError,
    InBattleError,
)
from apps.world.models import CharacterPlace, DungeonLock, DungeonMember, DungeonRun
from apps.world.rules import dungeons as rules

State = DungeonRun.State
Way = Literal["resume", "join", "new"]


class Entry(NamedTuple):
    """What entering a dungeon is for a character: into which run, or into a new one."""

    way: Way
    run_id: int | None = None


def this_week() -> date:
    return week_of(clock.utc_now())


def entry(character_id: int, dungeon: DungeonDef) -> Entry:
    """Return how a character enters a dungeon now; refuse where it may not."""
    if accounts.character(character_id).level < dungeon.levels[0]:
        raise DungeonLevelError(level=dungeon.levels[0])
    own = live_run_of([character_id], dungeon.id).get(character_id)
    if own is not None:
        return Entry("resume", own)
    company = chat.company_of(character_id)
    if company is None:
        _require_size(dungeon, 1)
        return Entry("new")
    runs = live_run_of(company.members, dungeon.id)
    if runs:
        # The leader's run goes before that of another member.
        run_id = runs.get(company.leader) or min(runs.values())
        if not _has_room(run_id, dungeon, company.members):
            raise DungeonFullError
        return Entry("join", run_id)
    if company.leader != character_id:
        raise DungeonLeaderError
    _require_size(dungeon, len(company.members))
    return Entry("new")


def live_run_of(character_ids: Sequence[int], dungeon: str) -> dict[int, int]:
    """Return the runs of this week that characters are in."""
    rows = DungeonMember.objects.filter(
        character_id__in=character_ids,
        dungeon=dungeon,
        is_live=True,
        run__week=this_week(),
        run__state=State.OPEN,
    )
    return dict(rows.values_list("character_id", "run_id"))


def those_who_stay(run_id: int, party: Sequence[int]) -> set[int]:
    """Return the members of a run who keep their place: those of the party, and whoever is inside."""
    run = DungeonRun.objects.get(pk=run_id)
    members = set(run.members.filter(is_live=True).values_list("character_id", flat=True))
    return members & (set(party) | inside(run))


def inside(run: DungeonRun) -> set[int]:
    """Return who is in the zone copy of a run."""
    if run.instance is None:
        return set()
    here = CharacterPlace.objects.filter(instance=run.instance, is_present=True)
    return set(here.values_list("character_id", flat=True))


def gate(character_id: int, dungeon: DungeonDef, *, language: str) -> wire.DungeonGate:
    """Return what the gate of a dungeon tells a character."""
    way, refusal, week = None, None, this_week()
    try:
        if CharacterPlace.objects.filter(pk=character_id, battle__isnull=False).exists():
            raise InBattleError
        way = entry(character_id, dungeon)
    except GameError as error:
        refusal = error.message(language)
    run_id = way.run_id if way else None
    run = DungeonRun.objects.filter(pk=run_id).first() if run_id else None
    return wire.DungeonGate(
        dungeon=dungeon.id,
        week_ends_at=week_ends_at(week).timestamp(),
        is_locked=character_id in locked([character_id], dungeon.id, week),
        entry=way.way if way else None,
        refusal=refusal,
        run=run_seen(run, dungeon) if run else None,
        party=_guests(character_id, dungeon, week, run),
    )


def locked(character_ids: Sequence[int], dungeon: str, week: date) -> set[int]:
    """Return who of these characters has had the loot of a week."""
    rows = DungeonLock.objects.filter(
        character_id__in=character_ids, dungeon=dungeon, week=week, lifted_at__isnull=True
    )
    return set(rows.values_list("character_id", flat=True))


def run_seen(run: DungeonRun, dungeon: DungeonDef) -> wire.DungeonRunSeen:
    """Return a run as its members see it."""
    members = list(run.members.filter(is_live=True).values_list("character_id", flat=True))
    known, here = accounts.characters(members), inside(run)
    room = present_room(run, dungeon)
    puzzle = room.puzzle if room else None
    return wire.DungeonRunSeen(
        id=run.pk,
        dungeon=run.dungeon,
        room=run.room,
        beaten=tuple(run.beaten),
        levers=tuple(puzzle.levers[number].object for number in run.pulled) if puzzle else (),
        clues=_clues(run, room) if room else (),
        open_doors=dungeon_ground.open_doors(dungeon, run.room),
        members=tuple(
            wire.RunMember(character=who, name=known[who].name, is_inside=who in here)
            for who in members
            if who in known
        ),
        is_done=run.state == State.DONE,
    )


def present_room(run: DungeonRun, dungeon: DungeonDef) -> Room | None:
    """Return the first room of a run that is not done."""
    return dungeon.rooms[run.room] if run.room < len(dungeon.rooms) else None


def puzzle_order(run: DungeonRun, room: Room, puzzle: Puzzle) -> rules.Solution:
    """Return the puzzle of a room as the dice of a run have drawn it."""
    return rules.solution(bytes(run.seed), room.id, len(puzzle.levers))


def run_in(instance: str) -> DungeonRun | None:
    """Return the run whose zone copy this is."""
    return DungeonRun.objects.filter(instance=instance).first()


def is_in_own_run(character_id: int, instance: str) -> bool:
    """Tell if a zone copy is that of a run which a character has not left; one that is done, too."""
    rows = DungeonMember.objects.filter(character_id=character_id, run__instance=instance)
    return rows.filter(Q(is_live=True) | Q(run__state=State.DONE)).exists()


def _clues(run: DungeonRun, room: Room) -> tuple[wire.DungeonClue, ...]:
    """Return what the inscriptions say that somebody has read."""
    puzzle = room.puzzle
    if puzzle is None:
        return ()
    told = puzzle_order(run, room, puzzle).clues
    return tuple(
        wire.DungeonClue(
            inscription=inscription,
            first=puzzle.levers[clue.first].object,
            second=puzzle.levers[clue.second].object,
        )
        for inscription, clue in zip(puzzle.inscriptions, told, strict=True)
        if inscription in run.clues
    )


def _guests(
    character_id: int, dungeon: DungeonDef, week: date, run: DungeonRun | None
) -> tuple[wire.DungeonGuest, ...]:
    company = chat.company_of(character_id)
    members = list(company.members) if company else [character_id]
    known, had = accounts.characters(members), locked(members, dungeon.id, week)
    here = inside(run) if run else set()
    return tuple(
        wire.DungeonGuest(
            character=who,
            name=known[who].name,
            level=known[who].level,
            is_locked=who in had,
            is_inside=who in here,
        )
        for who in members
        if who in known
    )


def _has_room(run_id: int, dungeon: DungeonDef, party: Sequence[int]) -> bool:
    return len(those_who_stay(run_id, party)) < dungeon.party[1]


def _require_size(dungeon: DungeonDef, members: int) -> None:
    least, most = dungeon.party
    if not least <= members <= most:
        raise DungeonPartyError(least=least, most=most)
