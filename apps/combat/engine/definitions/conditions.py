"""Conditions: what may be asked of somebody."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from .base import Definition, Id, Percent

State = Literal["stun", "root", "silence", "taunt", "invisible", "unmovable", "untargetable", "revealed"]


class Condition(Definition, frozen=True, kw_only=True):
    """All that is said here is so: somebody is in a state, under an effect, below a share of its life.

    `all`, `any` and `not` hold further conditions; with `present: false`, the whole is not so.
    """

    of: Literal["self", "target"] = "self"
    state: State | None = None
    effect: Id | None = None
    hp_below_pct: Percent | None = None
    all: Conditions = ()
    any: Conditions = ()
    not_: Condition | None = msgspec.field(name="not", default=None)
    present: bool = True

    @property
    def parts(self) -> dict[tuple[str | int, ...], Condition]:
        """The conditions inside, by the keys under which they are written."""
        found: dict[tuple[str | int, ...], Condition] = {
            ("all", at): each for at, each in enumerate(self.all)
        }
        found |= {("any", at): each for at, each in enumerate(self.any)}
        return found if self.not_ is None else {**found, ("not",): self.not_}


Conditions = Annotated[tuple[Condition, ...], msgspec.Meta(max_length=4)]
