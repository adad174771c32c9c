"""How a battle begins: its header, the ids of who takes part, and where they first stand."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from aether.protocol.combat_values import Cell, CombatantView, Mode, Objective, SkillUse

from .definitions import Rulebook
from .dice import Dice, combatant_ids
from .refusals import NoRoom
from .state import Battle, BoardSpec, Build, Combatant, Header


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """What a service decides about a new battle. Teams are 0 and 1; `placement` has a set for each."""

    battle_id: int
    mode: Mode
    map_hash: str
    board: BoardSpec
    placement: tuple[tuple[Cell, ...], tuple[Cell, ...]]
    builds: tuple[Build, ...]
    attackers: int = 0
    is_practice: bool = False
    objectives: tuple[Objective, ...] = ()


def open_battle(setup: Setup, rulebook: Rulebook, server_seed: bytes) -> Battle:
    """Return a battle in placement, everybody on the first free cells of their side."""
    for team in (0, 1):
        size = sum(build.team == team for build in setup.builds)
        if not 1 <= size <= len(set(setup.placement[team])):
            raise NoRoom(team=team)
    header = Header(
        rules_version=rulebook.rules_version,
        battle_id=setup.battle_id,
        content_hash=rulebook.content_hash,
        map_hash=setup.map_hash,
        mode=setup.mode,
        board=setup.board,
        placement=setup.placement,
        builds=setup.builds,
        commitment=Dice(server_seed).commitment,
        attackers=setup.attackers,
        is_practice=setup.is_practice,
        objectives=setup.objectives,
    )
    ids = combatant_ids(header, server_seed)
    builds = tuple(replace(build, id=ids[slot], slot=slot) for slot, build in enumerate(setup.builds))
    return reopen(replace(header, builds=builds), rulebook)


def reopen(header: Header, rulebook: Rulebook) -> Battle:
    """Return the battle of a stored header as it was before its first input."""
    cells = [iter(side) for side in header.placement]
    combatants = [entered(build, next(cells[build.team]), rulebook) for build in header.builds]
    return Battle(header=header, builds=header.builds, combatants=tuple(combatants))


def entered(build: Build, cell: Cell, rulebook: Rulebook) -> Combatant:
    """Return a combatant as it enters the battle."""
    is_human = build.character_id is not None
    hp = build.hp_max if build.hp is None else min(max(build.hp, 1), build.hp_max)
    return Combatant(
        id=build.id,
        slot=build.slot,
        team=build.team,
        cell=cell,
        hp=hp,
        hp_max=build.hp_max,
        ap=build.stats.get("ap_max", 0),
        mp=build.stats.get("mp_max", 0),
        controller="human" if is_human else "ai",
        is_ready=not is_human,
        uses=initial_uses(build, rulebook),
        seen_at=cell,
        began_at=cell,
    )


def seen_entering(build: Build, combatant: Combatant, *, owner: int = 0) -> CombatantView:
    """Return somebody who enters a battle as an event tells it, whole."""
    return CombatantView(
        id=build.id,
        slot=build.slot,
        team=build.team,
        kind=build.kind,
        ref=build.ref,
        name=build.name,
        level=build.level,
        character_id=build.character_id,
        controller=combatant.controller,
        is_connected=True,
        is_ready=combatant.is_ready,
        is_alive=True,
        has_fled=False,
        cell=combatant.cell,
        hp=combatant.hp,
        hp_max=combatant.hp_max,
        ap=combatant.ap,
        mp=combatant.mp,
        ap_debt=0,
        mp_debt=0,
        turns=0,
        skipped=0,
        stats=build.stats,
        effects=(),
        skills=build.skills,
        uses=combatant.uses,
        owner=owner,
        hp_full=build.hp_max,
    )


def initial_uses(build: Build, rulebook: Rulebook) -> tuple[SkillUse, ...]:
    """A skill with an initial cooldown of n cannot be cast in the first n turns."""
    return tuple(
        SkillUse(
            skill=slot.id,
            ready_at=rulebook.skills[slot.id].limits.initial_cooldown + 1,
            turn=0,
            turn_uses=0,
            turn_targets=(),
            fight_uses=0,
        )
        for slot in sorted(build.skills, key=lambda slot: slot.id)
        if rulebook.skills[slot.id].limits.initial_cooldown
    )
