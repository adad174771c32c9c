"""What an action is worth to a profile: expected values in integers, weighted and summed."""

from __future__ import annotations

from aether.protocol.combat_values import Cell

from ..board import distance
from ..casting import covered
from ..conditions import holds
from ..definitions import (
    AnyEffect,
    Circle,
    Cooldown,
    Cross,
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
    Ring,
    Shield,
    Single,
    SkillDef,
    SkillMod,
    Square,
    Summon,
    Swap,
    Teleport,
    TeleportBack,
    Trap,
    Trigger,
    Wall,
    groups_within,
)
from ..hurting import Blow, defence_of, mended_by, received, sent_by
from ..scene import Struck, passes
from ..shapes import covers
from ..state import Combatant
from ..stats import stat
from .mind import FAR, Mind, score_position

TRAP_NEAR = 3
_GUARDING = 5
_MOTIONS = (Push, Pull, Dash, Teleport, Swap, Summon, Wall)
_KIND_STATES = ("unmovable", "invisible", "untargetable")


def score_cast(mind: Mind, skill: SkillDef, rank: int, cell: Cell) -> int:
    """Return what casting from where `mind.me` stands is expected to bring."""
    effects = skill.ranks[rank].effects
    if distance(mind.me.cell, cell) <= _spread(skill) or not _is_same_from_everywhere(effects):
        return _score_all(mind, effects, covered(mind.battle, mind.me, skill, cell), cell)
    known = mind.scores.get((skill.id, cell))
    if known is None:
        struck = covered(mind.battle, mind.me, skill, cell)
        known = mind.scores[skill.id, cell] = _score_all(mind, effects, struck, cell)
    return known


def _spread(skill: SkillDef) -> int:
    """Return from how near a cast may cover its own caster, or depends on where it is cast from."""
    match skill.shape:
        case Single():
            return 0
        case Circle(n=n) | Ring(n=n) | Cross(n=n):
            return n
        case Square(n=n):
            return 2 * n
        case _:
            return FAR


def _is_same_from_everywhere(effects: tuple[AnyEffect, ...]) -> bool:
    """Tell whether what effects bring does not depend on where their caster stands."""
    return not any(
        isinstance(effect, _MOTIONS) or not all(map(_is_same_from_everywhere, groups_within(effect)))
        for effect in effects
    )


def _score_all(mind: Mind, effects: tuple[AnyEffect, ...], struck: tuple[Struck, ...], cell: Cell) -> int:
    return sum(_score_effect(mind, effect, struck, cell) for effect in effects)


def _score_effect(mind: Mind, effect: AnyEffect, struck: tuple[Struck, ...], cell: Cell) -> int:
    match effect:
        case Dash() | Teleport():
            return score_position(mind, cell) - score_position(mind, mind.me.cell)
        case Summon() | Trap() | Glyph() | Wall() | Reveal():
            return _score_ground(mind, effect, cell)
        case If() | RandomOf() | PerStack():
            return _score_choice(mind, effect, struck, cell)
        case Revive():
            return mind.profile.heal * effect.hp_pct if struck else 0
    if effect.filter == "self":
        return _score_on(mind, effect, mind.me, 0)
    total = 0
    for each in struck:
        target = mind.battle.of(each.who)
        if passes(effect.filter, mind.me, target):
            total += _score_on(mind, effect, target, each.distance)
    return total


def _score_ground(mind: Mind, effect: Summon | Trap | Glyph | Wall | Reveal, cell: Cell) -> int:
    """What lies on the ground is worth what it may do to who is there, or near."""
    if not mind.enemies and not isinstance(effect, Reveal):
        return 0
    match effect:
        case Summon():
            return mind.profile.summon
        case Wall():
            is_near = any(distance(cell, enemy.cell) <= TRAP_NEAR for enemy in mind.enemies)
            return mind.profile.control // 2 if is_near else 0
        case Reveal():
            unseen = [each for each in mind.battle.combatants if each.is_hidden and each.team != mind.me.team]
            covered_now = [
                each for each in unseen if covers(effect.shape, each.seen_at, origin=cell, caster=cell)
            ]
            return mind.profile.control * len(covered_now)
        case Trap():
            near = [Struck(each.id, 0) for each in mind.enemies if distance(cell, each.cell) <= TRAP_NEAR]
            return _score_all(mind, effect.effects, tuple(near[:1]), cell) // 2
        case Glyph():
            inside = [
                Struck(each.id, 0)
                for each in (*mind.enemies, *mind.allies, mind.me)
                if covers(effect.shape, each.cell, origin=cell, caster=cell)
            ]
            return _score_all(mind, effect.effects, tuple(inside), cell) * 2 // 3


