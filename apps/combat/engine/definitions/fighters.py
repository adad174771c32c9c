"""Who fights: classes, monsters, and the profiles by which monsters think."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from .base import Amount, BasisPoints, Definition, Id, Level, Percent, Points, Reach, Signed, Small, Text


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


class When(Definition, frozen=True, kw_only=True):
    """What must be so: all that is given here."""

    hp_below_pct: Percent | None = None
    round_from: Annotated[int, msgspec.Meta(ge=1, le=40)] = 1
    allies_fallen: Small = 0
    phases: tuple[Small, ...] = ()


class Do(Definition, frozen=True, kw_only=True):
    """One thing that a rule does: a line, a phase of the fight, or a skill."""

    say: Id | None = None
    phase: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    cast: Id | None = None
    at: Literal["self", "nearest", "weakest", "strongest", "most_adjacent", "free_cell"] = "self"


class RuleDef(Definition, frozen=True, kw_only=True):
    """A row of a monster's own rules; `cooldown` counts its turns, `chance_bp` is rolled once a turn."""

    when: When
    chance_bp: BasisPoints = 10_000
    once: bool = False
    cooldown: Small = 0
    do: Annotated[tuple[Do, ...], msgspec.Meta(min_length=1, max_length=4)]


class MonsterAi(Definition, frozen=True, kw_only=True):
    """`band` is the distance to enemies that the monster likes to keep; `reserved` skills are cast by
    rules only, and `rules` go before everything else, the first that holds first."""

    profile: Id
    band: tuple[Reach, Reach] = (1, 1)
    reserved: tuple[Id, ...] = ()
    rules: Annotated[tuple[RuleDef, ...], msgspec.Meta(max_length=16)] = ()


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
    lines: dict[Id, Text] = {}
    loot: Id | None = None
    xp: Amount = 0
    xp_per_level: Amount = 0


class ProfileDef(Definition, frozen=True, kw_only=True):
    """Weights of the AI, in points per unit; the action with the highest sum is taken.

    `protect` keeps near the weakest ally, `follow` near the others; who `leaves` withdraws after acting.
    `prefers` says for tags of skills (`ai_tags`) at how many percent their worth counts.
    """

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
    summon: Signed = 0
    protect: Signed = 0
    follow: Signed = 0
    flee_below_pct: Small = 0
    prefers: dict[Id, Annotated[int, msgspec.Meta(ge=0, le=1_000)]] = {}
    leaves: bool = False
    may_walk: bool = True
