"""The stages before something happens: triggers that replace it, and those that change its number."""

from __future__ import annotations

from aether.protocol.combat_values import LastingEffect

from . import events as e
from .addresses import trigger_of
from .definitions import Moment, Stage, Trigger
from .enduring import end_effect
from .resolution import Resolution

AMOUNT_MAX = 2**42
"""More no trigger makes of a number: what the next one multiplies, a browser still holds exactly."""


def is_replaced(
    r: Resolution, who: int, on: Moment, told: e.EffectResisted, *, is_harmful: bool = True
) -> bool:
    """Tell whether a trigger on somebody makes something not happen; the first one does, and is spent.

    `told` is what is said of it then.
    """
    if not r.is_listening:
        return False
    for trigger, effect in _staged(r, who, on, "replace"):
        if trigger.polarity == "any" or is_harmful == (trigger.polarity == "harmful"):
            spend(r, who, effect)
            r.emit(told)
            return True
    return False


def changed(r: Resolution, who: int, on: Moment, amount: int) -> int:
    """Return a number after the triggers on somebody that change it, one floor each."""
    if not r.is_listening:
        return amount
    for trigger, effect in _staged(r, who, on, "modify"):
        amount = min(amount * max(0, 100 + trigger.pct) // 100, AMOUNT_MAX)
        spend(r, who, effect)
    return amount


def spend(r: Resolution, who: int, effect: LastingEffect) -> None:
    """Count one firing of a trigger that has a limit; the last one ends it."""
    if effect.value == 1:
        end_effect(r, who, effect, "spent")
    elif effect.value:
        left = effect.value - 1
        r.emit(e.EffectChanged(who, effect.id, left, effect.stacks, effect.until))


def _staged(r: Resolution, who: int, on: Moment, stage: Stage) -> list[tuple[Trigger, LastingEffect]]:
    """Return the triggers of a stage in their order: by priority, then age."""
    found = [
        (trigger_of(r.rulebook, each.block), each)
        for each in r.of(who).effects
        if (each.kind, each.of) == ("trigger", on) and not each.is_waiting
    ]
    staged = [(trigger, each) for trigger, each in found if trigger.stage == stage]
    return sorted(staged, key=lambda pair: (-pair[0].priority, pair[1].id))
