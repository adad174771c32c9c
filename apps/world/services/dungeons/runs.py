"""Runs of dungeons: who is let in, into which run, and through which doors it may go on.

A run is a row: where its zone copy is closed, or the server was killed, it goes on at the room where it was.
"""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction

from aether.kernel import clock, realtime
from aether.kernel.errors import StaleError
from aether.kernel.rng import SEED_BYTES_MAX
from aether.protocol import dungeons as wire
from apps.accounts import selectors as accounts
from apps.chat import selectors as chat
from apps.world import dungeon_ground, dungeon_selectors, ground
from apps.world.definitions import MapExit
from apps.world.dungeons import DungeonDef
from apps.world.errors import DoorClosedError, DungeonFullError, RunEndedError
from apps.world.models import CharacterPlace, DungeonMember, DungeonRun, MonsterGroup
from apps.world.rules import dungeons as rules
from apps.world.services.copies import open_instance
from apps.world.services.dungeons.holding import locked_run
from apps.world.services.dungeons.puzzles import set_things
from apps.world.services.dungeons.telling import show_run

State = DungeonRun.State


def admit(place: CharacterPlace, dungeon: DungeonDef) -> str:
    """Let a character into its run, that of its party, or a new one; return the zone copy.

    Call while holding the lock of its place.
    """
    who = place.character_id
    found = dungeon_selectors.entry(who, dungeon)
    release(who, dungeon.id, but=found.run_id)
    run = _begun(who, dungeon) if found.run_id is None else locked_run(found.run_id)
    if run.state != State.OPEN:
        raise RunEndedError
    if found.way == "join":
        _make_room(run, dungeon, who)
    if found.way != "resume":
        _add(run, who)
    instance = _opened(run, dungeon)
    show_run(run, dungeon, "entered")
    if found.way == "new":
        _call_party(run, who)
    return instance


def require_open(place: CharacterPlace, way: MapExit) -> None:
    """Refuse a door of a dungeon that is not open yet."""
    dungeon = dungeon_ground.dungeon_in(place.zone)
    if dungeon is None or way.to_zone != place.zone:
        return
    run = dungeon_selectors.run_in(place.instance)
    if run is None or way.id in dungeon_ground.closed_doors(dungeon, run.room):
        raise DoorClosedError


def release(character_id: int, dungeon: str, *, but: int | None = None) -> None:
    """Let a character be in no run of a dungeon, or in no other than one: those of weeks that are over."""
    rows = DungeonMember.objects.filter(character_id=character_id, dungeon=dungeon, is_live=True)
    rows.exclude(run_id=but).update(is_live=False)


def _begun(character_id: int, dungeon: DungeonDef) -> DungeonRun:
    return DungeonRun.objects.create(
        dungeon=dungeon.id,
        week=dungeon_selectors.this_week(),
        leader_id=character_id,
        seed=secrets.token_bytes(SEED_BYTES_MAX),
        opened_at=clock.utc_now(),
        moved_at=clock.utc_now(),
    )


def _make_room(run: DungeonRun, dungeon: DungeonDef, character_id: int) -> None:
    """Let those go who are of the party no more and not inside. Call while holding the run's row."""
    company = chat.company_of(character_id)
    stay = dungeon_selectors.those_who_stay(run.pk, company.members if company else ())
    if len(stay) >= dungeon.party[1]:
        raise DungeonFullError
    run.members.filter(is_live=True).exclude(character_id__in=stay).update(is_live=False)


def _add(run: DungeonRun, character_id: int) -> None:
    """Write down a member; who left this run before is in it again."""
    try:
        with transaction.atomic():
            DungeonMember.objects.update_or_create(
                run=run, character_id=character_id, defaults={"dungeon": run.dungeon, "is_live": True}
            )
    except IntegrityError:
        raise StaleError from None


def _opened(run: DungeonRun, dungeon: DungeonDef) -> str:
    """Return the zone copy of a run; where it has none, it opens as the run was left.

    Call while holding the run's row.
    """
    copy = open_instance(dungeon.zone, owner=f"run:{run.pk}").pk
    if run.emptied_at is not None or run.instance != copy:
        DungeonRun.objects.filter(pk=run.pk).update(instance=copy, emptied_at=None)
    if run.instance != copy:
        run.instance = copy
        _place_monsters(run, dungeon, copy)
        set_things(run, dungeon)
    return copy


def _place_monsters(run: DungeonRun, dungeon: DungeonDef, copy: str) -> None:
    drawn, rows = ground.map_of(dungeon.zone), []
    for _, encounter in dungeon.encounters():
        if encounter.id in run.beaten:
            continue
        monsters = rules.monsters_of(encounter.monsters, bytes(run.seed), dungeon.party[1])
        cells = drawn.regions[encounter.region]
        x, y = cells[len(cells) // 2]
        rows.append(
            MonsterGroup(
                zone=dungeon.zone,
                instance=copy,
                rule=encounter.id,
                slot=0,
                state=MonsterGroup.State.ROAMING,
                monsters=[list(monster) for monster in monsters],
                x=x,
                y=y,
            )
        )
    MonsterGroup.objects.bulk_create(rows)


def _call_party(run: DungeonRun, character_id: int) -> None:
    """Tell the others of the party that they may come."""
    company = chat.company_of(character_id)
    if company is None:
        return
    opened = wire.DungeonOpened(
        dungeon=run.dungeon, character=character_id, name=accounts.character(character_id).name
    )
    for who in company.members:
        if who != character_id:
            realtime.tell_character(who, opened)
