"""What a battle tells its watchers: the events and the snapshot, as types.

The same event types are stored in the journal; `apps.combat.engine.view` decides which
audience receives which event, and with which fields blanked.

Conventions: a cell is `[x, y]`; an entity id is an unsigned 32-bit int and 0 means "nobody";
numbers in events are the values *after* the event, so a client assigns and never computes.
A lasting effect ends when the `turns` counter of combatant `anchor_id` reaches `until`
(rounds left = `until - turns`); a skill may be cast again when its caster's `turns` reaches
`ready_at`. Effective stat = `stats[x]` + the sum of `value * stacks` of the bearer's effects
with kind `mod` and `of == x`.
"""

import re
from typing import Literal

import msgspec

Cell = tuple[int, int]
Mode = Literal["pve", "pvp"]
Phase = Literal["placement", "fighting", "ended"]
Kind = Literal["character", "monster"]
Controller = Literal["human", "ai", "afk"]
EffectKind = Literal["shield", "dot", "hot", "mod", "state", "tenacity"]
Anchor = Literal["caster", "bearer"]
Element = Literal["stone", "ember", "gale", "tide", "pure"]
DamageCause = Literal["skill", "dot", "collision", "fall", "surge"]
MotionCause = Literal["push", "pull", "dash", "teleport"]
MoveStop = Literal["", "gripped", "obstructed"]
EndReason = Literal["eliminated", "forfeit", "abandoned", "round_cap", "engine_fault"]
Outcome = Literal["win", "loss", "draw"]


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class LastingEffect(msgspec.Struct, frozen=True):
    """Something that stays on a combatant; `of` names its stat, state or element."""

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


class BattleEvent(msgspec.Struct, frozen=True, tag_field="e", tag=snake_case):
    """Base of everything that happens in a battle."""


class Placed(BattleEvent, frozen=True):
    who: int
    cell: Cell


class Readied(BattleEvent, frozen=True):
    """A human is ready; `seed` (hex) stays empty for everybody else until the battle ends."""

    who: int
    seed: str


class FightStarted(BattleEvent, frozen=True):
    timeline: tuple[int, ...]


class RoundStarted(BattleEvent, frozen=True):
    round: int


class TurnStarted(BattleEvent, frozen=True):
    """`turn` counts all turns of the battle, `turns` those of this combatant."""

    who: int
    turn: int
    turns: int


class TombstonePassed(BattleEvent, frozen=True):
    """The timeline passed the place of a dead combatant."""

    who: int
    turns: int


class TurnEnded(BattleEvent, frozen=True):
    """`state_hash` covers hidden state too, so players receive it empty."""

    who: int
    turn: int
    state_hash: str


class PointsChanged(BattleEvent, frozen=True):
    """Points now, and what the next refill will take (debt below zero: give)."""

    who: int
    ap: int
    mp: int
    ap_debt: int
    mp_debt: int


class Moved(BattleEvent, frozen=True):
    """A walk; `path` leaves out the starting cell. `stopped` says why it ended early."""

    who: int
    path: tuple[Cell, ...]
    mp: int
    stopped: MoveStop


class SkillCast(BattleEvent, frozen=True):
    """A skill was paid for and cast; `target` is the entity on the cell, `ready_at` own team only."""

    who: int
    skill: str
    cell: Cell
    target: int
    is_crit: bool
    ap: int
    mp: int
    hp: int
    ready_at: int


class Damaged(BattleEvent, frozen=True):
    """`amount` reached the target: `absorbed` by shields, `lost` from hit points, the rest overkill."""

    who: int
    by: int
    cause: DamageCause
    element: Element
    base: int
    amount: int
    absorbed: int
    lost: int
    is_dodged: bool
    hp: int
    hp_max: int


class Healed(BattleEvent, frozen=True):
    who: int
    by: int
    amount: int
    hp: int


class EffectApplied(BattleEvent, frozen=True):
    who: int
    effect: LastingEffect


class EffectChanged(BattleEvent, frozen=True):
    """Refreshed, stacked, or a shield that lost strength."""

    who: int
    effect_id: int
    value: int
    stacks: int
    until: int


class EffectEnded(BattleEvent, frozen=True):
    who: int
    effect_id: int
    why: Literal["expired", "broken", "replaced"]


class EffectResisted(BattleEvent, frozen=True):
    who: int
    by: int
    what: str


class Displaced(BattleEvent, frozen=True):
    """Moved without walking; `path` leaves out the starting cell."""

    who: int
    by: int
    cause: MotionCause
    path: tuple[Cell, ...]


class Collided(BattleEvent, frozen=True):
    """Stopped by `struck` (0: terrain or the board's edge) with `left` cells to go."""

    who: int
    struck: int
    left: int


class Died(BattleEvent, frozen=True):
    who: int
    by: int


class Fled(BattleEvent, frozen=True):
    who: int


class ForfeitVoted(BattleEvent, frozen=True):
    who: int


class ConnectionChanged(BattleEvent, frozen=True):
    who: int
    is_connected: bool


class TurnSkipped(BattleEvent, frozen=True):
    """The clock ran out on an absent player; `skipped` in a row so far."""

    who: int
    skipped: int


class ControllerChanged(BattleEvent, frozen=True):
    who: int
    controller: Controller


class BattleEnded(BattleEvent, frozen=True):
    """`winner` is a team; -1 means a draw or nobody."""

    winner: int
    reason: EndReason
    results: tuple[Result, ...]


class Rolled(BattleEvent, frozen=True):
    """The receipt of one draw; players receive all of them in the reveal after the end."""

    stream: str
    index: int
    n: int
    value: int
    next_index: int
    why: str


Event = (
    Placed
    | Readied
    | FightStarted
    | RoundStarted
    | TurnStarted
    | TombstonePassed
    | TurnEnded
    | PointsChanged
    | Moved
    | SkillCast
    | Damaged
    | Healed
    | EffectApplied
    | EffectChanged
    | EffectEnded
    | EffectResisted
    | Displaced
    | Collided
    | Died
    | Fled
    | ForfeitVoted
    | ConnectionChanged
    | TurnSkipped
    | ControllerChanged
    | BattleEnded
    | Rolled
)


class BoardView(msgspec.Struct, frozen=True):
    """`terrain` has one hex digit per cell, row by row.

    bit 0 (1): can be walked on; bit 1 (2): blocks sight; bits 2-3: movement cost minus one.
    """

    width: int
    height: int
    terrain: str
    tags: tuple[tuple[int, int, str], ...]


class SkillSlot(msgspec.Struct, frozen=True):
    """A skill a combatant knows; `rank` indexes the ranks of its definition."""

    id: str
    rank: int


class CombatantView(msgspec.Struct, frozen=True):
    """One combatant as an audience sees it; `skills` and `uses` are the own team's only."""

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
    turn_ends_at: int | None = None


class ClientSeed(msgspec.Struct, frozen=True):
    character_id: int
    seed: str


class Reveal(msgspec.Struct, frozen=True):
    """Everything needed to check the dice of a finished battle (hex strings)."""

    battle_id: int
    content_hash: str
    commitment: str
    server_seed: str
    client_seeds: tuple[ClientSeed, ...]
    rolls: tuple[Rolled, ...]
    log_hash: str
