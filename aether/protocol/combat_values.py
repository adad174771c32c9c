"""What battles are made of on the wire: the values that events and snapshots carry.

Conventions: a cell is `[x, y]`; an entity id is an unsigned 32-bit int and 0 means "nobody".
A lasting effect ends when the `turns` counter of combatant `anchor_id` reaches `until`
(rounds left = `until - turns`); a skill may be cast again when its caster's `turns` reaches
`ready_at`. Effective stat = `stats[x]` + the sum of `value * stacks` of the bearer's effects
with kind `mod` and `of == x` that do not wait behind a stronger one.
"""

import re
from typing import Literal

import msgspec

Cell = tuple[int, int]
Mode = Literal["pve", "pvp"]
Phase = Literal["placement", "fighting", "ended"]
Kind = Literal["character", "monster", "summon", "object"]
Controller = Literal["human", "ai", "afk", "owner"]
"""`owner`: who has summoned it plays its turns."""
EffectKind = Literal[
    "shield",
    "dot",
    "hot",
    "mod",
    "state",
    "tenacity",
    "skill_mod",
    "redirect",
    "reflect",
    "trigger",
    "lifetime",
]
Anchor = Literal["caster", "bearer"]
Element = Literal["stone", "ember", "gale", "tide", "pure"]
DamageCause = Literal[
    "skill",
    "field",
    "trigger",
    "dot",
    "collision",
    "fall",
    "surge",
    "redirect",
    "reflect",
    "kill",
]
FieldKind = Literal["glyph", "trap"]
FieldMoment = Literal["start", "end", "enter", "expire"]
Goal = Literal["eliminate", "kill", "survive", "protect", "reach", "escort"]
MotionCause = Literal["push", "pull", "dash", "teleport", "swap", "teleport_back"]
MoveStop = Literal["", "gripped", "obstructed"]
NotReplayable = Literal["rules", "content"]
"""Why a battle cannot be fought again: its rules are others now, or its content is gone."""

EndReason = Literal["eliminated", "objective", "forfeit", "abandoned", "round_cap", "engine_fault", "staff"]
Outcome = Literal["win", "loss", "draw"]


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class LastingEffect(msgspec.Struct, frozen=True):
    """Something that stays on a combatant.

    `of` names its stat, state, element, `skill.number` or what it waits for; `block` is the address of
    the effects that a trigger sets off. One that `is_waiting` counts for nothing until a stronger of its
    kind ends.
    """

    id: int
    key: str
    kind: EffectKind
    of: str
    skill: str
    source: int
    anchor: Anchor
    anchor_id: int
    until: int
    value: int
    stacks: int
    pierce_pct: int
    is_harmful: bool
    is_dispellable: bool
    block: str = ""
    is_waiting: bool = False


class Field(msgspec.Struct, frozen=True):
    """A glyph or a trap on the ground; it ends when the `turns` of `source` reach `until` (0: never)."""

    id: int
    kind: FieldKind
    skill: str
    source: int
    team: int
    centre: Cell
    cells: tuple[Cell, ...]
    when: FieldMoment
    until: int
    block: str
    is_revealed: bool = False


class Objective(msgspec.Struct, frozen=True):
    """What a team has to do to win, or must not let happen; `ref` names a class or a monster.

    `eliminate` all; `kill` who is `ref`; `survive` so many `rounds`; `protect` who is `ref`; `reach` one
    of the `cells` with somebody; `escort` who is `ref` to one of the `cells`.
    """

    team: int
    goal: Goal
    ref: str = ""
    rounds: int = 0
    cells: tuple[Cell, ...] = ()


class SkillUse(msgspec.Struct, frozen=True):
    """How a skill has been used; `turn_uses` and `turn_targets` belong to turn `turn` only."""

    skill: str
    ready_at: int
    turn: int
    turn_uses: int
    turn_targets: tuple[int, ...]
    fight_uses: int


class Result(msgspec.Struct, frozen=True):
    """What the end of the battle means for one combatant."""

    who: int
    outcome: Outcome


class BoardView(msgspec.Struct, frozen=True):
    """`terrain` has one hex digit per cell, row by row.

    bit 0 (1): can be walked on; bit 1 (2): blocks sight; bits 2-3: movement cost minus one.
    """

    width: int
    height: int
    terrain: str
    tags: tuple[tuple[int, int, str], ...]


class SkillSlot(msgspec.Struct, frozen=True):
    """A skill a combatant knows; `rank` indexes the ranks of its definition.

    One that is the use of an `item` can be cast `uses` times, as often as the item was brought.
    """

    id: str
    rank: int
    item: str = ""
    uses: int = 0


class CombatantView(msgspec.Struct, frozen=True):
    """One combatant as an audience sees it; `skills`, `uses` and `began_at` are the own team's only.

    `began_at` is where its turn began, or where it came in; `hp_full` the most that it ever had, before
    wounds wore `hp_max` down. Of one that `is_hidden`, others see the cell where it was seen last, and no
    movement points.
    """

    id: int
    slot: int
    team: int
    kind: Kind
    ref: str
    name: str
    level: int
    character_id: int | None
    controller: Controller
    is_connected: bool
    is_ready: bool
    is_alive: bool
    has_fled: bool
    cell: Cell
    hp: int
    hp_max: int
    ap: int
    mp: int
    ap_debt: int
    mp_debt: int
    turns: int
    skipped: int
    stats: dict[str, int]
    effects: tuple[LastingEffect, ...]
    skills: tuple[SkillSlot, ...]
    uses: tuple[SkillUse, ...]
    owner: int = 0
    is_hidden: bool = False
    phase: int = 0
    began_at: Cell | None = None
    hp_full: int = 0


class BattleView(msgspec.Struct, frozen=True):
    """A whole battle as one audience sees it; the service fills in `turn_ends_at` (Unix ms)."""

    battle_id: int
    mode: Mode
    phase: Phase
    round: int
    turn: int
    turn_owner: int
    timeline: tuple[int, ...]
    board: BoardView
    placement: tuple[tuple[Cell, ...], ...]
    combatants: tuple[CombatantView, ...]
    forfeit_votes: tuple[int, ...]
    winner: int | None
    end_reason: EndReason | None
    results: tuple[Result, ...]
    commitment: str
    fields: tuple[Field, ...] = ()
    objectives: tuple[Objective, ...] = ()
    turn_ends_at: int | None = None


class ClientSeed(msgspec.Struct, frozen=True):
    character_id: int
    seed: str
