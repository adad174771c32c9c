"""Combat content as types: what the YAML files of a pack decode into, and the compiled rulebook.

Unknown fields and unknown effect types are errors of the content, found when it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from aether.protocol.combat_events import Anchor, Element

RULES_VERSION = 1

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,47}$")]
Small = Annotated[int, msgspec.Meta(ge=0, le=100)]
Points = Annotated[int, msgspec.Meta(ge=0, le=12)]
Turns = Annotated[int, msgspec.Meta(ge=1, le=20)]
Reach = Annotated[int, msgspec.Meta(ge=0, le=24)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Signed = Annotated[int, msgspec.Meta(ge=-5_000, le=5_000)]
BasisPoints = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Level = Annotated[int, msgspec.Meta(ge=1, le=100)]

Filter = Literal["enemy", "ally", "self", "other_ally", "any"]
Target = Literal["self", "ally", "enemy", "any", "free_cell", "cell"]
State = Literal["stun", "root", "silence", "unmovable"]
Stacking = Literal["refresh", "stack", "independent", "highest"]


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that content may say."""


class Text(Definition, frozen=True, kw_only=True):
    en: str
    fr: str


# Shapes


class Shape(Definition, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Which cells a cast covers, around the cell it is aimed at."""


class Single(Shape, frozen=True, kw_only=True):
    pass


class Board(Shape, frozen=True, kw_only=True):
    pass


class SizedShape(Shape, frozen=True, kw_only=True):
    n: Annotated[int, msgspec.Meta(ge=1, le=12)]


class Circle(SizedShape, frozen=True, kw_only=True):
    pass


class Ring(SizedShape, frozen=True, kw_only=True):
    pass


class Cross(SizedShape, frozen=True, kw_only=True):
    pass


class Square(SizedShape, frozen=True, kw_only=True):
    pass


class Line(SizedShape, frozen=True, kw_only=True):
    pass


class Bar(SizedShape, frozen=True, kw_only=True):
    pass


class Cone(SizedShape, frozen=True, kw_only=True):
    pass


AnyShape = Single | Board | Circle | Ring | Cross | Square | Line | Bar | Cone
AXIS_SHAPES = (Line, Bar, Cone)


# Effects


class Effect(Definition, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """One thing that a cast does; `on_hit` effects skip a target that dodged an earlier one."""

    filter: Filter = "any"
    on_hit: bool = False


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


class Heal(Rollable, frozen=True, kw_only=True):
    pass


class Lasting(Effect, frozen=True, kw_only=True):
    """An effect that stays; `key` (default: the skill's id) decides what stacks with what."""

    duration: Turns
    anchor: Anchor = "caster"
    key: Id | None = None
    stack: Stacking = "refresh"
    max: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
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


class Inflict(Lasting, frozen=True, kw_only=True, tag="state"):
    state: State
    anchor: Anchor = "bearer"


class Push(Effect, frozen=True, kw_only=True):
    n: Annotated[int, msgspec.Meta(ge=1, le=12)]
    away_from: Literal["caster", "center"] = "caster"


class Pull(Effect, frozen=True, kw_only=True):
    n: Annotated[int, msgspec.Meta(ge=1, le=12)]


class Dash(Effect, frozen=True, kw_only=True):
    """The caster runs straight towards the target cell and stops before the first obstacle."""

    n: Annotated[int, msgspec.Meta(ge=1, le=12)]


class Teleport(Effect, frozen=True, kw_only=True):
    """The caster appears on the target cell."""


class Drain(Effect, frozen=True, kw_only=True):
    pool: Literal["ap", "mp"]
    n: Annotated[int, msgspec.Meta(ge=1, le=12)]
    steal: bool = False


class Gain(Effect, frozen=True, kw_only=True):
    pool: Literal["ap", "mp"]
    n: Annotated[int, msgspec.Meta(ge=1, le=12)]


AnyEffect = Damage | Heal | Shield | Dot | Hot | Mod | Inflict | Push | Pull | Dash | Teleport | Drain | Gain


# Skills


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


class Requirement(Definition, frozen=True, kw_only=True):
    """The caster must (not) be in a state."""

    state: State
    present: bool = True


class Rank(Definition, frozen=True, kw_only=True):
    """What the skill does for a caster of at least `level`."""

    level: Level
    effects: Annotated[tuple[AnyEffect, ...], msgspec.Meta(min_length=1, max_length=8)]


class SkillDef(Definition, frozen=True, kw_only=True):
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
    requires: tuple[Requirement, ...] = ()
    tags: tuple[Literal["basic"], ...] = ()
    ranks: Annotated[tuple[Rank, ...], msgspec.Meta(min_length=1, max_length=8)]


# Who fights


class ClassDef(Definition, frozen=True, kw_only=True):
    id: Id
    name: Text
    description: Text
    icon: str
    element: Literal["stone", "ember", "gale", "tide"]
    hp0: Amount
    hp_lv: Amount
    init: Amount
    skills: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1)]
    stats: dict[str, Signed] = {}


