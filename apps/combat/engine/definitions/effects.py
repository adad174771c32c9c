"""The catalogue of effects: what a cast, a glyph, a trap or a trigger may do."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from aether.protocol.combat_values import Anchor, Element, snake_case

from .base import Amount, Cells, Definition, Id, Percent, Signed, Small, Stacks, Turns
from .conditions import Condition, State
from .shapes import Circle, RoundShape, Single

Filter = Literal["enemy", "ally", "self", "other_ally", "own_summon", "any"]
Stacking = Literal["refresh", "stack", "independent", "highest"]
Pool = Literal["ap", "mp"]
SkillNumber = Literal[
    "ap", "mp", "hp_pct", "range", "cooldown", "per_turn", "per_target", "per_fight", "crit_bp"
]
Moment = Literal[
    "turn_start",
    "turn_end",
    "round_start",
    "before_damage_taken",
    "damage_dealt",
    "damage_taken",
    "heal_taken",
    "kill",
    "death",
    "ally_death",
    "moved",
    "pushed",
    "collided",
    "cast",
    "ap_lost",
    "effect_applied",
    "effect_expired",
    "hp_below",
]
Stage = Literal["replace", "modify", "react"]
STAGES: dict[Moment, tuple[Stage, ...]] = {
    "before_damage_taken": ("replace", "modify"),
    "damage_dealt": ("replace", "modify"),
    "heal_taken": ("replace", "modify"),
    "pushed": ("replace", "modify"),
    "ap_lost": ("replace", "modify"),
    "effect_applied": ("replace",),
}
"""What may be replaced before it happens, and what has a number to change; one reacts to every moment."""
EFFECTS_MAX = 8


class Effect(Definition, frozen=True, kw_only=True, tag_field="type", tag=snake_case):
    """One thing that happens; `on_hit` effects skip a target that dodged an earlier one."""

    filter: Filter = "any"
    on_hit: bool = False


# Value


class Rollable(Effect, frozen=True, kw_only=True):
    """A value between `min` and `max` (`crit` when the cast is critical), plus `per_level` × level."""

    min: Amount
    max: Amount
    crit: tuple[Amount, Amount] | None = None
    per_level: Small = 0


class Damage(Rollable, frozen=True, kw_only=True):
    element: Element
    falloff_pct: Small = 0
    dodgeable: bool = False
    lifesteal_pct: Small = 0


class DamagePct(Effect, frozen=True, kw_only=True):
    """A share of the target's own hit points, at most `cap`; no power makes it more."""

    of: Literal["max", "current", "missing"] = "max"
    pct: Percent
    cap: Amount = 10_000
    element: Element = "pure"


class Heal(Rollable, frozen=True, kw_only=True):
    pass


class HealPct(Effect, frozen=True, kw_only=True):
    of: Literal["max", "missing"] = "max"
    pct: Percent


class Kill(Effect, frozen=True, kw_only=True):
    """The target loses all it has left, past every shield."""


class Revive(Effect, frozen=True, kw_only=True):
    hp_pct: Percent


# Points


class Drain(Effect, frozen=True, kw_only=True):
    pool: Pool
    n: Cells
    steal: bool = False


class Gain(Effect, frozen=True, kw_only=True):
    pool: Pool
    n: Cells


# What stays on somebody


class Lasting(Effect, frozen=True, kw_only=True):
    """An effect that stays; `key` (default: the skill's id) decides what stacks with what."""

    duration: Turns
    anchor: Anchor = "caster"
    key: Id | None = None
    stack: Stacking = "refresh"
    max: Stacks = 1
    per_source: bool = True
    dispellable: bool = True


class Shield(Lasting, frozen=True, kw_only=True):
    amount: tuple[Amount, Amount]
    crit: tuple[Amount, Amount] | None = None
    per_level: Small = 0


class Dot(Lasting, frozen=True, kw_only=True):
    element: Element
    amount: tuple[Amount, Amount]
    crit: tuple[Amount, Amount] | None = None
    per_level: Small = 0
    anchor: Anchor = "bearer"


class Hot(Lasting, frozen=True, kw_only=True):
    amount: tuple[Amount, Amount]
    crit: tuple[Amount, Amount] | None = None
    per_level: Small = 0
    anchor: Anchor = "bearer"


class Mod(Lasting, frozen=True, kw_only=True):
    stat: str
    delta: Signed


class SkillMod(Lasting, frozen=True, kw_only=True):
    """A number of one of the bearer's skills changes."""

    skill: Id
    path: SkillNumber
    delta: Annotated[int, msgspec.Meta(ge=-10_000, le=10_000)]


class Inflict(Lasting, frozen=True, kw_only=True, tag="state"):
    state: State
    anchor: Anchor = "bearer"


class Redirect(Lasting, frozen=True, kw_only=True):
    """Whoever casts, or its oldest summon, takes this share of the damage that the bearer would take."""

    pct: Percent
    to: Literal["caster", "own_summon"] = "caster"


class Reflect(Lasting, frozen=True, kw_only=True):
    """Who hurts the bearer with a skill loses this share of what it took."""

    pct: Percent


