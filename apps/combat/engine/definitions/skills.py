"""Skills: what they cost, where they may be aimed, and what each rank does."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from .base import BasisPoints, Definition, Id, Level, Points, Reach, Small, Text
from .conditions import Condition
from .effects import EFFECTS_MAX, AnyEffect
from .shapes import AnyShape, Single

RANKS_MAX = 8
Target = Literal["self", "ally", "enemy", "own_summon", "any", "free_cell", "corpse", "cell"]

CARRIED_MAX = 20


class Range(Definition, frozen=True, kw_only=True):
    min: Reach
    max: Reach
    modifiable: bool = False
    axis: bool = False
    los: bool = False


class Limits(Definition, frozen=True, kw_only=True):
    """0 means no limit."""

    cooldown: Small = 0
    initial_cooldown: Small = 0
    per_turn: Small = 0
    per_target: Small = 0
    per_fight: Small = 0


class Rank(Definition, frozen=True, kw_only=True):
    """What the skill does for a caster of at least `level`."""

    level: Level
    effects: Annotated[tuple[AnyEffect, ...], msgspec.Meta(min_length=1, max_length=EFFECTS_MAX)]


class SkillDef(Definition, frozen=True, kw_only=True):
    """`covert` hides from the other side where it is aimed; `requires` all hold for the caster.

    `ai_tags` say what it is good for, in words that profiles of the AI prefer or avoid.
    """

    id: Id
    name: Text
    description: Text
    icon: str
    class_: Id | None = msgspec.field(name="class", default=None)
    unlock: Level = 1
    ap: Points
    mp: Points = 0
    hp_pct: Annotated[int, msgspec.Meta(ge=0, le=90)] = 0
    range: Range
    target: Annotated[tuple[Target, ...], msgspec.Meta(min_length=1)]
    shape: AnyShape = Single()
    area_los: bool = True
    limits: Limits = Limits()
    crit_bp: BasisPoints = 0
    requires: Annotated[tuple[Condition, ...], msgspec.Meta(max_length=4)] = ()
    breaks_invisibility: bool = True
    covert: bool = False
    tags: tuple[Literal["basic"], ...] = ()
    ai_tags: Annotated[tuple[Id, ...], msgspec.Meta(max_length=8)] = ()
    ranks: Annotated[tuple[Rank, ...], msgspec.Meta(min_length=1, max_length=RANKS_MAX)]


class CarriedDef(Definition, frozen=True, kw_only=True):
    """An item that is used up in battle: what using it is, and how many of it one may bring."""

    skill: Id
    carried_max: Annotated[int, msgspec.Meta(ge=1, le=CARRIED_MAX)]
