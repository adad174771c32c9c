"""Content of finding and making as types: professions, nodes to gather from, stations, recipes, sets."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from aether.kernel.content.pack import LocalText
from apps.economy.definitions import STATS, Amount, Definition, Id, Level, StatValue

Seconds = Annotated[int, msgspec.Meta(ge=1, le=3_600)]
Experience = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class ProfessionDef(Definition, frozen=True, kw_only=True):
    """What a character learns by doing it: to gather, or to craft."""

    id: Id
    name: LocalText
    description: LocalText
    kind: Literal["gather", "craft"]


class StationDef(Definition, frozen=True, kw_only=True):
    """Where something is done. A map shows it as an object, or tags the ground around it with `tag`."""

    id: Id
    name: LocalText
    kind: Literal["workshop", "bank"] = "workshop"
    tag: Id | None = None
    repairs: bool = False


class NodeDef(Definition, frozen=True, kw_only=True):
    """Something that grows or lies on a map: each charge is one gathering, which takes `time_s`."""

    id: Id
    name: LocalText
    profession: Id
    level: Level = 1
    tool: Id | None = None
    loot: Id
    time_s: Annotated[int, msgspec.Meta(ge=1, le=120)] = 4
    charges: Annotated[int, msgspec.Meta(ge=1, le=100)] = 3
    respawn_s: tuple[Seconds, Seconds]
    xp: Experience = 0

    def __post_init__(self) -> None:
        if self.respawn_s[0] > self.respawn_s[1]:
            raise ValueError("`respawn_s` goes from the smaller to the larger")


class RecipeOutput(Definition, frozen=True, kw_only=True):
    item: Id
    count: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    weight: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1


class Quality(Definition, frozen=True, kw_only=True):
    """The chance of fine work, and what each level above the recipe's adds to it."""

    bp: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    skill_bonus: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0


class Unlock(Definition, frozen=True, kw_only=True):
    """Who may use a recipe: from a level of the character on, of a class, after a quest, or by an item."""

    level: Level = 1
    class_: Id | None = msgspec.field(name="class", default=None)
    quest: Id | None = None
    taught: bool = False


class RecipeDef(Definition, frozen=True, kw_only=True):
    """How something is made. One of the outputs comes of it, by weight; tools are needed and kept."""

    id: Id
    profession: Id
    level: Level = 1
    station: Id | None = None
    inputs: Annotated[dict[Id, Amount], msgspec.Meta(min_length=1, max_length=8)]
    tools: tuple[Id, ...] = ()
    fee: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 0
    time_s: Seconds
    outputs: Annotated[tuple[RecipeOutput, ...], msgspec.Meta(min_length=1, max_length=8)]
    quality: Quality = Quality()
    xp: Experience = 0
    unlock: Unlock = Unlock()

    def fine_bp(self, level: int) -> int:
        """Return the chance of fine work at a level of the profession."""
        return min(10_000, self.quality.bp + self.quality.skill_bonus * max(0, level - self.level))


class SetBonus(Definition, frozen=True, kw_only=True):
    """What wearing so many pieces of a set adds; bonuses of fewer pieces stay."""

    pieces: Annotated[int, msgspec.Meta(ge=2, le=5)]
    stats: Annotated[dict[Id, StatValue], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        if unknown := set(self.stats) - STATS:
            raise ValueError(f"there is no stat `{min(unknown)}`")


class ItemSetDef(Definition, frozen=True, kw_only=True):
    """Pieces of equipment that are more together."""

    id: Id
    name: LocalText
    items: Annotated[tuple[Id, ...], msgspec.Meta(min_length=2, max_length=5)]
    bonuses: Annotated[tuple[SetBonus, ...], msgspec.Meta(min_length=1, max_length=4)]
