"""Wire types of the world: zones, who is in them, and what happens there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, ClassVar, Literal, TypeVar

import msgspec

from aether.protocol.base import Cell, Command, Done, Update, Wire, Words
from aether.protocol.life import Sky

ContentId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
PathCell = tuple[Annotated[int, msgspec.Meta(ge=0, le=127)], Annotated[int, msgspec.Meta(ge=0, le=127)]]
Path = Annotated[list[PathCell], msgspec.Meta(min_length=1, max_length=64)]


class PlayerSeen(Wire, frozen=True, kw_only=True, tag_field="kind", tag="player"):
    """A character in the zone. It left `path[0]` at `started_at` (server seconds), a cell each `step_ms`."""

    id: int
    name: str
    class_id: str
    level: int
    cell: Cell
    path: list[Cell] = []
    started_at: float = 0.0
    step_ms: int = 0
    is_in_battle: bool = False


class GroupSeen(Wire, frozen=True, kw_only=True, tag_field="kind", tag="group"):
    """A roaming monster group: the monsters with their levels, in order.

    `bonus_pct` is how much more it is worth by now; `prey` the character that it is after.
    """

    id: int
    monsters: list[tuple[str, int]]
    cell: Cell
    path: list[Cell] = []
    started_at: float = 0.0
    step_ms: int = 0
    is_in_battle: bool = False
    bonus_pct: int = 0
    prey: int | None = None


class NpcSeen(Wire, frozen=True, kw_only=True, tag_field="kind", tag="npc"):
    id: str
    cell: Cell


class ObjectSeen(Wire, frozen=True, kw_only=True, tag_field="kind", tag="object"):
    """A thing of the zone, with the state that this viewer may know (their own open chest).

    `object_type` is what it is: an object of the catalogue, or a station. `version` grows with every
    change that all see; `blocks` is what it stands in the way of now, beside being a thing. `guild` is the
    name of the guild in whose name it stands, which takes the place of `{guild}` in its own.
    """

    id: str
    object_type: str
    cell: Cell
    state: str
    version: int = 0
    blocks: list[Literal["walk", "sight"]] = []
    is_door: bool = False
    guild: str | None = None


class NodeSeen(Wire, frozen=True, kw_only=True, tag_field="kind", tag="node"):
    """Something to gather from: what it is (`node`), and how often it still gives."""

    id: str
    node: str
    cell: Cell
    charges: int


class ExitSeen(Wire, frozen=True, kw_only=True, tag_field="kind", tag="exit"):
    """A way to another zone. `locked` says what this viewer lacks to take it; `fare` is paid each time."""

    id: str
    cells: list[Cell]
    to_zone: str
    way: Literal["walk", "boat", "portal"] = "walk"
    fare: int = 0
    locked: Words | None = None


class ZoneSnapshot(Update, frozen=True, kw_only=True):
    """A zone copy. `map_hash` names the map (GET /api/v1/zones/<zone>/map/<hash>).

    Where many are there, the first of them: the others come with the updates that follow at once.
    """

    type_name: ClassVar[str] = "world.snapshot"

    zone: str
    instance: str
    map_hash: str
    server_time: float
    players: list[PlayerSeen]
    groups: list[GroupSeen]
    npcs: list[NpcSeen]
    objects: list[ObjectSeen]
    exits: list[ExitSeen]
    nodes: list[NodeSeen] = []
    sky: Sky | None = None

    def pages(self) -> Sequence[Update]:
        """Return a snapshot of those who have room in it, and updates by which the others come."""
        apart = msgspec.structs.replace(self, players=[])
        room = PAGE_BYTES - len(msgspec.json.encode(apart))
        first, *others = _paged([PlayerCame(player=player) for player in self.players], room)
        shown = msgspec.structs.replace(self, players=[came.player for came in first])
        return [shown, *(ZoneChanged(changes=list(some)) for some in others)]


class PlayerCame(Wire, frozen=True, kw_only=True, tag_field="c", tag="player"):
    """A player is in the zone, as seen here (also when something of it changed)."""

    player: PlayerSeen


class PlayerWalked(Wire, frozen=True, kw_only=True, tag_field="c", tag="walk"):
    """`path` begins with the cell it leaves. A path of one cell: it stands there."""

    id: int
    path: list[Cell]
    started_at: float
    step_ms: int


class PlayerLeft(Wire, frozen=True, kw_only=True, tag_field="c", tag="left"):
    id: int


class GroupCame(Wire, frozen=True, kw_only=True, tag_field="c", tag="group"):
    """A monster group is in the zone, as seen here (also when it walks or enters a battle)."""

    group: GroupSeen


class GroupLeft(Wire, frozen=True, kw_only=True, tag_field="c", tag="group_left"):
    id: int


class NodeChanged(Wire, frozen=True, kw_only=True, tag_field="c", tag="node"):
    """A node has fewer charges, or is whole again."""

    node: NodeSeen


class ObjectMoved(Wire, frozen=True, kw_only=True, tag_field="c", tag="object"):
    """A thing that all see has changed."""

    object: ObjectSeen


class GatherBegan(Wire, frozen=True, kw_only=True, tag_field="c", tag="gather"):
    """A player is at work on a node until `ends_at` (server seconds)."""

    id: int
    node: str
    ends_at: float


class SkyChanged(Wire, frozen=True, kw_only=True, tag_field="c", tag="sky"):
    """Another time of the day, another weather, or an event that begins or ends."""

    sky: Sky


class Emoted(Wire, frozen=True, kw_only=True, tag_field="c", tag="emote"):
    id: int
    emote: str


C = TypeVar("C", bound="ZoneChange")
ZoneChange = (
    PlayerCame
    | PlayerWalked
    | PlayerLeft
    | GroupCame
    | GroupLeft
    | NodeChanged
    | ObjectMoved
    | GatherBegan
    | SkyChanged
    | Emoted
)


class ZoneChanged(Update, frozen=True, kw_only=True):
    """What happened in the zone since the last tick, in order: the same bytes for everybody."""

    type_name: ClassVar[str] = "world.changed"

    changes: list[ZoneChange]

    def pages(self) -> Sequence[Update]:
        """Return the changes in order, in as many updates as they need."""
        return [ZoneChanged(changes=some) for some in _paged(self.changes, PAGE_BYTES)]


PAGE_BYTES = 60_000
"""What the contents of one update may come to: the limit of an update, with room for its frame."""


def _paged(changes: Iterable[C], room: int) -> Iterator[list[C]]:
    """Yield changes in order, each time as many as have room; `room` is that of the first ones."""
    some: list[C] = []
    for change in changes:
        room -= _bytes_at_most(change)
        if room < 0 and some:
            yield some
            some, room = [], PAGE_BYTES - _bytes_at_most(change)
        some.append(change)
    yield some


def _bytes_at_most(change: ZoneChange) -> int:
    """Return a bound of the size of a change, without encoding it: in JSON, which is the longer form."""
    match change:
        case PlayerWalked():
            return 120 + 10 * len(change.path)
        case PlayerCame():
            seen = change.player
            return 260 + len(seen.class_id) + 6 * len(seen.name) + 10 * len(seen.path)
        case GroupCame():
            group = change.group
            monsters = sum(24 + len(monster) for monster, _ in group.monsters)
            return 300 + monsters + 10 * len(group.path)
        case SkyChanged():
            return 300 + 60 * len(change.sky.phases) + 64 * len(change.sky.events)
        case NodeChanged() | ObjectMoved() | GatherBegan():
            return _bytes_of_thing_at_most(change)
        case PlayerLeft() | GroupLeft() | Emoted():
            return 80


def _bytes_of_thing_at_most(change: NodeChanged | ObjectMoved | GatherBegan) -> int:
    match change:
        case NodeChanged():
            return 160 + len(change.node.id) + len(change.node.node)
        case ObjectMoved():
            thing = change.object
            return 260 + len(thing.id) + len(thing.object_type) + len(thing.state)
        case GatherBegan():
            return 120 + len(change.node)


class ObjectChanged(Update, frozen=True, kw_only=True):
    """On `me`: what an object of the zone is for this character now."""

    type_name: ClassVar[str] = "world.object_changed"

    instance: str
    object: ObjectSeen


class ObjectsChanged(Update, frozen=True, kw_only=True):
    """On `me`: all objects of the zone as they are for this character now; it sees no others any more.

    Of two that tell of one the greater `version` counts. Something else may be done with one that stands as
    before: whoever looks at it looks again.
    """

    type_name: ClassVar[str] = "world.objects_changed"

    instance: str
    objects: list[ObjectSeen]


class ExitsChanged(Update, frozen=True, kw_only=True):
    """On `me`: what the exits of the zone ask of this character now."""

    type_name: ClassVar[str] = "world.exits_changed"

    instance: str
    exits: list[ExitSeen]


class Gathering(Wire, frozen=True, kw_only=True):
    """Work has begun; who walks away before `ends_at` (server seconds) has nothing."""

    node: str
    began_at: float
    ends_at: float


class Gather(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Gather from a node next to which the character stands. How it ends arrives on `me`."""

    type_name: ClassVar[str] = "world.gather"
    reply_type: ClassVar[type[Wire]] = Gathering

    node: ContentId


