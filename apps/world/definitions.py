"""Content of the world as types: zones with their spawns as written by hand, and maps as compiled."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from aether.kernel.conditions import Condition
from aether.kernel.content import LocalText
from aether.protocol.base import Cell
from apps.world.almanac import Occasion, Spell

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,47}$")]
Level = Annotated[int, msgspec.Meta(ge=1, le=100)]
Count = Annotated[int, msgspec.Meta(ge=0, le=8)]
Seconds = Annotated[int, msgspec.Meta(ge=1, le=86_400)]
ExitKind = Literal["walk", "boat", "portal"]
Owner = Literal["character", "guild"]


CAPACITY = 80
"""How many a copy of a zone takes where the zone says nothing else."""


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that content may say about the world."""


# Zones


class Kin(Definition, frozen=True, kw_only=True):
    """So many monsters of one kind, each of a level in the range."""

    monster: Id
    count: tuple[Count, Count] = (1, 1)
    level: tuple[Level, Level]


class Composition(Definition, frozen=True, kw_only=True):
    """Monsters that appear together, and how often compared with the others of the rule."""

    weight: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1
    monsters: Annotated[tuple[Kin, ...], msgspec.Meta(min_length=1, max_length=8)]


class Roam(Definition, frozen=True, kw_only=True):
    """How far a group walks at once, how long it rests in between, and how far it strays from where it came.

    Without a `radius` it strolls through its whole region.
    """

    steps: Annotated[int, msgspec.Meta(ge=1, le=12)] = 4
    radius: Annotated[int, msgspec.Meta(ge=1, le=32)] | None = None
    every_s: tuple[Seconds, Seconds] = (6, 14)


class BattleGoal(Definition, frozen=True, kw_only=True):
    """What wins a battle against a group before all have fallen: one kind defeated, or rounds survived."""

    goal: Literal["kill", "survive"]
    ref: str = ""
    rounds: Annotated[int, msgspec.Meta(ge=0, le=39)] = 0

    def __post_init__(self) -> None:
        if (self.goal == "kill") != bool(self.ref) or (self.goal == "survive") != bool(self.rounds):
            raise ValueError("`kill` goes with `ref`, and `survive` with `rounds`")


class SpawnRule(Definition, frozen=True, kw_only=True):
    """Keeps groups in a region of the map; a beaten one comes back after `respawn_s`.

    One that sees somebody of its level within `aggro_cells` attacks. With `when`, groups are there only then.
    """

    id: Id
    region: Id
    max_groups: Annotated[int, msgspec.Meta(ge=1, le=20)]
    respawn_s: tuple[Seconds, Seconds]
    roam: Roam = Roam()
    aggro_cells: Annotated[int, msgspec.Meta(ge=0, le=12)] = 0
    when: Occasion | None = None
    objective: BattleGoal | None = None
    groups: Annotated[tuple[Composition, ...], msgspec.Meta(min_length=1)]


class ExitRule(Definition, frozen=True, kw_only=True):
    """Who may take an exit, how it goes there, and what it costs each time."""

    kind: ExitKind = "walk"
    fare: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    condition: Condition | None = msgspec.field(name="if", default=None)


class HardcoreRule(Definition, frozen=True, kw_only=True):
    """What a defeat by monsters takes besides: a share of the glim that one carries. Nothing, unless said."""

    glim_pct: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0


