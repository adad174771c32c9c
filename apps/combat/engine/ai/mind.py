"""Who thinks, how, and about what: the battle as its team knows it, and what a place is worth."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from aether.protocol.combat_values import Cell

from ..board import distance, walking_distances
from ..casting import as_known, check_summons, check_usable
from ..definitions import ProfileDef, Rulebook, SkillDef
from ..refusals import Refusal
from ..state import Battle, Combatant

FAR = 48
AFK_PROFILE = "guard"
_INDIFFERENT = ProfileDef(id="indifferent", damage=10, kill=100, approach=5)
_LEAVING = 4
"""How far who hits and leaves wants to be from its enemies, at least."""


class Mind(msgspec.Struct, frozen=True, kw_only=True):
    """Who thinks. `away` is how far each cell is from the nearest enemy, on foot.

    `scores` remembers what a cast at a cell is worth, where that is the same from everywhere.
    """

    battle: Battle
    rulebook: Rulebook
    me: Combatant
    profile: ProfileDef
    band: tuple[int, int]
    usable: tuple[tuple[SkillDef, int], ...]
    enemies: tuple[Combatant, ...]
    allies: tuple[Combatant, ...]
    away: Mapping[Cell, int]
    scores: dict[tuple[str, Cell], int] = {}


def mind_of(battle: Battle, who: int, rulebook: Rulebook) -> Mind:
    """Return the mind of somebody; `battle` is what its team knows."""
    me = battle.of(who)
    living = [each for each in battle.combatants if each.is_alive and battle.build(each).kind != "object"]
    enemies = tuple(each for each in living if each.team != me.team)
    profile, band = _character(battle, me, rulebook)
    usable = tuple(_usable(battle, me, rulebook))
    return Mind(
        battle=battle,
        rulebook=rulebook,
        me=me,
        profile=profile,
        band=_wanted_band(me, profile, band, is_spent=not usable),
        usable=usable,
        enemies=enemies,
        allies=tuple(each for each in living if each.team == me.team and each.id != who),
        away=walking_distances(battle.header.board, tuple(enemy.cell for enemy in enemies)),
        scores={},
    )


def standing_at(mind: Mind, cell: Cell) -> Mind:
    """Return the same mind, as if it stood somewhere else."""
    if cell == mind.me.cell:
        return mind
    me = replace(mind.me, cell=cell)
    others = mind.battle.combatants
    combatants = (*others[: me.slot], me, *others[me.slot + 1 :])
    return replace(mind, me=me, battle=replace(mind.battle, combatants=combatants))


def score_position(mind: Mind, cell: Cell) -> int:
    """Return what it is worth to stand somewhere: near the wanted band, near friends, not amid enemies."""
    profile, score = mind.profile, 0
    if mind.enemies:
        away = [distance(cell, enemy.cell) for enemy in mind.enemies]
        near, far = mind.band
        off = max(near - min(away), mind.away.get(cell, FAR) - far, 0)
        threatened = sum(1 for each in away if each <= 1)
        score -= profile.approach * off + profile.exposure * threatened
    if mind.allies and (profile.protect or profile.follow):
        weakest = min(mind.allies, key=lambda ally: (ally.hp * 10_000 // max(1, ally.hp_max), ally.slot))
        score -= profile.protect * distance(cell, weakest.cell)
        score -= profile.follow * min(distance(cell, ally.cell) for ally in mind.allies)
    return score


def _character(battle: Battle, me: Combatant, rulebook: Rulebook) -> tuple[ProfileDef, tuple[int, int]]:
    """Return by what profile and at what distance somebody fights.

    A character whose player is gone keeps the distance of its first skill.
    """
    build = battle.build(me)
    monster = rulebook.monsters.get(build.ref)
    if monster is not None and build.kind != "character":
        return rulebook.ai.get(monster.ai.profile, _INDIFFERENT), monster.ai.band
    reach = rulebook.skills[build.skills[0].id].range
    return rulebook.ai.get(AFK_PROFILE, _INDIFFERENT), (max(1, reach.min), max(1, reach.max))


def _wanted_band(
    me: Combatant, profile: ProfileDef, band: tuple[int, int], *, is_spent: bool
) -> tuple[int, int]:
    if me.hp * 100 < me.hp_max * profile.flee_below_pct:
        return FAR, FAR
    if profile.leaves and is_spent:
        return max(band[1], _LEAVING), FAR
    return band


def _usable(battle: Battle, me: Combatant, rulebook: Rulebook) -> list[tuple[SkillDef, int]]:
    monster = rulebook.monsters.get(battle.build(me).ref)
    reserved = monster.ai.reserved if monster is not None else ()
    usable = []
    for slot in battle.build(me).skills:
        if slot.id in reserved:
            continue
        skill = as_known(me, rulebook.skills[slot.id])
        try:
            check_usable(battle, me, skill)
            check_summons(battle, me, skill, slot.rank)
        except Refusal:
            continue
        usable.append((skill, slot.rank))
    return usable
