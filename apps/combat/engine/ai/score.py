"""What an action is worth to a profile: expected values in integers, weighted and summed."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from aether.protocol.combat_events import Cell

from ..board import distance
from ..casting import covered
from ..definitions import (
    AnyEffect,
    Damage,
    Dash,
    Dot,
    Drain,
    Gain,
    Heal,
    Hot,
    Inflict,
    Mod,
    ProfileDef,
    Pull,
    Push,
    Rulebook,
    Shield,
    SkillDef,
    Teleport,
)
from ..hurting import Blow, defence_of, mended_by, received, sent_by
from ..scene import Struck, passes
from ..state import Battle, Combatant
from ..stats import stat

FAR = 48


class Mind(msgspec.Struct, frozen=True, kw_only=True):
    """Who thinks, how, and about what: the battle as its team knows it.

    `away` is how far each cell is from the nearest enemy, on foot.
    """

    battle: Battle
    rulebook: Rulebook
    me: Combatant
    profile: ProfileDef
    band: tuple[int, int]
    enemies: tuple[Combatant, ...]
    away: Mapping[Cell, int]


def score_cast(mind: Mind, skill: SkillDef, rank: int, cell: Cell) -> int:
    """Return what casting from where `mind.me` stands is expected to bring."""
    struck = covered(mind.battle, mind.me, skill, cell)
    effects = skill.ranks[rank].effects
    return sum(_score_effect(mind, effect, struck, cell) for effect in effects)


def score_position(mind: Mind, cell: Cell) -> int:
    """Return what standing on a cell is worth: the liked distance, and not being within reach."""
    if not mind.enemies:
        return 0
    away = [distance(cell, enemy.cell) for enemy in mind.enemies]
    near, far = _wanted_band(mind)
    off = max(near - min(away), mind.away.get(cell, FAR) - far, 0)
    threatened = sum(1 for each in away if each <= 1)
    return -mind.profile.approach * off - mind.profile.exposure * threatened


def _wanted_band(mind: Mind) -> tuple[int, int]:
    is_afraid = mind.me.hp * 100 < mind.me.hp_max * mind.profile.flee_below_pct
    return (FAR, FAR) if is_afraid else mind.band


def _score_effect(mind: Mind, effect: AnyEffect, struck: tuple[Struck, ...], cell: Cell) -> int:
    if isinstance(effect, Dash | Teleport):
        return score_position(mind, cell) - score_position(mind, mind.me.cell)
    if effect.filter == "self":
        return _score_on(mind, effect, mind.me, 0)
    total = 0
    for each in struck:
        target = mind.battle.of(each.who)
        if passes(effect.filter, mind.me, target):
            total += _score_on(mind, effect, target, each.distance)
    return total


def _score_on(mind: Mind, effect: AnyEffect, target: Combatant, away: int) -> int:
    """Harm counts for the score on enemies and against it on friends; help the other way round."""
    profile, is_enemy = mind.profile, target.team != mind.me.team
    match effect:
        case Damage():
            return _score_damage(mind, effect, target, away)
        case Dot():
            amount = sum(effect.amount) // 2 * effect.duration
            return profile.damage * min(amount, target.hp) * (1 if is_enemy else -1)
        case Inflict() | Drain() | Push() | Pull():
            return _score_control(mind, effect, target)
        case Heal() | Hot() | Shield() | Mod() | Gain():
            worth = _score_help(mind, effect, target)
            return -worth if is_enemy else worth
        case _:
            return 0


def _score_damage(mind: Mind, effect: Damage, target: Combatant, away: int) -> int:
    base = (effect.min + effect.max) // 2 + effect.per_level * mind.battle.build(mind.me).level
    blow = Blow(
        by=mind.me.id,
        cause="skill",
        element=effect.element,
        base=base,
        raw=sent_by(mind.battle, mind.me, effect.element, base),
        falloff_pct=effect.falloff_pct * away,
        pierce_pct=stat(mind.battle, mind.me, "pierce_pct"),
    )
    amount = received(blow, defence_of(mind.battle, target, effect.element))
    lost = min(amount, target.hp)
    if target.team == mind.me.team:
        return -lost * mind.profile.friendly_fire
    shielded = sum(each.value for each in target.effects if each.kind == "shield")
    is_kill = amount - shielded >= target.hp
    return lost * mind.profile.damage + (mind.profile.kill if is_kill else 0)


def _score_control(mind: Mind, effect: Inflict | Drain | Push | Pull, target: Combatant) -> int:
    """Control is worth more on who is dangerous; doing the same twice is worth nothing."""
    worth = mind.profile.control
    if isinstance(effect, Inflict):
        has_it = any(each.of == effect.state for each in target.effects)
        worth = 0 if has_it else worth * effect.duration
    elif isinstance(effect, Pull):
        nearest = distance(mind.me.cell, target.cell)
        worth = worth if nearest > mind.band[1] or nearest > 2 else 0
    elif isinstance(effect, Push):
        worth = worth // 2 if distance(mind.me.cell, target.cell) < mind.band[1] else 0
    return worth if target.team != mind.me.team else -worth


def _score_help(mind: Mind, effect: Heal | Hot | Shield | Mod | Gain, target: Combatant) -> int:
    missing = target.hp_max - target.hp
    match effect:
        case Heal():
            healed = mended_by(mind.battle, mind.me, (effect.min + effect.max) // 2)
            return mind.profile.heal * min(healed, missing)
        case Hot():
            return mind.profile.heal * min(sum(effect.amount) // 2 * effect.duration, missing)
        case Shield():
            has_one = any(each.kind == "shield" for each in target.effects)
            return 0 if has_one or not mind.enemies else mind.profile.shield * sum(effect.amount) // 2
        case Mod(delta=delta):
            return mind.profile.buff if delta > 0 else -mind.profile.buff
        case Gain(n=n):
            return mind.profile.buff * n // 2