class ZoneDef(Definition, frozen=True, kw_only=True):
    """A zone. Where characters begin is the arrival `start` of the only zone with `is_start`.

    `bosses` belong to the zone and do not roam in it. More than `capacity` people get another copy of it.
    `exits` says of those exits of the map that are not open to everybody what they ask.
    A `hardcore` zone is one where being defeated costs more than the way home.
    A zone that is `owned_by` characters or guilds has a copy for each of them, into which nobody else comes.
    """

    id: Id
    name: LocalText
    description: LocalText
    map: Id
    is_start: bool = False
    is_safe: bool = False
    capacity: Annotated[int, msgspec.Meta(ge=1, le=2_000)] = CAPACITY
    levels: tuple[Level, Level] = (1, 1)
    spawns: tuple[SpawnRule, ...] = ()
    bosses: tuple[Id, ...] = ()
    weather: tuple[Spell, ...] = ()
    exits: dict[Id, ExitRule] = msgspec.field(default_factory=dict)
    hardcore: HardcoreRule | None = None
    owned_by: Owner | None = None

    def __post_init__(self) -> None:
        if self.owned_by is not None and self.is_start:
            raise ValueError("nobody begins in a zone that is `owned_by` somebody")

    def rule_of(self, exit_id: str) -> ExitRule:
        return self.exits.get(exit_id, OPEN)


OPEN = ExitRule()


# Maps


class MapExit(Definition, frozen=True, kw_only=True):
    """Cells that lead to the arrival of another zone."""

    id: Id
    cells: Annotated[tuple[Cell, ...], msgspec.Meta(min_length=1)]
    to_zone: Id
    arrival: Id
    is_one_way: bool = False


class MapNpc(Definition, frozen=True, kw_only=True):
    id: Id
    cell: Cell


class MapObject(Definition, frozen=True, kw_only=True):
    """A thing to use. `definition` says what it is, `targets` what it moves, `loot` what it may pay.

    A door does not stand in the way of who walks, unless its state does.
    """

    id: Id
    object_type: Id
    cell: Cell
    loot: str = ""
    definition: Id = "chest"
    targets: tuple[Id, ...] = ()

    @property
    def is_door(self) -> bool:
        return self.object_type == "door"


class MapStation(Definition, frozen=True, kw_only=True):
    """Where something is done: a station of the economy."""

    id: Id
    station: Id
    cell: Cell


class MapNode(Definition, frozen=True, kw_only=True):
    """Something to gather from: a node of the economy."""

    id: Id
    node: Id
    cell: Cell


Sides = tuple[tuple[Cell, ...], tuple[Cell, ...]]
"""Where those who attack may start, and where the others may."""


class MapDecor(Definition, frozen=True, kw_only=True):
    sprite: str
    cell: Cell


class MapDef(Definition, frozen=True, kw_only=True):
    """A compiled map. Row by row, cell (x, y) at index y·width + x: `ground` points into `tiles`;
    `walk` and `sight_blocked` have one digit 0 or 1 a cell, `cost` one digit 1 to 3. `placement` says
    of some regions where battles in them begin.
    """

    id: Id
    hash: str
    width: Annotated[int, msgspec.Meta(ge=1, le=128)]
    height: Annotated[int, msgspec.Meta(ge=1, le=128)]
    tiles: tuple[str, ...]
    ground: tuple[int, ...]
    walk: str
    sight_blocked: str
    cost: str
    tags: tuple[tuple[int, int, str], ...]
    decor: tuple[MapDecor, ...]
    exits: tuple[MapExit, ...]
    arrivals: dict[str, Cell]
    npcs: tuple[MapNpc, ...]
    objects: tuple[MapObject, ...]
    stations: tuple[MapStation, ...] = ()
    nodes: tuple[MapNode, ...] = ()
    regions: dict[str, tuple[Cell, ...]]
    placement: dict[str, Sides] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        size = self.width * self.height
        for name, allowed in (("walk", "01"), ("sight_blocked", "01"), ("cost", "123")):
            digits = getattr(self, name)
            if len(digits) != size or digits.strip(allowed):
                raise ValueError(f"`{name}` has to be {size} digits of {allowed}")
        if len(self.ground) != size or not all(0 <= tile < len(self.tiles) for tile in self.ground):
            raise ValueError(f"`ground` has to be {size} numbers of tiles")

    def is_walkable(self, cell: Cell) -> bool:
        x, y = cell
        return 0 <= x < self.width and 0 <= y < self.height and self.walk[y * self.width + x] == "1"
