"""How battles begin: the ground is copied, builds are taken as they are now, the dice are committed to."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from django.conf import settings
from django.db import IntegrityError, connection
from msgspec.structs import replace

from aether.kernel import journal, realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import StreamKind
from aether.kernel.rng import SEED_BYTES_MAX
from aether.protocol.base import Cell
from aether.protocol.combat import BattleSite, BattleStarted, CurrentBattleChanged, Spectating
from aether.protocol.combat_values import Objective
from apps.accounts import selectors as accounts
from apps.combat import clocks, engine, rulebooks, seeds
from apps.combat.errors import AlreadyInBattleError
from apps.combat.logbook import Opened
from apps.combat.running import EVERY_BATTLE, Begun, Place, keep_after_commit, now_ms, stream_name
from apps.economy import selectors as economy
from apps.economy import services as economy_services
from apps.world import services as world

Mode = Literal["pve", "duel", "team"]

TEAM_MAX = 4

_KEEP_RECORD = """
WITH battle AS (
    INSERT INTO combat_battlerecord
        (mode, spectating, zone, instance, group_id, status, round, deadline, faults, content_hash,
        rules_version, monsters, team_max)
    VALUES (
        %(mode)s, %(spectating)s, %(zone)s, %(instance)s, %(group)s, 1, 0, %(deadline)s, 0, %(content)s,
        %(rules)s, %(monsters)s::text[], %(team_max)s
    ) RETURNING id
), participants AS (
    INSERT INTO combat_battleparticipant (battle_id, character_id, team, is_live, outcome)
    SELECT battle.id, fighter.id, fighter.team, true, ''
    FROM battle, unnest(%(characters)s::bigint[], %(teams)s::smallint[]) AS fighter (id, team)
)
SELECT id FROM battle
"""

_KEEP_SECRET = "INSERT INTO combat_battlesecret (battle_id, sealed_seed) VALUES (%s, %s)"  # noqa: S105 - a query


class Ground(NamedTuple):
    """The piece of a zone that a battle is fought on, with the cell where its sides met.

    `origin` is the cell of the zone at the board's (0, 0). Where nobody has chosen who may watch,
    the mode does.
    """

    zone: str
    instance: str
    map_hash: str
    board: engine.BoardSpec
    contact: Cell
    origin: Cell = (0, 0)
    group_id: int | None = None
    spectating: Spectating | None = None
    objectives: tuple[Objective, ...] = ()
    placement: tuple[tuple[Cell, ...], tuple[Cell, ...]] | None = None
    """Where the sides begin, if the map says so and there is room for all."""
    team_max: int = TEAM_MAX
    """How many players may come to the side that attacks."""
    attackers: int = 0
    """The team that loses when both fall at once."""
    bonus_pct: int = 0
    """How much more the monsters are worth."""


def character_builds(*teams: Sequence[int]) -> tuple[engine.Build, ...]:
    """Return the characters of teams as they enter a battle now, with what they wear and bring."""
    character_ids = [character_id for team in teams for character_id in team]
    characters, outfits = accounts.characters(character_ids), economy.outfits(character_ids)
    if len(characters) != len(character_ids):
        raise NotFoundError
    return tuple(
        replace(_outfitted(characters[character_id], outfits[character_id]), team=number)
        for number, team in enumerate(teams)
        for character_id in team
    )


def hunter_builds(character_ids: Sequence[int]) -> tuple[engine.Build, ...]:
    """Return characters as they enter a battle against monsters: with the hit points that they have now."""
    builds = character_builds(character_ids)
    left = world.hit_points_now(whole_hit_points(builds))
    return tuple(
        build if left[who] == build.hp_max else replace(build, hp=left[who])
        for build in builds
        if (who := build.character_id) is not None
    )


def whole_hit_points(builds: Iterable[engine.Build]) -> dict[int, int]:
    """Return the hit points of whole characters."""
    return {build.character_id: build.hp_max for build in builds if build.character_id is not None}


def constitutions(character_ids: Iterable[int]) -> dict[int, int]:
    """Return the hit points of those of some characters who are there, as they would enter a battle whole."""
    known = accounts.characters(character_ids)
    worn = economy.equipment_stats_of(list(known))
    return {who: _build(character, worn[who]).hp_max for who, character in known.items()}


def _outfitted(character: accounts.CharacterRecord, outfit: economy.Outfit) -> engine.Build:
    build = _build(character, outfit.stats)
    return engine.carrying(build, outfit.held, rulebooks.current_rulebook()) if outfit.held else build


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


def monster_build(monster_id: str, level: int, *, team: int = 1, hp_pct: int = 100) -> engine.Build:
    """Return a monster as it enters a battle, on the side that was attacked if nothing else is said."""
    rulebook = rulebooks.current_rulebook()
    return engine.build_monster(monster_id, level=level, rulebook=rulebook, team=team, hp_pct=hp_pct)


def open_battle(mode: Mode, ground: Ground, builds: tuple[engine.Build, ...]) -> BattleStarted:
    """Begin a battle, inside the caller's transaction, which a refusal ends: whoever is in one already."""
    rulebook, now = rulebooks.current_rulebook(), now_ms()
    battle_id = _keep_record(mode, ground, rulebook, builds, deadline_ms=now + clocks.PLACEMENT_MS)
    seed = secrets.token_bytes(SEED_BYTES_MAX)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_SECRET, [battle_id, seeds.seal(seed, battle_id=battle_id)])
    state = engine.open_battle(_setup(battle_id, mode, ground, builds), rulebook, seed)
    site = BattleSite(zone=ground.zone, map_hash=ground.map_hash, origin=ground.origin)
    opened = Opened(
        header=state.header,
        clock=clocks.opened(state, now),
        site=site,
        spectating=_spectating(mode, ground),
        bonus_pct=ground.bonus_pct,
    )
    head = journal.begin(StreamKind.BATTLE, battle_id, opened)
    place = Place(mode, ground.zone, ground.instance, ground.group_id, ground.bonus_pct)
    keep_after_commit(battle_id, Begun(place, opened, head, state, seed, rulebook))
    world.set_in_battle(character_ids=_characters(builds), battle_id=battle_id)
    set_aside_supplies(battle_id, builds)
    _tell(battle_id, builds)
    return BattleStarted(battle=battle_id, stream=stream_name(battle_id))


