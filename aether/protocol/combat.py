"""Wire types of combat: the commands of a battle, and the updates that carry it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Cell, Command, Seed, Update, Wire
from aether.protocol.combat_events import Event
from aether.protocol.combat_values import BattleView

BattleId = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
ContentId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
BoardCell = tuple[Annotated[int, msgspec.Meta(ge=0, le=23)], Annotated[int, msgspec.Meta(ge=0, le=23)]]
Spectating = Literal["none", "party", "delayed", "live"]
"""Who may watch a battle: nobody, who is in a party with a fighter, everybody late, or everybody at once."""


class BattleStarted(Wire, frozen=True, kw_only=True):
    """`stream` is followed from now on; its snapshot comes as an update."""

    battle: int
    stream: str


class JoinOffer(Wire, frozen=True, kw_only=True):
    """A battle against monsters that a member of one's party, `character`, has begun; open until then."""

    battle: int
    character: int
    name: str
    expires_at: float


class CurrentBattle(Wire, frozen=True, kw_only=True):
    """The battle that the character is in now, if any (part `battle` of the snapshot of `me`).

    `offers` are those that it may join instead.
    """

    battle: int | None
    stream: str | None
    spectators: int = 0
    offers: tuple[JoinOffer, ...] = ()


class Clock(Wire, frozen=True, kw_only=True):
    """When the present phase or turn ends by itself, in server seconds, the bank included."""

    deadline: float | None
    bank_ms: int = 0


class Committed(Wire, frozen=True, kw_only=True):
    """The command is in the journal; it is turn `turn` of its battle now, as everybody sees.

    How many entries the journal has by then is nobody's to know: they tell of commands of the unseen.
    """

    turn: int


class EngageGroup(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Attack a roaming monster group that stands near."""

    type_name: ClassVar[str] = "combat.engage"
    reply_type: ClassVar[type[Wire]] = BattleStarted

    group: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class ChallengeIssued(Wire, frozen=True, kw_only=True):
    challenge: str
    expires_at: float


class ChallengeCharacter(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask another player in the same zone for a duel, or, with `party`, one's party against theirs.

    Parties are challenged by the leader of one through the leader of the other; all members take part.
    A null `spectating` leaves it to the game who may watch.
    """

    type_name: ClassVar[str] = "combat.challenge"
    reply_type: ClassVar[type[Wire]] = ChallengeIssued
    is_durable: ClassVar[bool] = False

    character: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    spectating: Spectating | None = None
    party: bool = False


class JoinBattle(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Come to the aid of a member of one's party who fights monsters near by, before the fight begins."""

    type_name: ClassVar[str] = "combat.join"
    reply_type: ClassVar[type[Wire]] = BattleStarted

    battle: BattleId


class AcceptChallenge(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "combat.accept"
    reply_type: ClassVar[type[Wire]] = BattleStarted

    challenge: Annotated[str, msgspec.Meta(min_length=1, max_length=36)]


class BattleCommand(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reply_type: ClassVar[type[Wire]] = Committed
    is_checked_by_handler: ClassVar[bool] = True

    battle: BattleId


class PlaceCombatant(BattleCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "combat.place"

    cell: BoardCell


class Ready(BattleCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ready to fight; `seed` (hexadecimal, up to 32 bytes) goes into the dice."""

    type_name: ClassVar[str] = "combat.ready"

    seed: Seed = ""


class MoveCombatant(BattleCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "combat.move"

    path: Annotated[list[BoardCell], msgspec.Meta(min_length=1, max_length=12)]


class CastSkill(BattleCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "combat.cast"

    skill: ContentId
    cell: BoardCell


class EndTurn(BattleCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "combat.end_turn"


class Forfeit(BattleCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "combat.forfeit"


class BattleSite(Wire, frozen=True, kw_only=True):
    """The piece of a zone's map that the board was copied from: its cell (0, 0) is the map's `origin`."""

    zone: str
    map_hash: str
    origin: Cell


class BattleSnapshot(Update, frozen=True, kw_only=True):
    """On `battle:<id>`: the battle as this audience sees it. `site` says what to draw it on."""

    type_name: ClassVar[str] = "combat.snapshot"

    battle: BattleView
    clock: Clock
    site: BattleSite | None = None


class BattleEvents(Update, frozen=True, kw_only=True):
    """On `battle:<id>`: what happened, as this audience sees it; one sequence number an event."""

    type_name: ClassVar[str] = "combat.events"

    events: list[Event]
    clock: Clock


class CurrentBattleChanged(Update, frozen=True, kw_only=True):
    """On `me`: the character has entered or left a battle."""

    type_name: ClassVar[str] = "combat.current"

    battle: int | None
    stream: str | None
    outcome: Literal["won", "lost", "drawn"] | None = None


class ChallengeReceived(Update, frozen=True, kw_only=True):
    """On `me`: somebody asks for a duel; or for a battle of `teams`, named with the challengers first."""

    type_name: ClassVar[str] = "combat.challenged"

    challenge: str
    character: int
    name: str
    expires_at: float
    spectating: Spectating = "none"
    teams: tuple[tuple[str, ...], ...] = ()


class JoinOffered(Update, frozen=True, kw_only=True):
    """On `me`: a member of the party has begun a battle near by."""

    type_name: ClassVar[str] = "combat.join_offered"

    offer: JoinOffer
