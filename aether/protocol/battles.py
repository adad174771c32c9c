"""Bodies of the REST interface about battles: those of the past, and how one went as somebody saw it."""

from __future__ import annotations

from typing import Literal

import msgspec

from aether.protocol.base import Wire
from aether.protocol.combat import BattleSite
from aether.protocol.combat_events import Event
from aether.protocol.combat_values import BattleView, NotReplayable


class PastBattle(Wire, frozen=True, kw_only=True):
    """A battle in a character's list. `outcome` is empty while it runs; moments are Unix seconds.

    `not_replayable` says why it cannot be fought again, if it cannot.
    """

    battle: int
    mode: Literal["pve", "duel", "team"]
    zone: str
    rounds: int
    team: int
    outcome: Literal["", "won", "lost", "drawn"]
    is_over: bool
    is_faulted: bool
    begun_at: float
    ended_at: float | None
    others: tuple[str, ...]
    not_replayable: NotReplayable | None


class PastBattles(Wire, frozen=True, kw_only=True):
    """The latest first; `next` goes into `before` for those that came earlier, and is null at the end."""

    battles: tuple[PastBattle, ...]
    next: int | None


class SeenBattle(msgspec.Struct, frozen=True, kw_only=True):
    """A battle as one audience saw it: how it stood before anything happened, then what each entry told."""

    audience: str
    start: BattleView
    told: tuple[tuple[Event, ...], ...]


class BattleReplay(Wire, frozen=True, kw_only=True):
    """What a replay is shown from. `site` says what to draw it on."""

    battle: int
    is_over: bool
    site: BattleSite | None
    views: tuple[SeenBattle, ...]
    not_replayable: NotReplayable | None = None
