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

_UNKNOWN = frozenset([Dash, Teleport, Swap, If, RandomOf, PerStack, Glyph, Reveal, Trigger])
_CONTROL = frozenset([Push, Pull, TeleportBack])
_GROUND = frozenset([Trap, Summon, Wall, Revive])
UNKNOWN = 1 << 52
"""More than any cast brings: nothing can be said beforehand."""


def most(mind: Mind, outlook: Outlook, met: Sequence[Combatant]) -> int:
    """Return what a cast that meets no others cannot exceed."""
    total = 0
    for effect in outlook.effects:
        total += _most(mind, effect, met)
    return min(total, UNKNOWN)


def _most(mind: Mind, effect: AnyEffect, met: Sequence[Combatant]) -> int:
    kind = type(effect)
    if kind in _UNKNOWN:
        return UNKNOWN
    if kind in _GROUND:
        return max(0, _most_on_ground(mind, effect))
    total, is_control = 0, kind in _CONTROL
    for target in (mind.me,) if effect.filter == "self" else met:
        if passes(effect.filter, mind.me, target):
            # Nobody is nearer to the centre than at it: there falling off costs nothing.
            worth = (
                abs(mind.profile.control) if is_control else score_on(mind, effect, target, 0, mind.me.cell)
            )
            total += max(0, worth)
    return total


def _most_on_ground(mind: Mind, effect: AnyEffect) -> int:
    match effect:
        case Trap():
            return max([score_trap(mind, effect, enemy) for enemy in mind.enemies], default=0)
        case Summon():
            return mind.profile.summon
        case Wall():
            return mind.profile.control // 2
        case Revive():
            return mind.profile.heal * effect.hp_pct
        case _:
            return UNKNOWN
