"""Frames, and the commands and updates that are the gateway's own."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec

from aether.protocol.accounts import Profile
from aether.protocol.base import Command, Done, Update, Wire
from aether.protocol.combat import CurrentBattle
from aether.protocol.economy import Inventory, InventoryChanged
from aether.protocol.guilds import GuildStanding
from aether.protocol.life import Health
from aether.protocol.making import Crafting
from aether.protocol.parties import PartyStanding
from aether.protocol.quests import QuestLog
from aether.protocol.spectating import WatchedBattle
from aether.protocol.trade import CurrentTrade

CommandId = Annotated[str, msgspec.Meta(min_length=1, max_length=36)]
StreamName = Annotated[str, msgspec.Meta(max_length=80, pattern="^[a-z]+(:[A-Za-z0-9_.-]+)*$")]
Sequence = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class CommandFrame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One command as it comes in; `d` is decoded by the type that `t` names."""

    t: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    id: CommandId
    d: dict[str, Any] = {}
    on: Sequence | None = None


class ErrorBody(Wire, frozen=True, kw_only=True):
    """`code` is for programs, `message` for people; `retry`: the same id may be sent again."""

    code: str
    message: str
    retry: bool = False
    details: dict[str, Any] = {}


class ResumeTicket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client shows to go on with a dropped session."""

    session: str
    secret: str
    seen: dict[StreamName, Sequence] = {}


class Limits(Wire, frozen=True, kw_only=True):
    frame_bytes: int
    commands_per_20_s: int
    streams: int
    chat_characters: int


class ContentVersion(Wire, frozen=True, kw_only=True):
    release: str
    hash: str


class CharacterSummary(Wire, frozen=True, kw_only=True):
    id: int
    name: str
    class_id: str
    level: int


class HelloReply(Wire, frozen=True, kw_only=True):
    """`topics` holds the head of each stream that the socket is subscribed to."""

    session: str
    secret: str
    character: CharacterSummary | None
    heartbeat_s: int
    server_time: float
    content: ContentVersion
    limits: Limits
    topics: dict[str, int]
    resumed: bool


class KeptInventory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The inventory that a client has from an earlier visit.

    `seen` is the last number of `me` that is in it, `content` the hash of the content that it was told under.
    """

    seen: Sequence
    content: Annotated[str, msgspec.Meta(max_length=64)]


class Hello(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "hello"
    reply_type: ClassVar[type[Wire]] = HelloReply
    is_durable: ClassVar[bool] = False

    client: Annotated[str, msgspec.Meta(max_length=64)] = "unknown"
    version: int = 1
    ticket: str | None = None
    resume: ResumeTicket | None = None
    kept: KeptInventory | None = None


class Pong(Wire, frozen=True, kw_only=True):
    server_time: float


class Ping(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "ping"
    reply_type: ClassVar[type[Wire]] = Pong
    is_durable: ClassVar[bool] = False


class ResumeReply(Wire, frozen=True, kw_only=True):
    """`head` is the last sequence of the stream; the missing updates follow this reply, or a snapshot."""

    head: int
    is_snapshot: bool


class Resume(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask again for what is missing of a stream: every update from sequence `from` on."""

    type_name: ClassVar[str] = "resume"
    reply_type: ClassVar[type[Wire]] = ResumeReply
    is_durable: ClassVar[bool] = False

    s: StreamName
    from_: Sequence = msgspec.field(name="from")


class SubscribeReply(Wire, frozen=True, kw_only=True):
    head: int


class Subscribe(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Follow a stream; a snapshot follows the reply."""

    type_name: ClassVar[str] = "subscribe"
    reply_type: ClassVar[type[Wire]] = SubscribeReply
    is_durable: ClassVar[bool] = False

    s: StreamName


class Unsubscribe(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "unsubscribe"
    reply_type: ClassVar[type[Wire]] = Done
    is_durable: ClassVar[bool] = False

    s: StreamName


class Beat(Update, frozen=True, kw_only=True):
    """The heartbeat, outside every stream: the head of each stream that the socket follows."""

    type_name: ClassVar[str] = "beat"

    heads: dict[str, int]
    time: float


class Drain(Update, frozen=True, kw_only=True):
    """The server is about to close this socket; resume elsewhere after the delay."""

    type_name: ClassVar[str] = "drain"

    reconnect_in_ms: int


class InventorySince(Wire, frozen=True, kw_only=True):
    """The inventory, for a client that has kept it: what has changed since, in its order.

    `glim`, `pieces` (in all stacks) and `items` are what it comes to: where that is not so, the client asks
    for `me` anew.
    """

    changes: list[InventoryChanged]
    glim: int
    pieces: int
    items: int
    carries_most: int
    prepared: list[str]


class MeParts(Wire, frozen=True, kw_only=True):
    """Everything that stream `me` tells, a part by app."""

    profile: Profile | None = None
    inventory: Inventory | None = None
    inventory_since: InventorySince | None = None
    quests: QuestLog | None = None
    battle: CurrentBattle | None = None
    watched: WatchedBattle | None = None
    party: PartyStanding | None = None
    guild: GuildStanding | None = None
    trade: CurrentTrade | None = None
    crafting: Crafting | None = None
    health: Health | None = None


class MeSnapshot(Update, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "me.snapshot"

    parts: MeParts
