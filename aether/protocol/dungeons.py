"""Wire types of dungeons: what the gate says, how a run stands, and what changes about it."""

from __future__ import annotations

from typing import ClassVar, Literal

from aether.protocol.base import Command, Update, Wire
from aether.protocol.world import ContentId


class DungeonClue(Wire, frozen=True, kw_only=True):
    """What an inscription says: one lever is pulled right after another. Both are objects of the map."""

    inscription: str
    first: str
    second: str


class RunMember(Wire, frozen=True, kw_only=True):
    character: int
    name: str
    is_inside: bool


class DungeonRunSeen(Wire, frozen=True, kw_only=True):
    """A run as its members see it. `room` counts the rooms that are done; `levers` are those down."""

    id: int
    dungeon: str
    room: int
    beaten: tuple[str, ...]
    levers: tuple[str, ...]
    clues: tuple[DungeonClue, ...]
    open_doors: tuple[str, ...]
    members: tuple[RunMember, ...]
    is_done: bool


class DungeonGuest(Wire, frozen=True, kw_only=True):
    """Somebody of one's party before the gate. `is_locked` once this week's loot was had."""

    character: int
    name: str
    level: int
    is_locked: bool
    is_inside: bool


class DungeonGate(Wire, frozen=True, kw_only=True):
    """What stands at the gate of a dungeon for a character.

    `entry` says what entering would be: going on with the own run, joining that of the party, or a new one.
    Without it, `refusal` says in the player's language what stands in the way. Locks end at `week_ends_at`.
    """

    dungeon: str
    week_ends_at: float
    is_locked: bool
    entry: Literal["resume", "join", "new"] | None
    refusal: str | None
    run: DungeonRunSeen | None
    party: tuple[DungeonGuest, ...]


class LookAtDungeon(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read what the gate of a dungeon says, from wherever one is. One enters by `world.travel`."""

    type_name: ClassVar[str] = "world.dungeon"
    reply_type: ClassVar[type[Wire]] = DungeonGate
    is_durable: ClassVar[bool] = False

    dungeon: ContentId


class AbandonDungeon(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave the own run of a dungeon for good; who is inside is led out. The loot lock stays."""

    type_name: ClassVar[str] = "world.dungeon_abandon"
    reply_type: ClassVar[type[Wire]] = DungeonGate

    dungeon: ContentId


class DungeonOpened(Update, frozen=True, kw_only=True):
    """On `me`: somebody of the own party has entered a dungeon; one may follow through the gate."""

    type_name: ClassVar[str] = "world.dungeon_opened"

    dungeon: str
    character: int
    name: str


class DungeonChanged(Update, frozen=True, kw_only=True):
    """On `me`: how the own run stands now, and what has happened. Without a run, it is over."""

    type_name: ClassVar[str] = "world.dungeon_changed"

    dungeon: str
    cause: Literal["entered", "beaten", "lever", "reset", "clue", "room", "done", "left", "closed"]
    run: DungeonRunSeen | None
