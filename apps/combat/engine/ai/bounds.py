"""At most how much a cast can bring, from wherever: cheap to say, so that most need not be looked at."""

from __future__ import annotations

from collections.abc import Sequence

from ..definitions import (
    AnyEffect,
    Dash,
    Glyph,
    If,
    PerStack,
    Pull,
    Push,
    RandomOf,
    Reveal,
    Revive,
    Summon,
    Swap,
    Teleport,
    TeleportBack,
    Trap,
    Trigger,
    Wall,
)
from ..scene import passes
from ..state import Combatant
from .mind import Mind
from .outlook import Outlook
from .score import score_on, score_trap

UNKNOWN = 1 << 52
"""More than any cast brings: nothing can be said beforehand."""


def most(mind: Mind, outlook: Outlook, met: Sequence[Combatant]) -> int:
    """Return what a cast that meets no others cannot exceed."""
    total = 0
    for effect in outlook.effects:
        total += _most(mind, effect, met)
    return min(total, UNKNOWN)


def _most(mind: Mind, effect: AnyEffect, met: Sequence[Combatant]) -> int:
    profile = mind.profile
    match effect:
        case Dash() | Teleport() | Swap() | If() | RandomOf() | PerStack() | Glyph() | Reveal() | Trigger():
            return UNKNOWN
        case Trap():
            return max([0, *(score_trap(mind, effect, enemy) for enemy in mind.enemies)])
        case Summon():
            return max(0, profile.summon)
        case Wall():
            return max(0, profile.control // 2)
        case Revive():
            return max(0, profile.heal * effect.hp_pct)
    if effect.filter == "self":
        met = [mind.me]
    total = 0
    for target in met:
        if passes(effect.filter, mind.me, target):
            if isinstance(effect, Push | Pull | TeleportBack):
                total += abs(profile.control)
            else:
                # Nearer to the centre than at it, nobody is: there falling off costs nothing.
                total += max(0, score_on(mind, effect, target, 0, mind.me.cell))
    return total
