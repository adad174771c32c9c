"""Addresses of effects in the content: what lies on the ground or on somebody names what it will do."""

from __future__ import annotations

from .definitions import AnyEffect, Glyph, Rulebook, SkillDef, Trap, Trigger, groups_within


def effect_at(rulebook: Rulebook, block: str) -> tuple[SkillDef, int, tuple[int, ...], AnyEffect]:
    """Return the skill, the rank and the effect that an address names, and its path in the rank."""
    skill_id, rank, numbers = block.split(":")
    skill, path = rulebook.skills[skill_id], tuple(map(int, numbers.split(".")))
    effect = skill.ranks[int(rank)].effects[path[0]]
    for group, at in zip(path[1::2], path[2::2], strict=True):
        effect = groups_within(effect)[group][at]
    return skill, int(rank), path, effect


def address(skill: SkillDef, rank: int, path: tuple[int, ...]) -> str:
    return f"{skill.id}:{rank}:{'.'.join(map(str, path))}"


def trigger_of(rulebook: Rulebook, block: str) -> Trigger:
    """Return the trigger that an effect on somebody came from."""
    effect = effect_at(rulebook, block)[-1]
    if not isinstance(effect, Trigger):
        raise TypeError(f"{block} is no trigger")
    return effect


def ground_of(rulebook: Rulebook, block: str) -> Trap | Glyph:
    """Return the trap or glyph that a field came from."""
    effect = effect_at(rulebook, block)[-1]
    if not isinstance(effect, Trap | Glyph):
        raise TypeError(f"{block} is neither a trap nor a glyph")
    return effect