def set_aside_supplies(battle_id: int, builds: Iterable[engine.Build]) -> None:
    """Take what some characters bring out of their bags, for as long as the battle lasts."""
    brought = {
        build.character_id: engine.brought(build) for build in builds if build.character_id is not None
    }
    supplies = {who: items for who, items in brought.items() if items}
    if supplies:
        economy_services.set_aside_supplies(battle_id=battle_id, supplies=supplies)


def _spectating(mode: Mode, ground: Ground) -> Spectating:
    """Return who may watch a battle: as its players have chosen, or as its mode says."""
    return ground.spectating or settings.SPECTATING["modes"][mode]


def _setup(battle_id: int, mode: Mode, ground: Ground, builds: tuple[engine.Build, ...]) -> engine.Setup:
    sizes = [sum(build.team == team for build in builds) for team in (0, 1)]
    return engine.Setup(
        battle_id=battle_id,
        mode="pve" if mode == "pve" else "pvp",
        map_hash=ground.map_hash,
        board=ground.board,
        placement=_placement(ground, (sizes[0], sizes[1])),
        builds=builds,
        attackers=ground.attackers,
        objectives=ground.objectives,
    )


def _placement(ground: Ground, sizes: tuple[int, int]) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    drawn = ground.placement
    if drawn is not None and all(len(cells) >= size for cells, size in zip(drawn, sizes, strict=True)):
        return drawn
    return engine.placement_cells(ground.board, contact=ground.contact, teams=sizes)


def _keep_record(
    mode: Mode,
    ground: Ground,
    rulebook: engine.Rulebook,
    builds: tuple[engine.Build, ...],
    *,
    deadline_ms: int,
) -> int:
    """Write the rows of a new battle and of who takes part; return its id."""
    teams = {build.character_id: build.team for build in builds}
    characters = _characters(builds)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                _KEEP_RECORD,
                {
                    "mode": mode,
                    "spectating": _spectating(mode, ground),
                    "zone": ground.zone,
                    "instance": ground.instance,
                    "group": ground.group_id,
                    "deadline": clocks.moment(deadline_ms),
                    "content": rulebook.content_hash,
                    "rules": rulebook.rules_version,
                    "monsters": sorted({build.ref for build in builds if build.kind == "monster"}),
                    "team_max": ground.team_max,
                    "characters": characters,
                    "teams": [teams[character_id] for character_id in characters],
                },
            )
            return int(cursor.fetchone()[0])
    except IntegrityError:
        raise AlreadyInBattleError from None


def _tell(battle_id: int, builds: tuple[engine.Build, ...]) -> None:
    stream = stream_name(battle_id)
    for character_id in _characters(builds):
        realtime.tell_character(character_id, CurrentBattleChanged(battle=battle_id, stream=stream))
        realtime.follow_character(character_id, follow=(stream,), unfollow=(EVERY_BATTLE,))


def _characters(builds: tuple[engine.Build, ...]) -> list[int]:
    return sorted(build.character_id for build in builds if build.character_id is not None)
