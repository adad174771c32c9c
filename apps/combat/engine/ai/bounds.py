"""At most how much a cast can bring, from wherever: cheap to say, so that most need not be looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..definitions import (
    AnyEffect,
    Dash,
    Effect,
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
from .score import MOVED, score_on, score_trap

UNKNOWN = 1 << 52
"""More than any cast brings: nothing can be said beforehand."""

Met = Sequence[Combatant]


class Parts(NamedTuple):
    """Effects by how a bound of them is found."""

    on_self: tuple[AnyEffect, ...]
    on_others: tuple[AnyEffect, ...]
    special: tuple[AnyEffect, ...]
    glyphs: tuple[Glyph, ...]


def parts_of(effects: Sequence[AnyEffect]) -> Parts:
    plain = [effect for effect in effects if type(effect) not in _SPECIAL]
    return Parts(
        on_self=tuple([effect for effect in plain if effect.filter == "self"]),
        on_others=tuple([effect for effect in plain if effect.filter != "self"]),
        special=tuple([each for each in effects if type(each) in _SPECIAL and not isinstance(each, Glyph)]),
        glyphs=tuple([effect for effect in effects if isinstance(effect, Glyph)]),
    )


def most_on(mind: Mind, parts: Parts, target: Combatant | None) -> int:
    """Return what a cast at somebody alone cannot exceed, where it lays no glyph.

    `Bound` would say the same: where two fight, keeping what is asked once costs three of a hundred duels.
    """
    total = _most_on(mind, parts.on_self, mind.me) if parts.on_self else 0
    if target is not None:
        total += _most_on(mind, parts.on_others, target)
    if parts.special:
        met = () if target is None else (target,)
        total += sum([_SPECIAL[type(effect)](mind, effect, met) for effect in parts.special])
    return min(total, UNKNOWN)


class Bound:
    """At most how much some effects bring, for one set after another of those whom they may meet."""

    def __init__(self, mind: Mind, parts: Parts) -> None:
        self._mind = mind
        _, self._on_others, self._special, self._glyphs = parts
        self._on_self = _most_on(mind, parts.on_self, mind.me) if parts.on_self else 0
        self._on: dict[int, int] = {}

    def of(self, met: Met, near: Met) -> int:
        """Return what a cast that meets no others cannot exceed, nor its glyphs, which reach who is near."""
        total = self._on_self
        if self._on_others:
            for target in met:
                on = self._on.get(target.slot)
                if on is None:
                    on = self._on[target.slot] = _most_on(self._mind, self._on_others, target)
                total += on
        for effect in self._special:
            total += _SPECIAL[type(effect)](self._mind, effect, met)
        for glyph in self._glyphs:
            total += _most_of_glyph(self._mind, glyph, near)
        return min(total, UNKNOWN)


def most(mind: Mind, effects: Sequence[AnyEffect], met: Met) -> int:
    """Return what a cast that meets no others cannot exceed."""
    total = 0
    for effect in effects:
        special = _SPECIAL.get(type(effect))
        if special is not None:
            total += special(mind, effect, met)
            continue
        for target in (mind.me,) if effect.filter == "self" else met:
            total += _most_on(mind, (effect,), target)
    return min(total, UNKNOWN)


def _most_on(mind: Mind, effects: Sequence[AnyEffect], target: Combatant) -> int:
    """Return the same of effects that are simply a sum over those whom they meet."""
    total, me = 0, mind.me
    for effect in effects:
        if passes(effect.filter, me, target):
            # Nobody is nearer to the centre than at it: there falling off costs nothing.
            worth = score_on(mind, effect, target, 0, me.cell)
            if worth > 0:
                total += worth
    return total


def _most_of_control(mind: Mind, effect: Push | Pull | TeleportBack, met: Met) -> int:
    if effect.filter == "self":
        return abs(mind.profile.control)
    return abs(mind.profile.control) * len([each for each in met if passes(effect.filter, mind.me, each)])


def _most_of_trigger(mind: Mind, effect: Trigger, met: Met) -> int:
    """A trigger is worth what it does to its bearer; what hangs on where its caster stands is not known."""
    if MOVED.intersection(map(type, effect.effects)):
        return UNKNOWN
    total = 0
    for target in (mind.me,) if effect.filter == "self" else met:
        if passes(effect.filter, mind.me, target):
            total += max(0, score_on(mind, effect, target, 0, mind.me.cell))
    return total


def _most_of_trap(mind: Mind, effect: Trap, _met: Met) -> int:
    return max([0, *[score_trap(mind, effect, victim) for victim in (None, *mind.enemies)]])


def _most_of_glyph(mind: Mind, effect: Glyph, near: Met) -> int:
    bound = most(mind, effect.effects, near)
    return bound if bound == UNKNOWN else bound * 2 // 3


def _most_of_reveal(mind: Mind, _effect: Reveal, _met: Met) -> int:
    return max(0, mind.profile.control) * len(mind.unseen)


def _most_of_condition(mind: Mind, effect: If, met: Met) -> int:
    return sum(
        [
            max(most(mind, effect.then, (each,)), most(mind, effect.else_, (each,)))
            for each in met
            if passes(effect.filter, mind.me, each)
        ]
    )


def _most_of_chance(mind: Mind, effect: RandomOf, met: Met) -> int:
    bounds = [most(mind, option.effects, met) for option in effect.options]
    total = sum([option.w * bound for option, bound in zip(effect.options, bounds, strict=True)])
    return UNKNOWN if UNKNOWN in bounds else total // sum([option.w for option in effect.options])


def _most_of_stacks(mind: Mind, effect: PerStack, met: Met) -> int:
    total = 0
    for each in met:
        stacks = sum([one.stacks for one in each.effects if one.key == effect.key])
        if stacks and passes(effect.filter, mind.me, each):
            total += stacks * most(mind, effect.effects, (each,))
    return total


def _most_of_leap(mind: Mind, _effect: Dash | Teleport | Swap, met: Met) -> int:
    """Whoever moves gains at most what lies between the worst place and one where nothing is amiss."""
    deepest = mind.places.deepest
    return UNKNOWN if deepest is None else deepest * max(1, len(met))


_SPECIAL: dict[type[Effect], Callable[[Mind, Any, Met], int]] = {
    **dict.fromkeys((Push, Pull, TeleportBack), _most_of_control),
    **dict.fromkeys((Dash, Teleport, Swap), _most_of_leap),
    Trigger: _most_of_trigger,
    Trap: _most_of_trap,
    Glyph: lambda mind, effect, _met: _most_of_glyph(mind, effect, mind.standing),
    Reveal: _most_of_reveal,
    If: _most_of_condition,
    RandomOf: _most_of_chance,
    PerStack: _most_of_stacks,
    Summon: lambda mind, _effect, _met: max(0, mind.profile.summon),
    Wall: lambda mind, _effect, _met: max(0, mind.profile.control // 2),
    Revive: lambda mind, effect, _met: max(0, mind.profile.heal * effect.hp_pct),
}
"""What is not simply a sum over those whom it meets."""