def _score_choice(
    mind: Mind, effect: If | RandomOf | PerStack, struck: tuple[Struck, ...], cell: Cell
) -> int:
    match effect:
        case RandomOf():
            whole = sum(option.w for option in effect.options)
            total = sum(
                option.w * _score_all(mind, option.effects, struck, cell) for option in effect.options
            )
            return total // whole
        case PerStack():
            total = 0
            for each in _passing(mind, effect, struck):
                effects = mind.battle.of(each.who).effects
                stacks = sum(one.stacks for one in effects if one.key == effect.key)
                total += stacks * _score_all(mind, effect.effects, (each,), cell)
            return total
        case If():
            total = 0
            for each in _passing(mind, effect, struck):
                target = mind.battle.of(each.who)
                is_so = all(holds(one, mind.me if one.of == "self" else target) for one in effect.cond)
                total += _score_all(mind, effect.then if is_so else effect.else_, (each,), cell)
            return total


def _passing(mind: Mind, effect: Effect, struck: tuple[Struck, ...]) -> list[Struck]:
    return [each for each in struck if passes(effect.filter, mind.me, mind.battle.of(each.who))]


def _score_on(mind: Mind, effect: AnyEffect, target: Combatant, away: int) -> int:
    """Harm counts for the score on enemies and against it on friends; help the other way round."""
    profile, is_enemy = mind.profile, target.team != mind.me.team
    match effect:
        case Damage():
            return _score_damage(mind, effect, target, away)
        case DamagePct() | Kill():
            lost = target.hp if isinstance(effect, Kill) else target.hp_max * effect.pct // 100
            return lost * (profile.damage if is_enemy else -profile.friendly_fire)
        case Dot():
            amount = sum(effect.amount) // 2 * effect.duration
            return profile.damage * min(amount, target.hp) * (1 if is_enemy else -1)
        case Inflict() | Drain() | Push() | Pull() | TeleportBack():
            return _score_control(mind, effect, target)
        case Swap() | Dispel() | Trigger():
            return _score_other(mind, effect, target, away)
        case Heal() | HealPct() | Hot():
            worth = profile.heal * min(_mended(mind, effect, target), target.hp_max - target.hp)
        case _:
            worth = _score_help(mind, effect, target)
    return -worth if is_enemy else worth


def _score_other(mind: Mind, effect: Swap | Dispel | Trigger, target: Combatant, away: int) -> int:
    is_enemy = target.team != mind.me.team
    match effect:
        case Swap():
            here = score_position(mind, mind.me.cell)
            return score_position(mind, target.cell) - here - mind.profile.step
        case Dispel():
            if effect.polarity not in ("helpful" if is_enemy else "harmful", "any"):
                return 0
            found = [each for each in target.effects if each.is_harmful != is_enemy and each.is_dispellable]
            return mind.profile.control * min(len(found), effect.count)
        case Trigger():
            return sum(_score_on(mind, each, target, away) for each in effect.effects) // 2


def _mended(mind: Mind, effect: Heal | HealPct | Hot, target: Combatant) -> int:
    match effect:
        case Heal():
            return mended_by(mind.battle, mind.me, (effect.min + effect.max) // 2)
        case HealPct():
            return target.hp_max * effect.pct // 100
        case Hot():
            return sum(effect.amount) // 2 * effect.duration


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


def _score_control(
    mind: Mind, effect: Inflict | Drain | Push | Pull | TeleportBack, target: Combatant
) -> int:
    """Control is worth more on who is dangerous; doing the same twice is worth nothing."""
    worth = mind.profile.control
    is_enemy = target.team != mind.me.team
    if isinstance(effect, Inflict):
        has_it = any(each.of == effect.state for each in target.effects)
        worth = 0 if has_it or not mind.enemies else worth * effect.duration
        if effect.state in _KIND_STATES:
            is_enemy = not is_enemy
    elif isinstance(effect, Pull):
        nearest = distance(mind.me.cell, target.cell)
        worth = worth if nearest > mind.band[1] or nearest > 2 else 0
    elif isinstance(effect, Push):
        worth = worth // 2 if distance(mind.me.cell, target.cell) < mind.band[1] else 0
    elif isinstance(effect, TeleportBack):
        worth = worth // 2 if target.cell != target.began_at else 0
    return worth if is_enemy else -worth


def _score_help(mind: Mind, effect: AnyEffect, target: Combatant) -> int:
    profile = mind.profile
    match effect:
        case Shield():
            has_one = any(each.kind == "shield" for each in target.effects)
            return 0 if has_one or not mind.enemies else profile.shield * sum(effect.amount) // 2
        case Redirect() | Reflect():
            kind = "redirect" if isinstance(effect, Redirect) else "reflect"
            has_one = any(each.kind == kind for each in target.effects)
            return 0 if has_one or not mind.enemies else profile.shield * _GUARDING
        case Mod(delta=delta) | SkillMod(delta=delta):
            is_good = (delta > 0) != (isinstance(effect, Mod) and effect.stat == "in_pct")
            return profile.buff if is_good else -profile.buff
        case Cooldown(delta=delta):
            return profile.buff // 2 if delta < 0 else -profile.buff // 2
        case Gain(n=n):
            return profile.buff * n // 2
        case _:
            return 0
