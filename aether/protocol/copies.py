"""Wire types of zone copies: how many there are of a zone, who is in them, and going to another one."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from aether.protocol.base import Command, Wire
from aether.protocol.world import Place


class CopySeen(Wire, frozen=True, kw_only=True):
    """A copy of a zone. `company`: the names of those of one's party who are there."""

    instance: str
    number: int
    population: int
    capacity: int
    is_open: bool
    """There is room for this character. A little above `capacity`, where its company is."""
    company: list[str] = []


class Copies(Wire, frozen=True, kw_only=True):
    """The copies of a character's zone. From `joins_at` on (server seconds) it may join another one."""

    zone: str
    instance: str
    copies: list[CopySeen]
    joins_at: float = 0.0


class ListCopies(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask which copies one's zone has, and how many are in each."""

    type_name: ClassVar[str] = "world.copies"
    reply_type: ClassVar[type[Wire]] = Copies
    is_durable: ClassVar[bool] = False


class JoinCopy(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Go over to another copy of one's zone: not while one fights, gathers or trades, nor all the time."""

    type_name: ClassVar[str] = "world.join_copy"
    reply_type: ClassVar[type[Wire]] = Place

    instance: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
