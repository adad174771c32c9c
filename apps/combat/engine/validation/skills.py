"""The checks of skills and of every effect that they carry."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..conditions import is_about_caster
from ..definitions import (
    AXIS_SHAPES,
    STAGES,
    AnyEffect,
    CombatPack,
    Condition,
    Cooldown,
    Damage,
    DamagePct,
    Dash,
    Dispel,
    Dot,
    Drain,
    Gain,
    Glyph,
    Hot,
    If,
    Lasting,
    Mod,
    PerStack,
    Rank,
    Revive,
    Rollable,
    Shield,
    SkillDef,
    SkillMod,
    Summon,
    Teleport,
    Trap,
    Trigger,
    Wall,
    groups_within,
)
from ..stats import MODIFIABLE
from .bounds import STACKS_MAX
from .nesting import every_effect, groups_by_keys
from .problems import Finding, under

NESTING_MAX = 4
ONCE_A_TURN = ("turn_start", "turn_end", "round_start")
"""Moments that nobody brings about by acting."""


def skill_findings(pack: CombatPack, skill: SkillDef) -> Iterator[Finding]:
    """Say what is wrong with a skill."""
    if skill.class_ is not None and skill.class_ not in pack.classes:
        yield ("class",), f"there is no class {skill.class_!r}"
    yield from _aim(skill)
    yield from _ranks(skill)
    for number, condition in enumerate(skill.requires):
        if not is_about_caster(condition):
            yield ("requires", number, "of"), "what a skill requires is about its caster: of: self"
        yield from under(("requires", number), _condition(pack, condition))
    for at, rank in enumerate(skill.ranks):
        yield from under(("ranks", at), _rank(pack, skill, rank))


def _aim(skill: SkillDef) -> Iterator[Finding]:
    if skill.range.min > skill.range.max:
        yield ("range",), "min is above max"
    if isinstance(skill.shape, AXIS_SHAPES) and not skill.range.axis:
        yield ("range", "axis"), "shapes line, bar and cone need axis: true"
    if isinstance(skill.shape, AXIS_SHAPES) and skill.range.min == 0:
        yield ("range", "min"), "shapes line, bar and cone need a direction: min must be 1 or more"
    if skill.ap == 0 and not skill.limits.per_turn:
        yield ("limits",), "a skill without action points needs a limit per turn"


def _rank(pack: CombatPack, skill: SkillDef, rank: Rank) -> Iterator[Finding]:
    if not _is_limited(pack, skill) and _pays_for_itself(pack, skill, rank.effects):
        yield ("effects",), "it gives back what it costs, so it needs a limit or a cooldown"
    elif any(_pays_for_others(effect) for effect in every_effect(rank.effects)):
        yield ("effects",), "what it lays gives action points without end, so it needs a limit"
    for number, effect in enumerate(rank.effects):
        yield from under(("effects", number), _effect(pack, skill, effect, depth=1))


def _is_limited(pack: CombatPack, skill: SkillDef) -> bool:
    """Tell whether a skill has a limit; a cooldown is none where some effect shortens it."""
    limits = skill.limits
    rests = limits.cooldown and not any(_shortens(effect, skill) for effect in _all_effects(pack))
    return bool(limits.per_turn or limits.per_fight or rests)


def _shortens(effect: AnyEffect, skill: SkillDef) -> bool:
    match effect:
        case Cooldown(skill=named, delta=delta):
            return delta < 0 and named in ("all", skill.id)
        case SkillMod(skill=named, path="cooldown", delta=delta):
            return delta < 0 and named == skill.id
    return False


def _pays_for_others(effect: AnyEffect) -> bool:
    """Tell whether a trigger gives action points as often as somebody acts: others cost nothing then."""
    return (
        isinstance(effect, Trigger)
        and effect.on not in ONCE_A_TURN
        and not effect.limit
        and _most_ap(effect.effects) > 0
    )


def _pays_for_itself(pack: CombatPack, skill: SkillDef, effects: tuple[AnyEffect, ...]) -> bool:
    """Tell whether a cast may give back all its action points, however deep inside other effects."""
    most = _most_ap(effects)
    return most > 0 and most >= (1 if _becomes_cheaper(pack, skill) else skill.ap)


def _becomes_cheaper(pack: CombatPack, skill: SkillDef) -> bool:
    """Tell whether some effect lowers what a skill costs, perhaps many times over."""
    return any(
        isinstance(effect, SkillMod) and (effect.skill, effect.path) == (skill.id, "ap") and effect.delta < 0
        for effect in _all_effects(pack)
    )


def _most_ap(effects: tuple[AnyEffect, ...]) -> int:
    """Return the most action points that effects give to somebody at once."""
    total = 0
    for effect in effects:
        groups = [_most_ap(group) for group in groups_within(effect)]
        match effect:
            case Gain(pool="ap") | Drain(pool="ap", steal=True):
                total += effect.n
            case PerStack():
                total += sum(groups) * STACKS_MAX
            case _:
                total += max(groups, default=0)
    return total


def _effect(
    pack: CombatPack, skill: SkillDef, effect: AnyEffect, *, depth: int, is_cast: bool = True
) -> Iterator[Finding]:
    """Say what is wrong with an effect and all inside it; `is_cast`: the cast itself unfolds it."""
    yield from _values(pack, effect)
    yield from _references(pack, effect)
    yield from _circumstances(skill, effect, is_cast=is_cast)
    if isinstance(effect, Dash | Teleport) and not (skill.breaks_invisibility or skill.covert):
        yield (), "it would show where somebody unseen goes: covert: true, or breaks_invisibility: true"
    if depth > NESTING_MAX:
        yield (), f"effects are nested more than {NESTING_MAX} deep"
        return
    is_still_cast = is_cast and not isinstance(effect, Trigger | Trap | Glyph)
    for keys, group in groups_by_keys(effect):
        for number, inner in enumerate(group):
            found = _effect(pack, skill, inner, depth=depth + 1, is_cast=is_still_cast)
            yield from under((*keys, number), found)


def _values(pack: CombatPack, effect: AnyEffect) -> Iterator[Finding]:
    match effect:
        case Rollable(min=low, max=high):
            yield from _amounts((low, high), effect.crit)
        case Shield() | Dot() | Hot():
            yield from _amounts(effect.amount, effect.crit)
        case If():
            for number, condition in enumerate(effect.cond):
                yield from under(("cond", number), _condition(pack, condition))
            if not effect.then and not effect.else_:
                yield (), "it does nothing either way"
        case Trigger():
            yield from _trigger(effect)
        case Trap() | Glyph() | PerStack() if not effect.effects:
            yield ("effects",), "it needs something to do"
        case _:
            pass


def _trigger(effect: Trigger) -> Iterator[Finding]:
    if effect.stage == "react" and not effect.effects:
        yield ("effects",), "it needs something to do"
    if effect.stage != "react":
        if effect.stage not in STAGES.get(effect.on, ()):
            moments = ", ".join(on for on, stages in STAGES.items() if effect.stage in stages)
            yield ("stage",), f"what is {effect.on} has nothing to {effect.stage}: only {moments}"
        if effect.effects:
            yield ("effects",), "only what reacts has effects"
    if effect.polarity != "any" and (effect.on, effect.stage) != ("effect_applied", "replace"):
        yield ("polarity",), "it says which effects are replaced: on: effect_applied, stage: replace"
    if any(isinstance(each, Trigger) and each.on == effect.on for each in every_effect(effect.effects)):
        yield ("effects",), "a trigger that lays itself again never ends"


def _references(pack: CombatPack, effect: AnyEffect) -> Iterator[Finding]:
    match effect:
        case Mod(stat=stat) if stat not in MODIFIABLE:
            yield ("stat",), f"there is no stat {stat!r} that effects can change"
        case Summon(monster=monster) if monster not in pack.monsters:
            yield ("monster",), f"there is no monster {monster!r}"
        case SkillMod(skill=skill) if skill not in pack.skills:
            yield ("skill",), f"there is no skill {skill!r}"
        case Cooldown(skill=skill) if skill != "all" and skill not in pack.skills:
            yield ("skill",), f"there is no skill {skill!r}"
        case PerStack(key=str(key)) | Dispel(key=str(key)) if not _is_laid(pack, key):
            yield ("key",), f"nothing ever lays an effect with the key {key!r}"
        case _:
            pass


def _is_laid(pack: CombatPack, key: str) -> bool:
    """Tell whether some skill lays effects under a key: its own name, or the one that it gives them."""
    if key in pack.skills:
        return True
    return any(isinstance(each, Lasting) and each.key == key for each in _all_effects(pack))


def _all_effects(pack: CombatPack) -> Iterator[AnyEffect]:
    for skill in pack.skills.values():
        for rank in skill.ranks:
            yield from every_effect(rank.effects)


def _circumstances(skill: SkillDef, effect: AnyEffect, *, is_cast: bool) -> Iterator[Finding]:
    match effect:
        case Dash() | Teleport() | Wall() if not is_cast:
            yield (), "this needs somebody who aims it: only a cast does"
        case Dash() if not skill.range.axis:
            yield (), "dash needs range.axis: true"
        case Teleport() if skill.target != ("free_cell",):
            yield (), "teleport needs target: [free_cell]"
        case Shield(stack="stack"):
            yield ("stack",), "what is left of a shield has no stacks: independent keeps several"
        case Revive() if skill.target != ("corpse",):
            yield (), "revive needs target: [corpse]"
        case Trap() if not skill.covert and is_cast:
            yield (), "a trap needs covert: true on its skill, or everybody sees where it lies"
        case Damage() | DamagePct() if not skill.breaks_invisibility and is_cast:
            yield (), "who hurts somebody is seen: breaks_invisibility must be true"
        case _:
            pass


def _condition(pack: CombatPack, condition: Condition, *, depth: int = 1) -> Iterator[Finding]:
    asked = (condition.state, condition.effect, condition.hp_below_pct)
    if asked == (None, None, None) and not condition.parts:
        yield (), "it asks for nothing: state, effect, hp_below_pct, all, any or not"
    if condition.effect is not None and not _is_laid(pack, condition.effect):
        yield ("effect",), f"nothing ever lays an effect with the key {condition.effect!r}"
    if depth > NESTING_MAX:
        yield (), f"conditions are nested more than {NESTING_MAX} deep"
        return
    for keys, inner in condition.parts.items():
        yield from under(keys, _condition(pack, inner, depth=depth + 1))


def _ranks(skill: SkillDef) -> Iterator[Finding]:
    if skill.ranks[0].level != 1:
        yield ("ranks", 0, "level"), "the first rank must be of level 1"
    for at, (lower, higher) in enumerate(pairwise(skill.ranks), start=1):
        if higher.level <= lower.level:
            yield ("ranks", at, "level"), "levels of ranks must rise"


def _amounts(normal: tuple[int, int], crit: tuple[int, int] | None) -> Iterator[Finding]:
    if normal[0] > normal[1]:
        yield (), "the lower amount is above the higher"
    if crit is None:
        return
    if crit[0] > crit[1]:
        yield ("crit",), "the lower amount is above the higher"
    if crit[0] < normal[0] or crit[1] < normal[1]:
        yield ("crit",), "a critical amount is below the normal one"
