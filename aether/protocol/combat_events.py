"""What a battle tells its watchers: the events, as types.

The same event types are stored in the journal; `apps.combat.engine.view` decides which
audience receives which event, and with which fields blanked.

Numbers in events are the values *after* the event, so a client assigns and never computes. `is_hidden`
says that only the own team sees the event, or its movement points.
"""

from typing import Literal

import msgspec

from aether.protocol.combat_values import (
    Cell,
    ClientSeed,
    CombatantView,
    Controller,
    DamageCause,
    Element,
    EndReason,
    Field,
    FieldKind,
    LastingEffect,
    MotionCause,
    MoveStop,
    NotReplayable,
    Result,
    snake_case,
)


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
    is_hidden: bool = False


class Moved(BattleEvent, frozen=True):
    """A walk; `path` leaves out the starting cell. `stopped` says why it ended early."""

    who: int
    path: tuple[Cell, ...]
    mp: int
    stopped: MoveStop
    is_hidden: bool = False


class SkillCast(BattleEvent, frozen=True):
    """A skill was paid for and cast; `target` is the entity on the cell, `ready_at` own team only.

    Others see it at the cell `shown` where there is one: it lays a trap, or meets somebody unseen.
    """

    who: int
    skill: str
    cell: Cell
    target: int
    is_crit: bool
    ap: int
    mp: int
    hp: int
    ready_at: int
    shown: Cell | None = None
    is_hidden: bool = False


class Damaged(BattleEvent, frozen=True):
    """`amount` reached the target: `absorbed` by shields, `redirected` to a guardian, `lost` from hit
    points, the rest overkill."""

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
    redirected: int = 0


class Healed(BattleEvent, frozen=True):
    who: int
    by: int
    amount: int
    hp: int


class EffectApplied(BattleEvent, frozen=True):
    who: int
    effect: LastingEffect


class EffectChanged(BattleEvent, frozen=True):
    """Refreshed, stacked, a shield that lost strength, or one that counts again."""

    who: int
    effect_id: int
    value: int
    stacks: int
    until: int
    is_waiting: bool = False


class EffectEnded(BattleEvent, frozen=True):
    who: int
    effect_id: int
    why: Literal["expired", "broken", "replaced", "dispelled", "consumed", "spent"]


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
    is_hidden: bool = False


class Collided(BattleEvent, frozen=True):
    """Stopped by `struck` (0: terrain or the board's edge) with `left` cells to go."""

    who: int
    struck: int
    left: int
    is_hidden: bool = False


class Died(BattleEvent, frozen=True):
    who: int
    by: int


class Revived(BattleEvent, frozen=True):
    who: int
    by: int
    hp: int


class Summoned(BattleEvent, frozen=True):
    """Somebody, or something, comes into the battle; an object takes no place in the timeline."""

    combatant: CombatantView
    timeline: tuple[int, ...]
    is_linked: bool = True


class Joined(BattleEvent, frozen=True):
    """A character comes into the battle before the fight begins; it still has to get ready."""

    combatant: CombatantView


class Vanished(BattleEvent, frozen=True):
    """Nobody of the others sees `who` any more; to them `mp` stays 0."""

    who: int
    mp: int


class Appeared(BattleEvent, frozen=True):
    """Everybody sees `who` again."""

    who: int
    cell: Cell
    mp: int


class Glimpsed(BattleEvent, frozen=True):
    """Something met `who`, who stays unseen, in this cell."""

    who: int
    cell: Cell


class FieldLaid(BattleEvent, frozen=True):
    """A glyph or a trap lies on the ground; a trap is known to its own team only."""

    field: Field


class FieldFired(BattleEvent, frozen=True):
    """A field has met `who` (0: its time has come); a trap is gone with that."""

    field: Field
    who: int


class FieldRevealed(BattleEvent, frozen=True):
    """Everybody knows of a trap from now on."""

    field: Field


class FieldEnded(BattleEvent, frozen=True):
    field_id: int
    kind: FieldKind
    team: int
    is_hidden: bool


class CooldownChanged(BattleEvent, frozen=True):
    """A skill is ready sooner or later than before; known to the own team."""

    who: int
    skill: str
    ready_at: int


class Said(BattleEvent, frozen=True):
    """A line of `who`, by its key in the content."""

    who: int
    line: str


class RuleFollowed(BattleEvent, frozen=True):
    """A monster acts by a row of its own rules, and is in a phase of the fight then."""

    who: int
    rule: int
    phase: int


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
    | Revived
    | Summoned
    | Joined
    | Vanished
    | Appeared
    | Glimpsed
    | FieldLaid
    | FieldFired
    | FieldRevealed
    | FieldEnded
    | CooldownChanged
    | Said
    | RuleFollowed
    | Fled
    | ForfeitVoted
    | ConnectionChanged
    | TurnSkipped
    | ControllerChanged
    | BattleEnded
    | Rolled
)


class Reveal(msgspec.Struct, frozen=True):
    """Everything needed to check the dice of a finished battle (hex strings).

    `not_replayable` is the server's mark of a battle that it cannot fight again, and says why. `loot` are the
    dice that its loot was thrown with, on streams `loot:<character>` and `loot:battle`, once it is paid.
    """

    battle_id: int
    content_hash: str
    commitment: str
    server_seed: str
    client_seeds: tuple[ClientSeed, ...]
    rolls: tuple[Rolled, ...]
    log_hash: str
    not_replayable: NotReplayable | None = None
    loot: tuple[Rolled, ...] = ()
