"""What may be done to a battle; the ordered inputs, with the header, are the whole truth of it.

Time and connections are inputs too: the service injects them with actor `SYSTEM`.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from aether.protocol.combat_values import Cell, snake_case

from .state import Build

SYSTEM = 0
"""The actor of inputs that nobody's character gives."""

AMONG_MAX = 2**32
CHOICE = ("ai", "choice")
"""The stream and the purpose of what a machine draws to decide."""


class BattleInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="i", tag=snake_case):
    """Base of all inputs."""


class Place(BattleInput, frozen=True):
    cell: Cell


class Ready(BattleInput, frozen=True):
    """`seed` is the client's share of the dice: hex, at most 32 bytes."""

    seed: str = ""


class Decision(BattleInput, frozen=True, kw_only=True, omit_defaults=True):
    """What ends somebody's thinking on its own turn.

    A machine draws one `among` so many equally good decisions; 0: nobody drew, as when a player decides.
    """

    among: Annotated[int, msgspec.Meta(ge=0, le=AMONG_MAX)] = 0


class Move(Decision, frozen=True):
    """Walk; `path` leaves out the cell where the walker stands."""

    path: tuple[Cell, ...]


class Cast(Decision, frozen=True):
    skill: str
    cell: Cell


class Follow(BattleInput, frozen=True):
    """A monster acts by a row of its own rules; `cell` is where the row casts."""

    rule: int
    cell: Cell


class EndTurn(Decision, frozen=True):
    pass


class Forfeit(BattleInput, frozen=True):
    pass


class PlacementTimeout(BattleInput, frozen=True):
    """SYSTEM: placement is over; who is not ready plays from where they stand."""


class TurnTimeout(BattleInput, frozen=True):
    """SYSTEM: the clock of the combatant whose turn it is has run out."""


class Join(BattleInput, frozen=True):
    """SYSTEM: somebody comes to a team that still places itself; id and slot of `build` are 0."""

    build: Build


class Disconnect(BattleInput, frozen=True):
    """SYSTEM: `who` has no connection left."""

    who: int


class Reconnect(BattleInput, frozen=True):
    """SYSTEM: `who` is back."""

    who: int


class Abandon(BattleInput, frozen=True):
    """SYSTEM: all humans of `team` have been gone too long."""

    team: int


Input = (
    Place
    | Ready
    | Move
    | Cast
    | Follow
    | EndTurn
    | Forfeit
    | PlacementTimeout
    | TurnTimeout
    | Join
    | Disconnect
    | Reconnect
    | Abandon
)
