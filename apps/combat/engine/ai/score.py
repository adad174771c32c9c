"""What an action is worth to a profile: expected values in integers, weighted and summed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aether.protocol.combat_values import Cell

from ..board import distance
from ..conditions import holds
from ..definitions import (
    AnyEffect,
    Cone,
    Cooldown,
    Damage,
    DamagePct,
    Dash,
    Dispel,
    Dot,
    Drain,
    Effect,
    Gain,
    Glyph,
    Heal,
    HealPct,
    Hot,
    If,
    Inflict,
    Kill,
    Mod,
    PerStack,
    Pull,
    Push,
    RandomOf,
    Redirect,
    Reflect,
    Reveal,
    Revive,
    Shield,
    SkillDef,
    SkillMod,
    Summon,
    Swap,
    Teleport,
    TeleportBack,
    Trap,
    Trigger,
    Wall,
)
from ..definitions import Board as WholeBoard
from ..hurting import Blow, mended_by, received, sent
from ..scene import passes
from ..shapes import coverage, direction, offsets_of
from ..state import Combatant
from .mind import Mind

TRAP_NEAR = 3
_GUARDING = 5
_KIND_STATES = ("unmovable", "invisible", "untargetable")
MOVED = frozenset([Push, Pull, Swap, TeleportBack, Trigger])
"""Effects on somebody that are worth more or less depending on where their caster stands."""

Met = tuple[Combatant, int]
"""Somebody whom a cast would meet, and how far from its centre."""


def covered(mind: Mind, skill: SkillDef, stand: Cell, aim: Cell) -> tuple[Met, ...]:
    """Return whom a cast would meet, as far as its caster knows; it stands where it would cast from."""
    way = direction(stand, aim)
    others = others_covered(mind, skill, stand if isinstance(skill.shape, Cone) else aim, aim, way)
    return (*others, (mind.me, distance(stand, aim))) if is_covered(mind, skill, stand, aim, way) else others


def others_covered(mind: Mind, skill: SkillDef, centre: Cell, aim: Cell, way: Cell) -> tuple[Met, ...]:
    """Return whom a cast that goes one way from its centre would meet besides its caster."""
    (x, y), shape, others = centre, skill.shape, mind.others
    if not isinstance(shape, WholeBoard):
        offsets, there = offsets_of(shape, way), mind.others_at
        if len(others) < len(offsets):
            others = [each for each in others if (each.cell[0] - x, each.cell[1] - y) in offsets]
        else:
            cells = [(x + off_x, y + off_y) for off_x, off_y in offsets]
            others = [each for cell in cells if cell in there for each in there[cell]]
    if others and skill.area_los:
        others = [each for each in others if mind.sight.is_open(centre, each.cell)]
    return tuple([(each, distance(each.cell, aim)) for each in others])


def is_covered(mind: Mind, skill: SkillDef, stand: Cell, aim: Cell, way: Cell) -> bool:
    """Tell whether a cast would meet its own caster, who casts it from a cell."""
    shape = skill.shape
    if isinstance(shape, WholeBoard):
        return True
    centre = stand if isinstance(shape, Cone) else aim
    return (stand[0] - centre[0], stand[1] - centre[1]) in offsets_of(shape, way) and (
        not skill.area_los or mind.sight.is_open(centre, stand)
    )


def score_on(mind: Mind, effect: AnyEffect, target: Combatant, away: int, stand: Cell) -> int:
    """Return what an effect on somebody is worth; worked out once where it is the same from everywhere."""
    if type(effect) in MOVED:
        return _score_on(mind, effect, target, away, stand)
    key = (id(effect), target.slot, away)
    known = mind.blows.get(key)
    if known is None:
        known = mind.blows[key] = _score_on(mind, effect, target, away, stand)
    return known


def score_all(
    mind: Mind, effects: tuple[AnyEffect, ...], met: tuple[Met, ...], stand: Cell, aim: Cell
) -> int:
    """Return what effects bring that meet somebody, cast from a cell at another."""
    total = 0
    for effect in effects:
        special = _SPECIAL.get(type(effect))
        if special is not None:
            total += special(mind, effect, met, stand, aim)
        elif effect.filter == "self":
            total += score_on(mind, effect, mind.me, 0, stand)
        else:
            for target, away in met:
                if passes(effect.filter, mind.me, target):
                    total += score_on(mind, effect, target, away, stand)
    return total


def _score_leap(mind: Mind, _effect: Dash | Teleport, _met: tuple[Met, ...], stand: Cell, aim: Cell) -> int:
    return mind.position(aim) - mind.position(stand)


def _score_revival(mind: Mind, effect: Revive, met: tuple[Met, ...], _stand: Cell, _aim: Cell) -> int:
    return mind.profile.heal * effect.hp_pct if met else 0


def _score_ground(
    mind: Mind, effect: Summon | Trap | Glyph | Wall | Reveal, _met: tuple[Met, ...], stand: Cell, aim: Cell
) -> int:
    """What lies on the ground is worth what it may do to who is there, or near."""
    if not mind.enemies and not isinstance(effect, Reveal):
        return 0
    match effect:
        case Summon():
            return mind.profile.summon
        case Wall():
            is_near = any(distance(aim, enemy.cell) <= TRAP_NEAR for enemy in mind.enemies)
            return mind.profile.control // 2 if is_near else 0
        case Reveal():
            return mind.profile.control * _found_by(mind, effect, aim)
        case Trap():
            near = [each for each in mind.enemies if distance(aim, each.cell) <= TRAP_NEAR]
            return score_trap(mind, effect, near[0] if near else None)
        case Glyph():
            covers = coverage(effect.shape, origin=aim, caster=aim)
            inside = [(each, 0) for each in (*mind.enemies, *mind.allies) if covers(each.cell)]
            if covers(stand):
                inside.append((mind.me, 0))
            return score_all(mind, effect.effects, tuple(inside), stand, aim) * 2 // 3


def _found_by(mind: Mind, reveal: Reveal, aim: Cell) -> int:
    if not mind.unseen:
        return 0
    covers = coverage(reveal.shape, origin=aim, caster=aim)
    return len([each for each in mind.unseen if covers(each.seen_at)])


def score_trap(mind: Mind, trap: Trap, victim: Combatant | None) -> int:
    """Return what a trap is worth that somebody is near to."""
    key = (id(trap), -1 if victim is None else victim.slot, 0)
    known = mind.blows.get(key)
    if known is None:
        cell = mind.me.cell
        met = () if victim is None else ((victim, 0),)
        known = mind.blows[key] = score_all(mind, trap.effects, met, cell, cell) // 2
    return known


def _score_choice(
    mind: Mind, effect: If | RandomOf | PerStack, met: tuple[Met, ...], stand: Cell, aim: Cell
) -> int:
    match effect:
        case RandomOf():
            whole = sum(option.w for option in effect.options)
            total = sum(
                option.w * score_all(mind, option.effects, met, stand, aim) for option in effect.options
            )
            return total // whole
        case PerStack():
            total = 0
            for each in _passing(mind, effect, met):
                stacks = sum(one.stacks for one in each[0].effects if one.key == effect.key)
                total += stacks * score_all(mind, effect.effects, (each,), stand, aim)
            return total
        case If():
            total = 0
            for each in _passing(mind, effect, met):
                is_so = all(holds(one, mind.me, each[0]) for one in effect.cond)
                total += score_all(mind, effect.then if is_so else effect.else_, (each,), stand, aim)
            return total


def _passing(mind: Mind, effect: Effect, met: tuple[Met, ...]) -> list[Met]:
    return [each for each in met if passes(effect.filter, mind.me, each[0])]


def _score_on(mind: Mind, effect: AnyEffect, target: Combatant, away: int, stand: Cell) -> int:
    """Harm counts for the score on enemies and against it on friends; help the other way round."""
    harm = _HARM.get(type(effect))
    if harm is not None:
        return harm(mind, effect, target, away, stand)
    help_ = _HELP.get(type(effect))
    if help_ is None:
        return 0
    worth = help_(mind, effect, target)
    return -worth if target.team != mind.me.team else worth


def _score_share(mind: Mind, effect: DamagePct | Kill, target: Combatant, _away: int, _stand: Cell) -> int:
    lost = target.hp if isinstance(effect, Kill) else target.hp_max * effect.pct // 100
    return lost * (mind.profile.damage if target.team != mind.me.team else -mind.profile.friendly_fire)


def _score_dot(mind: Mind, effect: Dot, target: Combatant, _away: int, _stand: Cell) -> int:
    amount = sum(effect.amount) // 2 * effect.duration
    return mind.profile.damage * min(amount, target.hp) * (1 if target.team != mind.me.team else -1)


def _score_swap(mind: Mind, _effect: Swap, target: Combatant, _away: int, stand: Cell) -> int:
    there = stand if target is mind.me else target.cell
    return mind.position(there) - mind.position(stand) - mind.profile.step


def _score_dispel(mind: Mind, effect: Dispel, target: Combatant, _away: int, _stand: Cell) -> int:
    is_enemy = target.team != mind.me.team
    if effect.polarity not in ("helpful" if is_enemy else "harmful", "any"):
        return 0
    found = [each for each in target.effects if each.is_harmful != is_enemy and each.is_dispellable]
    return mind.profile.control * min(len(found), effect.count)


def _score_trigger(mind: Mind, effect: Trigger, target: Combatant, away: int, stand: Cell) -> int:
    return sum([score_on(mind, each, target, away, stand) for each in effect.effects]) // 2


def _score_mending(mind: Mind, effect: Heal | HealPct | Hot, target: Combatant) -> int:
    return mind.profile.heal * min(_mended(mind, effect, target), target.hp_max - target.hp)


def _mended(mind: Mind, effect: Heal | HealPct | Hot, target: Combatant) -> int:
    match effect:
        case Heal():
            return mended_by(mind.battle, mind.me, (effect.min + effect.max) // 2)
        case HealPct():
            return target.hp_max * effect.pct // 100
        case Hot():
            return sum(effect.amount) // 2 * effect.duration


def _score_damage(mind: Mind, effect: Damage, target: Combatant, away: int, _stand: Cell) -> int:
    base = (effect.min + effect.max) // 2 + effect.per_level * mind.battle.build(mind.me).level
    power, flat, out_pct, pierce_pct = mind.power(effect.element)
    blow = Blow(
        by=mind.me.id,
        cause="skill",
        element=effect.element,
        base=base,
        raw=sent(base, power=power, flat=flat, out_pct=out_pct),
        falloff_pct=effect.falloff_pct * away,
        pierce_pct=pierce_pct,
    )
    amount = received(blow, mind.defence(target, effect.element))
    lost = min(amount, target.hp)
    if target.team == mind.me.team:
        return -lost * mind.profile.friendly_fire
    shielded = sum(each.value for each in target.effects if each.kind == "shield")
    is_kill = amount - shielded >= target.hp
    return lost * mind.profile.damage + (mind.profile.kill if is_kill else 0)


def _score_state(mind: Mind, effect: Inflict, target: Combatant, _away: int, _stand: Cell) -> int:
    """Doing the same twice is worth nothing; holding somebody up, the more the more dangerous it is."""
    has_it = any(each.of == effect.state for each in target.effects)
    worth = 0 if has_it or not mind.enemies else mind.profile.control * effect.duration
    is_kind = effect.state in _KIND_STATES
    if not is_kind:
        worth = worth * mind.threat_pct(target) // 100
    return worth if (target.team != mind.me.team) != is_kind else -worth


def _score_drain(mind: Mind, _effect: Drain, target: Combatant, _away: int, _stand: Cell) -> int:
    worth = mind.profile.control * mind.threat_pct(target) // 100
    return worth if target.team != mind.me.team else -worth


def _score_motion(
    mind: Mind, effect: Push | Pull | TeleportBack, target: Combatant, _away: int, stand: Cell
) -> int:
    worth = mind.profile.control
    cell = stand if target is mind.me else target.cell
    match effect:
        case Pull():
            worth = worth if distance(stand, cell) > min(mind.band[1], 2) else 0
        case Push():
            worth = worth // 2 if distance(stand, cell) < mind.band[1] else 0
        case TeleportBack():
            worth = worth // 2 if cell != target.began_at else 0
    return worth if target.team != mind.me.team else -worth


def _score_shield(mind: Mind, effect: Shield, target: Combatant) -> int:
    has_one = any(each.kind == "shield" for each in target.effects)
    return 0 if has_one or not mind.enemies else mind.profile.shield * sum(effect.amount) // 2


def _score_guard(mind: Mind, effect: Redirect | Reflect, target: Combatant) -> int:
    kind = "redirect" if isinstance(effect, Redirect) else "reflect"
    has_one = any(each.kind == kind for each in target.effects)
    return 0 if has_one or not mind.enemies else mind.profile.shield * _GUARDING


def _score_mod(mind: Mind, effect: Mod | SkillMod, _target: Combatant) -> int:
    is_good = (effect.delta > 0) != (isinstance(effect, Mod) and effect.stat == "in_pct")
    return mind.profile.buff if is_good else -mind.profile.buff


def _score_cooldown(mind: Mind, effect: Cooldown, _target: Combatant) -> int:
    return mind.profile.buff // 2 if effect.delta < 0 else -mind.profile.buff // 2


def _score_gain(mind: Mind, effect: Gain, _target: Combatant) -> int:
    return mind.profile.buff * effect.n // 2


_HARM: dict[type[Effect], Callable[[Mind, Any, Combatant, int, Cell], int]] = {
    Damage: _score_damage,
    **dict.fromkeys((DamagePct, Kill), _score_share),
    Dot: _score_dot,
    Inflict: _score_state,
    Drain: _score_drain,
    **dict.fromkeys((Push, Pull, TeleportBack), _score_motion),
    Swap: _score_swap,
    Dispel: _score_dispel,
    Trigger: _score_trigger,
}
_HELP: dict[type[Effect], Callable[[Mind, Any, Combatant], int]] = {
    **dict.fromkeys((Heal, HealPct, Hot), _score_mending),
    Shield: _score_shield,
    **dict.fromkeys((Redirect, Reflect), _score_guard),
    **dict.fromkeys((Mod, SkillMod), _score_mod),
    Cooldown: _score_cooldown,
    Gain: _score_gain,
}

Special = Callable[[Mind, Any, tuple[Met, ...], Cell, Cell], int]

_SPECIAL: dict[type[Effect], Special] = {
    Dash: _score_leap,
    Teleport: _score_leap,
    Revive: _score_revival,
    **dict.fromkeys((Summon, Trap, Glyph, Wall, Reveal), _score_ground),
    **dict.fromkeys((If, RandomOf, PerStack), _score_choice),
}
"""What is not simply a sum over those whom it meets."""
