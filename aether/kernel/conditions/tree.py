"""The condition language: a small tree that is always true or false, without effect and without chance.

A document that names an unknown leaf, nests too deeply or is too large is no condition.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from aether.protocol.guilds import Permission

DEPTH_MAX = 6
NODES_MAX = 64
ROWS_MAX = 256
"""How many alternatives a condition may come to, written as one alternative a row."""

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,47}$")]
Number = Annotated[int, msgspec.Meta(ge=-(10**12), le=10**12)]
TimeOfDay = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
QuestState = Literal["locked", "available", "active", "ready", "completed", "failed", "abandoned"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that a condition may say."""


class Bounds(Part, frozen=True, kw_only=True):
    """Both ends are included."""

    at_least: Number | None = msgspec.field(name=">=", default=None)
    at_most: Number | None = msgspec.field(name="<=", default=None)

    def hold(self, value: int) -> bool:
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )


class StatIs(Bounds, frozen=True, kw_only=True):
    """The points that the character has put into a stat."""

    id: Id


class QuestIs(Part, frozen=True, kw_only=True):
    """The quest is in a state, and at a step where one is named."""

    id: Id
    state: QuestState = msgspec.field(name="is")
    step: Id | None = None


class FlagIs(Part, frozen=True, kw_only=True):
    """The flag compares to a value; one never set is 0. Those of the copy are the same for all in it."""

    key: Id
    op: Literal["=", ">=", "<="] = ">="
    value: Number = 1
    of: Literal["character", "copy"] = "character"

    def compares(self, value: int) -> bool:
        if self.op == "=":
            return value == self.value
        return value >= self.value if self.op == ">=" else value <= self.value


class HasItem(Part, frozen=True, kw_only=True):
    """So many of an item: on the character, unless `where` names one place alone."""

    id: Id
    n: Annotated[int, msgspec.Meta(ge=1, le=10**6)] = 1
    where: Literal["carried", "bag", "worn", "bank"] = "carried"


class HasCurrency(Part, frozen=True, kw_only=True):
    id: Literal["glim"] = "glim"
    n: Annotated[int, msgspec.Meta(ge=1, le=10**12)]


class ProfessionIs(Part, frozen=True, kw_only=True):
    """The character has come so far in a profession; everybody begins at 1."""

    id: Id
    level: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1


class TimeIs(Part, frozen=True, kw_only=True):
    """The time of the server (UTC): between two times of day, the first included, or on some weekdays."""

    between: tuple[TimeOfDay, TimeOfDay] | None = None
    weekday: Annotated[tuple[Weekday, ...], msgspec.Meta(min_length=1, max_length=7)] | None = None

    def __post_init__(self) -> None:
        if (self.between is None) == (self.weekday is None):
            raise ValueError("a time is either `between` or `weekday`")


class GuildIs(Part, frozen=True, kw_only=True):
    """The character is in a guild, at a rank that may do something where that is named."""

    may: Permission | None = None


class ExitUnlocked(Part, frozen=True, kw_only=True):
    """An effect has unlocked this exit for the character."""

    zone: Id
    exit: Id

    @property
    def names(self) -> tuple[str, str]:
        return self.zone, self.exit


class CooledDown(Part, frozen=True, kw_only=True):
    """The character may do again what has this cooldown."""

    key: Id


class Condition(Part, frozen=True, kw_only=True):
    """One node of the tree: exactly one of its fields says what it is."""

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = msgspec.field(name="not", default=None)
    level: Bounds | None = None
    class_: Id | None = msgspec.field(name="class", default=None)
    stat: StatIs | None = None
    has_item: HasItem | None = None
    equipped: Id | None = None
    currency: HasCurrency | None = None
    quest: QuestIs | None = None
    flag: FlagIs | None = None
    profession: ProfessionIs | None = None
    zone: Id | None = None
    time: TimeIs | None = None
    party_size: Bounds | None = None
    guild: GuildIs | None = None
    guild_rank: Bounds | None = None
    unlocked: ExitUnlocked | None = None
    cooldown: CooledDown | None = None
    event_active: Id | None = None
    weather: Id | None = None

    def __post_init__(self) -> None:
        if sum(getattr(self, name) is not None for name in self.__struct_fields__) != 1:
            raise ValueError("a condition says exactly one thing")
        if depth(self) > DEPTH_MAX:
            raise ValueError(f"a condition nests {DEPTH_MAX} deep at most")
        if size(self) > NODES_MAX:
            raise ValueError(f"a condition has {NODES_MAX} nodes at most")
        if max(_rows(self)) > ROWS_MAX:
            raise ValueError(f"a condition comes to {ROWS_MAX} alternatives at most")

    @property
    def said(self) -> tuple[str, Any]:
        """Return what kind of node this is, by the name of its field, and what it says."""
        for name in self.__struct_fields__:
            if (value := getattr(self, name)) is not None:
                return name.rstrip("_"), value
        raise AssertionError("a condition says exactly one thing")


INNER = frozenset({"all", "any", "not"})
"""The nodes that are no leaves."""


def children(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions inside one."""
    inner = (condition.not_,) if condition.not_ is not None else ()
    return (condition.all or ()) + (condition.any or ()) + inner


def leaves(condition: Condition | None) -> tuple[Condition, ...]:
    """Return the leaves of a tree, in order; no condition has none."""
    if condition is None:
        return ()
    if condition.said[0] not in INNER:
        return (condition,)
    return tuple(leaf for child in children(condition) for leaf in leaves(child))


def depth(condition: Condition) -> int:
    """Return how deep the tree is; a leaf is 1."""
    return 1 + max((depth(child) for child in children(condition)), default=0)


def size(condition: Condition) -> int:
    """Return how many nodes the tree has."""
    return 1 + sum(size(child) for child in children(condition))


def _rows(condition: Condition) -> tuple[int, int]:
    """Return to how many alternatives a condition comes, and to how many its opposite does."""
    if condition.not_ is not None:
        yes, no = _rows(condition.not_)
        return no, yes
    if condition.all is None and condition.any is None:
        return 1, 1
    product, total = 1, 0
    for child in children(condition):
        yes, no = _rows(child) if condition.all is not None else reversed(_rows(child))
        product, total = product * yes, total + no
    return (product, total) if condition.all is not None else (total, product)
