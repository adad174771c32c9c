"""Wire types of watching battles: asking to, leaving, and how many watch."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Done, Update, Wire
from aether.protocol.combat import BattleId, Spectating


class WatchedBattle(Wire, frozen=True, kw_only=True):
    """A battle that the character watches (part `watched` of the snapshot of `me`, if there is one)."""

    battle: int
    stream: str
    is_delayed: bool
    spectators: int


class Spectate(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Watch a battle in the same zone; its stream is followed from now on, and no other battle.

    A delayed battle is told late, in order and whole.
    """

    type_name: ClassVar[str] = "combat.spectate"
    reply_type: ClassVar[type[Wire]] = WatchedBattle
    is_durable: ClassVar[bool] = False

    battle: BattleId


class StopSpectating(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Watch a battle no longer."""

    type_name: ClassVar[str] = "combat.stop_spectating"
    reply_type: ClassVar[type[Wire]] = Done
    is_durable: ClassVar[bool] = False

    battle: BattleId


class WatchedBattleChanged(Update, frozen=True, kw_only=True):
    """On `me`: the character watches a battle from now on, or (null) none any more."""

    type_name: ClassVar[str] = "combat.watched"

    watched: WatchedBattle | None


class SpectatorsChanged(Update, frozen=True, kw_only=True):
    """On `me` of all who fight in a battle or watch it: how many watch."""

    type_name: ClassVar[str] = "combat.spectators"

    battle: int
    spectators: int


class FighterSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A player in a battle that goes on."""

    character: int
    name: str
    class_id: str
    level: int
    team: int


class LiveBattle(msgspec.Struct, frozen=True, kw_only=True):
    """A battle that may be watched. `group` is the monster group of the zone that it is fought against."""

    battle: int
    mode: Literal["pve", "duel", "team"]
    spectating: Spectating
    begun_at: float
    spectators: int
    group: int | None
    fighters: tuple[FighterSeen, ...]


class LiveBattles(Wire, frozen=True, kw_only=True):
    """The battles of the zone that may be watched, the latest first."""

    battles: tuple[LiveBattle, ...]
