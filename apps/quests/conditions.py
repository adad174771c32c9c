"""The condition language: a small tree that is always true or false, without effect and without chance.

A document that names an unknown leaf, nests too deeply or is too large is no condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

DEPTH_MAX = 6
NODES_MAX = 64

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,47}$")]
Number = Annotated[int, msgspec.Meta(ge=-(10**12), le=10**12)]
QuestState = Literal["locked", "available", "active", "ready", "completed", "abandoned"]


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


class QuestIs(Part, frozen=True, kw_only=True):
    """The quest is in a state, and at a step where one is named."""

    id: Id
    state: QuestState = msgspec.field(name="is")
    step: Id | None = None


class FlagIs(Part, frozen=True, kw_only=True):
    """The flag compares to a value; a flag that was never set is 0."""

    key: Id
    op: Literal["=", ">=", "<="] = ">="
    value: Number = 1


class HasItem(Part, frozen=True, kw_only=True):
    id: Id
    n: Annotated[int, msgspec.Meta(ge=1, le=10**6)] = 1


class HasCurrency(Part, frozen=True, kw_only=True):
    id: Literal["glim"] = "glim"
    n: Annotated[int, msgspec.Meta(ge=1, le=10**12)]


class Condition(Part, frozen=True, kw_only=True):
    """One node of the tree: exactly one of its fields says what it is."""

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = msgspec.field(name="not", default=None)
    level: Bounds | None = None
    class_: Id | None = msgspec.field(name="class", default=None)
    quest: QuestIs | None = None
    flag: FlagIs | None = None
    has_item: HasItem | None = None
    currency: HasCurrency | None = None
    zone: Id | None = None

    def __post_init__(self) -> None:
        if sum(getattr(self, name) is not None for name in self.__struct_fields__) != 1:
            raise ValueError("a condition says exactly one thing")
        if depth(self) > DEPTH_MAX:
            raise ValueError(f"a condition nests {DEPTH_MAX} deep at most")
        if size(self) > NODES_MAX:
            raise ValueError(f"a condition has {NODES_MAX} nodes at most")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything about a character that a condition may ask."""

    level: int = 1
    class_id: str = ""
    zone: str = ""
    quests: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    holdings: Mapping[str, int] = field(default_factory=dict)


def children(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions inside one."""
    inner = (condition.not_,) if condition.not_ is not None else ()
    return (condition.all or ()) + (condition.any or ()) + inner


def depth(condition: Condition) -> int:
    """Return how deep the tree is; a leaf is 1."""
    return 1 + max((depth(child) for child in children(condition)), default=0)


def size(condition: Condition) -> int:
    """Return how many nodes the tree has."""
    return 1 + sum(size(child) for child in children(condition))


def holds(condition: Condition | None, situation: Situation) -> bool:
    """Tell if a condition is true; no condition always is."""
    if condition is None:
        return True
    if condition.all is not None:
        return all(holds(child, situation) for child in condition.all)
    if condition.any is not None:
        return any(holds(child, situation) for child in condition.any)
    if condition.not_ is not None:
        return not holds(condition.not_, situation)
    return _leaf_holds(condition, situation)


def _leaf_holds(leaf: Condition, situation: Situation) -> bool:
    if leaf.level is not None:
        return leaf.level.hold(situation.level)
    if leaf.quest is not None:
        return _quest_is(leaf.quest, situation)
    if leaf.flag is not None:
        return _compare(situation.flags.get(leaf.flag.key, 0), leaf.flag)
    if leaf.has_item is not None:
        return situation.holdings.get(leaf.has_item.id, 0) >= leaf.has_item.n
    if leaf.currency is not None:
        return situation.holdings.get(leaf.currency.id, 0) >= leaf.currency.n
    if leaf.zone is not None:
        return leaf.zone == situation.zone
    return leaf.class_ == situation.class_id


def _quest_is(wanted: QuestIs, situation: Situation) -> bool:
    state, step = situation.quests.get(wanted.id, ("locked", None))
    return state == wanted.state and wanted.step in (None, step)


def _compare(value: int, flag: FlagIs) -> bool:
    if flag.op == "=":
        return value == flag.value
    return value >= flag.value if flag.op == ">=" else value <= flag.value
