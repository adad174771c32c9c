"""How lasting effects and fields end, and what follows from it: tenacity, sight, and the next strongest."""

from __future__ import annotations

from typing import Literal

from aether.protocol.combat_values import Field, LastingEffect

from . import events as e
from .resolution import Resolution
from .stats import has_state

End = Literal["expired", "broken", "replaced", "dispelled", "consumed", "spent"]
SIGHT_STATES = frozenset(["invisible", "revealed"])


def end_effect(r: Resolution, who: int, effect: LastingEffect, why: End) -> None:
    """End an effect; a state that has ended may make immune to itself, a lifetime ends a thing."""
    r.emit(e.EffectEnded(who, effect.id, why))
    if not effect.is_waiting:
        _wake_next(r, who, effect)
    if effect.kind == "state":
        if effect.of in r.rulebook.rules.tenacity.states and why != "replaced" and r.of(who).is_alive:
            _harden(r, who, effect)
        if why != "replaced":
            # What takes its place is still to come; to appear in between would tell the cell.
            settle_sight(r, who)
    elif effect.kind == "lifetime" and r.of(who).is_alive:
        r.emit(e.Died(who, 0))


def end_field(r: Resolution, field: Field) -> None:
    is_hidden = field.kind == "trap" and not field.is_revealed
    r.emit(e.FieldEnded(field.id, field.kind, field.team, is_hidden))


def settle_sight(r: Resolution, who: int) -> None:
    """Let somebody vanish or appear, if what is on it now says so."""
    bearer = r.of(who)
    is_hidden = has_state(bearer, "invisible") and not has_state(bearer, "revealed")
    if is_hidden and not bearer.is_hidden:
        r.emit(e.Vanished(who, bearer.mp))
    elif bearer.is_hidden and not is_hidden:
        r.emit(e.Appeared(who, bearer.cell, bearer.mp))


def break_invisibility(r: Resolution, who: int) -> None:
    for effect in r.of(who).effects:
        if effect.kind == "state" and effect.of == "invisible":
            end_effect(r, who, effect, "broken")


def is_alike(one: LastingEffect, other: LastingEffect) -> bool:
    return (one.key, one.kind, one.of) == (other.key, other.kind, other.of)


def _wake_next(r: Resolution, who: int, ended: LastingEffect) -> None:
    """Where only the strongest counts, the strongest of those that waited counts from now on."""
    waiting = [each for each in r.of(who).effects if each.is_waiting and is_alike(each, ended)]
    if waiting:
        next_up = max(waiting, key=lambda each: (abs(each.value), -each.id))
        r.emit(e.EffectChanged(who, next_up.id, next_up.value, next_up.stacks, next_up.until))


def _harden(r: Resolution, bearer: int, ended: LastingEffect) -> None:
    """Make the bearer immune to the state for its next turns: nobody can be locked for good."""
    tenacity = LastingEffect(
        id=r.battle.effects_created + 1,
        key=f"tenacity_{ended.of}",
        kind="tenacity",
        of=ended.of,
        skill=ended.skill,
        source=bearer,
        anchor="bearer",
        anchor_id=bearer,
        until=r.of(bearer).turns + r.rulebook.rules.tenacity.turns,
        value=0,
        stacks=1,
        pierce_pct=0,
        is_harmful=False,
        is_dispellable=False,
    )
    r.emit(e.EffectApplied(bearer, tenacity))
