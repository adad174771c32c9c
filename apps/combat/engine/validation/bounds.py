"""Proof by arithmetic that no number of battle leaves 2^53, so that a browser can compute it again."""

from __future__ import annotations

from collections.abc import Iterator

from ..definitions import AnyEffect, Dot, Heal, Hot, Rollable, Shield, SkillDef
from ..stats import CAP
from .nesting import placed
from .problems import Finding

EXACT_BELOW = 2**53
LEVEL_MAX = 100
STACKS_MAX = 20
RES_LOWEST = -100


def unbounded(skill: SkillDef) -> Iterator[Finding]:
    """Name the effects whose largest intermediate value a browser could not hold."""
    for at, rank in enumerate(skill.ranks):
        for keys, effect in placed(rank.effects, ("ranks", at, "effects")):
            if largest(effect) >= EXACT_BELOW:
                yield keys, "its numbers could grow beyond 2^53"


def largest(effect: AnyEffect) -> int:
    """Return the largest product on the way of an effect's value, by the bounds of all that enters it."""
    match effect:
        case Rollable():
            base = max(effect.max, effect.crit[1] if effect.crit else 0)
        case Shield() | Dot() | Hot():
            base = max(effect.amount[1], effect.crit[1] if effect.crit else 0)
        case _:
            return 0
    base += effect.per_level * LEVEL_MAX
    if isinstance(effect, Heal | Shield | Hot):
        return _mended(base)
    return _damaged(base) * (STACKS_MAX if isinstance(effect, Dot) else 1)


def _mended(base: int) -> int:
    grown = base * (100 + 2 * CAP)
    out = grown // 100 * (100 + CAP)
    return out // 100 * (100 + CAP) * STACKS_MAX


def _damaged(base: int) -> int:
    """Follow the pipeline of damage, every stat at its cap."""
    powered = base * (100 + 2 * CAP)
    sent = (powered // 100 + 2 * CAP) * (100 + CAP)
    resisted = sent // 100 * (100 - RES_LOWEST)
    return resisted // 100 * (100 + CAP)