class MonsterHp(Definition, frozen=True, kw_only=True):
    base: Amount
    per_level: Amount
    mult_pct: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100


class MonsterAi(Definition, frozen=True, kw_only=True):
    """`band` is the distance to enemies that the monster likes to keep."""

    profile: Id
    band: tuple[Reach, Reach] = (1, 1)


class MonsterDef(Definition, frozen=True, kw_only=True):
    id: Id
    name: Text
    description: Text
    icon: str
    level: tuple[Level, Level]
    hp: MonsterHp
    ap: Points = 6
    mp: Points = 3
    init: Amount = 20
    stats: dict[str, Signed] = {}
    skills: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1)]
    ai: MonsterAi
    loot: Id
    xp: Amount
    xp_per_level: Amount = 0


class ProfileDef(Definition, frozen=True, kw_only=True):
    """Weights of the AI, in points per unit; the action with the highest sum is taken."""

    id: Id
    damage: Signed = 0
    kill: Signed = 0
    heal: Signed = 0
    shield: Signed = 0
    control: Signed = 0
    buff: Signed = 0
    friendly_fire: Signed = 0
    approach: Signed = 0
    exposure: Signed = 0
    step: Signed = 0
    toll: Signed = 0
    flee_below_pct: Small = 0
    may_walk: bool = True


class TagDef(Definition, frozen=True, kw_only=True):
    """What a tag on a cell means; `fall_pct` of the maximum is lost by who is pushed off it."""

    id: Id
    name: Text
    fall_pct: Small = 0


KINDS: dict[str, type[Definition]] = {
    "classes": ClassDef,
    "skills": SkillDef,
    "monsters": MonsterDef,
    "ai": ProfileDef,
    "tags": TagDef,
}
"""Folder of the pack → type of its files."""


class CombatPack(msgspec.Struct, frozen=True, kw_only=True):
    """The combat content of a release, by id."""

    classes: Mapping[str, ClassDef] = {}
    skills: Mapping[str, SkillDef] = {}
    monsters: Mapping[str, MonsterDef] = {}
    ai: Mapping[str, ProfileDef] = {}
    tags: Mapping[str, TagDef] = {}


class Rulebook(CombatPack, frozen=True, kw_only=True):
    """Everything the engine looks up; a battle pins `rules_version` and `content_hash`."""

    content_hash: str
    rules_version: int = RULES_VERSION


def rulebook(pack: CombatPack, *, content_hash: str) -> Rulebook:
    """Return the compiled lookup of a validated pack; `content_hash` is 64 hex digits."""
    return Rulebook(
        classes=pack.classes,
        skills=pack.skills,
        monsters=pack.monsters,
        ai=pack.ai,
        tags=pack.tags,
        content_hash=content_hash,
    )
