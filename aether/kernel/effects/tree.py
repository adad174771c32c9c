"""What an effect may say: exactly one thing, and nothing that is not on the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec

from aether.kernel.conditions.tree import Id, Number
from aether.kernel.content.pack import LocalText

Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
SUBJECT_MAX, TEXT_MAX = 64, 1000
Window = Annotated[str, msgspec.Meta(pattern="^(shop:[a-z][a-z0-9_]*|bank|craft|market)$")]


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that effects may say."""


class Stack(Definition, frozen=True, kw_only=True):
    item: Id
    n: Count = 1


class Money(Definition, frozen=True, kw_only=True):
    id: Literal["glim"] = "glim"
    n: Annotated[int, msgspec.Meta(ge=1, le=10**6)]


class SetFlag(Definition, frozen=True, kw_only=True):
    """One of the copy is the same for everybody in it, and there only."""

    key: Id
    set: Number = 1
    of: Literal["character", "copy"] = "character"


class Arrival(Definition, frozen=True, kw_only=True):
    """A place where somebody can stand: an arrival of a zone's map; without a zone, of the one around."""

    zone: Id | None = None
    arrival: Id = "start"


class Letter(Definition, frozen=True, kw_only=True):
    """A letter to whoever brings it about; what is attached waits in the mail until it is taken."""

    subject: LocalText
    text: LocalText
    glim: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 0
    items: Annotated[tuple[Stack, ...], msgspec.Meta(max_length=12)] = ()

    def __post_init__(self) -> None:
        if max(len(self.subject.en), len(self.subject.fr)) > SUBJECT_MAX:
            raise ValueError(f"a subject has at most {SUBJECT_MAX} characters")
        if max(len(self.text.en), len(self.text.fr)) > TEXT_MAX:
            raise ValueError(f"a letter has at most {TEXT_MAX} characters")
        if len({stack.item for stack in self.items}) < len(self.items):
            raise ValueError("a letter names an item twice")


class Way(Definition, frozen=True, kw_only=True):
    """An exit of a zone's map."""

    zone: Id
    exit: Id


class Unlock(Definition, frozen=True, kw_only=True):
    """What a character may make or pass from then on, for good: exactly one of both."""

    recipe: Id | None = None
    exit: Way | None = None

    def __post_init__(self) -> None:
        if (self.recipe is None) == (self.exit is None):
            raise ValueError("an `unlock` names a `recipe` or an `exit`")


class Foe(Definition, frozen=True, kw_only=True):
    monster: Id
    level: Annotated[int, msgspec.Meta(ge=1, le=100)]


class Effect(Definition, frozen=True, kw_only=True):
    """One thing that content does: exactly one of its fields says what."""

    give: Stack | None = None
    take: Stack | None = None
    currency: Money | None = None
    xp: Annotated[int, msgspec.Meta(ge=1, le=10**6)] | None = None
    flag: SetFlag | None = None
    start: Id | None = msgspec.field(name="quest.start", default=None)
    advance: Id | None = msgspec.field(name="quest.advance", default=None)
    complete: Id | None = msgspec.field(name="quest.complete", default=None)
    fail: Id | None = msgspec.field(name="quest.fail", default=None)
    unlock: Unlock | None = None
    bind: Arrival | None = None
    teleport: Arrival | None = None
    start_battle: Annotated[tuple[Foe, ...], msgspec.Meta(min_length=1, max_length=8)] | None = None
    mail: Letter | None = None
    open: Window | None = None
    say: LocalText | None = None

    def __post_init__(self) -> None:
        if sum(getattr(self, name) is not None for name in self.__struct_fields__) != 1:
            raise ValueError("an effect does exactly one thing")

    @property
    def done(self) -> tuple[str, Any]:
        """Return the name of the field that says what it does, and what it says."""
        for name in self.__struct_fields__:
            if (value := getattr(self, name)) is not None:
                return name, value
        raise AssertionError("an effect does exactly one thing")

    @property
    def is_reward(self) -> bool:
        """Whether it only gives, so that it may stand among the rewards of a quest."""
        return self.is_gain or any(value is not None for value in (self.flag, self.unlock))

    @property
    def is_gain(self) -> bool:
        """Whether somebody has more after it, were it a letter only."""
        return any(value is not None for value in (self.give, self.currency, self.xp, self.mail))


def amounts_of(stacks: Iterable[Stack | None]) -> dict[str, int]:
    """Return how many of each item some stacks come to."""
    amounts: dict[str, int] = {}
    for stack in stacks:
        if stack is not None:
            amounts[stack.item] = amounts.get(stack.item, 0) + stack.n
    return amounts
