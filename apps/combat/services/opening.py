"""How battles begin: the ground is copied, builds are taken as they are now, the dice are committed to."""

from __future__ import annotations

import secrets
from typing import Literal, NamedTuple

from django.db import IntegrityError, transaction
from msgspec.structs import replace

from aether.kernel import journal, realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import StreamKind
from aether.kernel.rng import SEED_BYTES_MAX
from aether.protocol.base import Cell
from aether.protocol.combat import BattleSite, BattleStarted, CurrentBattleChanged
from apps.accounts import selectors as accounts
from apps.combat import clocks, engine, rulebooks, seeds
from apps.combat.errors import AlreadyInBattleError
from apps.combat.logbook import Opened
from apps.combat.models import BattleParticipant, BattleRecord, BattleSecret
from apps.combat.running import now_ms, stream_name
from apps.economy import selectors as economy
from apps.world import services as world

Mode = Literal["pve", "duel"]


class Ground(NamedTuple):
    """The piece of a zone that a battle is fought on, with the cell where its sides met.

    `origin` is the cell of the zone at the board's (0, 0).
    """

    zone: str
    instance: str
    map_hash: str
    board: engine.BoardSpec
    contact: Cell
    origin: Cell = (0, 0)
    group_id: int | None = None


def character_builds(*character_ids: int) -> tuple[engine.Build, ...]:
    """Return characters as they enter a battle now, each on its own team: class, level, points, equipment."""
    characters, worn = accounts.characters(character_ids), economy.equipment_stats_of(character_ids)
    if len(characters) != len(character_ids):
        raise NotFoundError
    return tuple(
        replace(_build(characters[character_id], worn[character_id]), team=team)
        for team, character_id in enumerate(character_ids)
    )


def _build(character: accounts.CharacterRecord, worn: dict[str, int]) -> engine.Build:
    bonuses = dict(character.stats)
    for stat, value in worn.items():
        bonuses[stat] = bonuses.get(stat, 0) + value
    return engine.build_character(
        character.class_id,
        character_id=character.id,
        name=character.name,
        level=character.level,
        bonuses=bonuses,
        rulebook=rulebooks.current_rulebook(),
    )


def monster_build(monster_id: str, level: int) -> engine.Build:
    """Return a monster as it enters a battle, on the side that was attacked."""
    return engine.build_monster(monster_id, level=level, rulebook=rulebooks.current_rulebook(), team=1)


def open_battle(mode: Mode, ground: Ground, builds: tuple[engine.Build, ...]) -> BattleStarted:
    """Begin a battle, inside the caller's transaction. Whoever is in one already is refused."""
    rulebook, now = rulebooks.current_rulebook(), now_ms()
    record = BattleRecord.objects.create(
        mode=mode,
        zone=ground.zone,
        instance=ground.instance,
        group_id=ground.group_id,
        content_hash=rulebook.content_hash,
        rules_version=rulebook.rules_version,
        deadline=clocks.moment(now + clocks.PLACEMENT_MS),
    )
    _take_part(record, builds)
    seed = secrets.token_bytes(SEED_BYTES_MAX)
    BattleSecret.objects.create(battle=record, sealed_seed=seeds.seal(seed, battle_id=record.pk))
    state = engine.open_battle(_setup(record.pk, mode, ground, builds), rulebook, seed)
    site = BattleSite(zone=ground.zone, map_hash=ground.map_hash, origin=ground.origin)
    opened = Opened(header=state.header, clock=clocks.opened(state, now), site=site)
    journal.begin(StreamKind.BATTLE, record.pk, opened)
    world.set_in_battle(character_ids=_characters(builds), battle_id=record.pk)
    _tell(record.pk, builds)
    return BattleStarted(battle=record.pk, stream=stream_name(record.pk))


def _setup(battle_id: int, mode: Mode, ground: Ground, builds: tuple[engine.Build, ...]) -> engine.Setup:
    sizes = [sum(build.team == team for build in builds) for team in (0, 1)]
    return engine.Setup(
        battle_id=battle_id,
        mode="pve" if mode == "pve" else "pvp",
        map_hash=ground.map_hash,
        board=ground.board,
        placement=engine.placement_cells(ground.board, contact=ground.contact, teams=(sizes[0], sizes[1])),
        builds=builds,
    )


def _take_part(record: BattleRecord, builds: tuple[engine.Build, ...]) -> None:
    teams = {build.character_id: build.team for build in builds}
    rows = [
        BattleParticipant(battle=record, character_id=character_id, team=teams[character_id])
        for character_id in _characters(builds)
    ]
    try:
        with transaction.atomic():
            BattleParticipant.objects.bulk_create(rows)
    except IntegrityError:
        raise AlreadyInBattleError from None


def _tell(battle_id: int, builds: tuple[engine.Build, ...]) -> None:
    stream = stream_name(battle_id)
    for character_id in _characters(builds):
        realtime.tell_character(character_id, CurrentBattleChanged(battle=battle_id, stream=stream))
        realtime.follow_character(character_id, follow=(stream,))


def _characters(builds: tuple[engine.Build, ...]) -> list[int]:
    return sorted(build.character_id for build in builds if build.character_id is not None)