class Trigger(Lasting, frozen=True, kw_only=True):
    """Waits on its bearer for a moment, then its effects meet the bearer, or the other one, at once.

    `replace` makes it not happen, `modify` changes its number by `pct`; `react` runs effects afterwards.
    `polarity` is what kind of effects somebody is immune to who replaces `effect_applied`.
    `limit` is how often it fires (0: always), `below_pct` the line that `hp_below` is about.
    """

    on: Moment
    stage: Stage = "react"
    polarity: Literal["harmful", "helpful", "any"] = "any"
    priority: Annotated[int, msgspec.Meta(ge=-100, le=100)] = 0
    at: Literal["bearer", "other"] = "bearer"
    shape: RoundShape = Single()
    limit: Small = 0
    below_pct: Percent = 50
    pct: Annotated[int, msgspec.Meta(ge=-100, le=1_000)] = 0
    effects: Effects = ()


# Motion


class Push(Effect, frozen=True, kw_only=True):
    n: Cells
    away_from: Literal["caster", "center"] = "caster"


class Pull(Effect, frozen=True, kw_only=True):
    n: Cells


class Dash(Effect, frozen=True, kw_only=True):
    """The caster runs straight towards the target cell and stops before the first obstacle."""

    n: Cells


class Teleport(Effect, frozen=True, kw_only=True):
    """The caster appears on the target cell."""


class Swap(Effect, frozen=True, kw_only=True):
    """The caster and the target change places."""


class TeleportBack(Effect, frozen=True, kw_only=True):
    """The target is again where its last turn began."""


# Board


class Summon(Effect, frozen=True, kw_only=True):
    """A monster appears on the target cell, or beside the caster; `level` 0 is the caster's own."""

    monster: Id
    level: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    control: Literal["ai", "owner"] = "ai"
    linked: bool = True


class Trap(Effect, frozen=True, kw_only=True):
    """Unseen until somebody whom `filter` lets through enters it; gone then.

    Like a glyph it stays when who laid it falls, unless it `dies_with_owner`.
    """

    filter: Filter = "enemy"
    shape: RoundShape = Single()
    effects: Effects
    halts: bool = False
    max: Stacks = 1
    dies_with_owner: bool = False


class Glyph(Effect, frozen=True, kw_only=True):
    """Ground that meets whoever begins or ends a turn on it, enters it, or is there when it expires."""

    shape: RoundShape = Circle(n=1)
    when: Literal["start", "end", "enter", "expire"] = "start"
    duration: Turns
    effects: Effects
    max: Stacks = 1
    dies_with_owner: bool = False


class Wall(Effect, frozen=True, kw_only=True):
    """Objects on the free cells of the cast's shape; without `hp`, nothing breaks them."""

    duration: Turns
    hp: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None


class Reveal(Lasting, frozen=True, kw_only=True):
    """Shows everybody who is unseen, and every trap, around the target cell."""

    filter: Filter = "enemy"
    shape: RoundShape = Single()
    duration: Turns = 1
    key: Id | None = "revealed"


# Meta


class Cooldown(Effect, frozen=True, kw_only=True):
    skill: Id | Literal["all"] = "all"
    delta: Annotated[int, msgspec.Meta(ge=-20, le=20)]


class Dispel(Effect, frozen=True, kw_only=True):
    """The newest effects of a polarity end; `kind` or `key` narrow it down."""

    polarity: Literal["harmful", "helpful", "any"]
    count: Stacks
    kind: Literal["dot", "hot", "mod", "shield", "state"] | None = None
    key: Id | None = None


class If(Effect, frozen=True, kw_only=True):
    """`then` for the targets for whom all conditions hold, `else` for the others."""

    cond: Annotated[tuple[Condition, ...], msgspec.Meta(min_length=1, max_length=4)]
    then: Effects = ()
    else_: Effects = msgspec.field(name="else", default=())


class Weighted(Definition, frozen=True, kw_only=True):
    w: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    effects: Effects = ()


class RandomOf(Effect, frozen=True, kw_only=True):
    options: Annotated[tuple[Weighted, ...], msgspec.Meta(min_length=2, max_length=8)]


class PerStack(Effect, frozen=True, kw_only=True):
    """The effects once for each stack of `key` that the target bears, which may be used up by that."""

    key: Id
    effects: Effects
    consume: bool = False


AnyEffect = (
    Damage
    | DamagePct
    | Heal
    | HealPct
    | Kill
    | Revive
    | Drain
    | Gain
    | Shield
    | Dot
    | Hot
    | Mod
    | SkillMod
    | Inflict
    | Redirect
    | Reflect
    | Trigger
    | Push
    | Pull
    | Dash
    | Teleport
    | Swap
    | TeleportBack
    | Summon
    | Trap
    | Glyph
    | Wall
    | Reveal
    | Cooldown
    | Dispel
    | If
    | RandomOf
    | PerStack
)

Effects = Annotated[tuple[AnyEffect, ...], msgspec.Meta(max_length=EFFECTS_MAX)]


def groups_within(effect: AnyEffect) -> tuple[tuple[AnyEffect, ...], ...]:
    """Return the effects that an effect carries, in groups: with their numbers they have an address."""
    match effect:
        case If():
            return effect.then, effect.else_
        case RandomOf():
            return tuple(option.effects for option in effect.options)
        case Trigger() | Trap() | Glyph() | PerStack():
            return (effect.effects,)
        case _:
            return ()