class StopGathering(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave it be; refused by nothing."""

    type_name: ClassVar[str] = "world.gather_stop"
    reply_type: ClassVar[type[Wire]] = Done


class GatheringEnded(Update, frozen=True, kw_only=True):
    """On `me`: how the work on a node has ended, and what it gave."""

    type_name: ClassVar[str] = "world.gathering_ended"

    node: str
    outcome: Literal["done", "stopped", "spent"]
    items: dict[str, int] = {}


class Place(Wire, frozen=True, kw_only=True):
    """Where the character stands. `stream` is followed from now on; its snapshot comes as an update."""

    zone: str
    instance: str
    stream: str
    cell: Cell


class EnterWorld(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Appear in the world, where the character last was."""

    type_name: ClassVar[str] = "world.enter"
    reply_type: ClassVar[type[Wire]] = Place
    is_durable: ClassVar[bool] = False


class Walk(Wire, frozen=True, kw_only=True):
    """The walk as the server times it: from `path[0]` at `started_at`, one cell each `step_ms`."""

    path: list[Cell]
    started_at: float
    step_ms: int


class Move(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Walk along the path, which begins beside the cell that the character is on or about to reach."""

    type_name: ClassVar[str] = "world.move"
    reply_type: ClassVar[type[Wire]] = Walk
    is_durable: ClassVar[bool] = False

    path: Path


class Travel(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take an exit on or next to whose cells the character stands."""

    type_name: ClassVar[str] = "world.travel"
    reply_type: ClassVar[type[Wire]] = Place

    exit: ContentId


class Emote(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "world.emote"
    reply_type: ClassVar[type[Wire]] = Done
    is_durable: ClassVar[bool] = False

    emote: Literal["wave", "bow", "cheer", "laugh", "point", "sit"]


class Look(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "world.look"
    reply_type: ClassVar[type[Wire]] = ZoneSnapshot
    is_durable: ClassVar[bool] = False


class Decor(Wire, frozen=True, kw_only=True):
    """A thing drawn above the ground: the name of a sprite, and the cell it stands on."""

    sprite: str
    cell: Cell


class ZoneMap(Wire, frozen=True, kw_only=True):
    """A compiled map as clients draw it. `ground` and `walk` go row by row, cell (x, y) at index y·width + x.

    `ground` holds indices into `tiles` (sprites); `walk` and `sight_blocked` are 0 or 1, `cost` 1 to 3.
    """

    zone: str
    hash: str
    width: int
    height: int
    tiles: list[str]
    ground: list[int]
    walk: list[int]
    sight_blocked: list[int]
    cost: list[int]
    decor: list[Decor]
