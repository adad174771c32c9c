"""Dungeons as content: rooms in order, what is done in each, and what it is worth once a week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from aether.kernel.content import LocalText
from apps.world.definitions import Definition, Id, Kin, Level

UP, DOWN = "up", "down"
"""The states of a lever."""
UNREAD, READ = "unread", "read"
"""The states of an inscription."""

Percent = Annotated[int, msgspec.Meta(ge=1, le=1_000)]
Members = Annotated[int, msgspec.Meta(ge=1, le=4)]


class Goal(Definition, frozen=True, kw_only=True):
    """What an encounter asks of those who attack, besides that one of them stands at its end."""

    goal: Literal["kill", "survive", "protect"]
    ref: str = ""
    rounds: Annotated[int, msgspec.Meta(ge=0, le=39)] = 0

    def __post_init__(self) -> None:
        if (self.goal == "survive") != bool(self.rounds) or (self.goal == "survive") == bool(self.ref):
            raise ValueError("`survive` goes with `rounds`, `kill` and `protect` with `ref`")


class Guard(Kin, frozen=True, kw_only=True):
    """Monsters that are there against so many at least."""

    members: Members = 1


class Encounter(Definition, frozen=True, kw_only=True):
    """Monsters that wait in a region until they are beaten; `allies` fight beside who attacks them."""

    id: Id
    region: Id
    monsters: Annotated[tuple[Guard, ...], msgspec.Meta(min_length=1, max_length=8)]
    allies: Annotated[tuple[Kin, ...], msgspec.Meta(max_length=2)] = ()
    goals: Annotated[tuple[Goal, ...], msgspec.Meta(max_length=4)] = ()


class Lever(Definition, frozen=True, kw_only=True):
    """`object` is where the map has it; the name is what clues call it."""

    object: Id
    name: LocalText


class Puzzle(Definition, frozen=True, kw_only=True):
    """Levers to be pulled in an order that each run draws; each inscription says which comes after which.

    `clue` is what an inscription reads, with `{first}` and `{second}` for the names of two levers.
    """

    levers: Annotated[tuple[Lever, ...], msgspec.Meta(min_length=2, max_length=6)]
    inscriptions: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1, max_length=5)]
    clue: LocalText

    def __post_init__(self) -> None:
        if len(self.inscriptions) != len(self.levers) - 1:
            raise ValueError("there has to be one inscription less than there are levers")
        for text in (self.clue.en, self.clue.fr):
            if text.count("{first}") != 1 or text.count("{second}") != 1:
                raise ValueError("a clue names `{first}` and `{second}`, each once")


class Room(Definition, frozen=True, kw_only=True):
    """A part of the dungeon: done when its encounters are beaten or its puzzle is solved. Then it `opens`."""

    id: Id
    name: LocalText
    goal: LocalText
    kind: Literal["battles", "puzzle", "encounter"]
    encounters: Annotated[tuple[Encounter, ...], msgspec.Meta(max_length=8)] = ()
    puzzle: Puzzle | None = None
    opens: Id | None = None

    def __post_init__(self) -> None:
        if (self.kind == "puzzle") != (self.puzzle is not None):
            raise ValueError("a room of kind `puzzle`, and no other, has a `puzzle`")
        if (self.kind == "puzzle") == bool(self.encounters):
            raise ValueError("a room of battles has `encounters`, a puzzle has none")
        if self.kind == "encounter" and len(self.encounters) != 1:
            raise ValueError("a room of kind `encounter` has one of them")


class Scaling(Definition, frozen=True, kw_only=True):
    """How much of their life monsters have: so much, and for each who fights so much more."""

    base_pct: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 40
    member_pct: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 15


class DungeonDef(Definition, frozen=True, kw_only=True):
    """A zone of its own for each party that enters it.

    What table `loot` gives is paid to a character once a week. Levels and party size are asked of who enters.
    """

    id: Id
    name: LocalText
    description: LocalText
    zone: Id
    levels: tuple[Level, Level]
    party: tuple[Members, Members] = (1, 4)
    scaling: Scaling = Scaling()
    lock: Literal["weekly"] = "weekly"
    loot: Id
    rooms: Annotated[tuple[Room, ...], msgspec.Meta(min_length=1, max_length=12)]

    def encounters(self) -> Iterator[tuple[int, Encounter]]:
        """Yield every encounter, with the number of its room."""
        for number, room in enumerate(self.rooms):
            for encounter in room.encounters:
                yield number, encounter

    def room_of_object(self, object_id: str) -> int | None:
        """Return the number of the room whose puzzle has this lever or inscription."""
        for number, room in enumerate(self.rooms):
            if room.puzzle is not None and (
                object_id in room.puzzle.inscriptions
                or any(each.object == object_id for each in room.puzzle.levers)
            ):
                return number
        return None
