"""What every wire type is made of, and the registries that find a type by its `t`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, TypeVar

import msgspec

T = TypeVar("T")

MODULES = (
    "accounts",
    "auctions",
    "chat",
    "combat",
    "dice",
    "dungeons",
    "economy",
    "exchange",
    "friends",
    "gateway",
    "guilds",
    "making",
    "market",
    "parties",
    "quests",
    "spectating",
    "trade",
    "world",
)

Cell = tuple[int, int]
"""A cell as `[x, y]`, both ≥ 0."""
Seed = Annotated[str, msgspec.Meta(max_length=64, pattern="^([0-9a-f]{2})*$")]
"""What a player puts into dice: up to 32 bytes, in hexadecimal."""


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """Anything that the server sends."""


class Words(Wire, frozen=True, kw_only=True):
    """What people read, in both languages: for updates, which are the same for every socket."""

    en: str
    fr: str


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client asks for. Its `type_name` is the frame's `t`, its fields the frame's `d`.

    `is_durable` commands change what the database keeps: their reply is stored with the change
    and answered again to the same id. The others are simply executed again.
    """

    type_name: ClassVar[str]
    reply_type: ClassVar[type[Wire]]
    is_durable: ClassVar[bool] = True
    is_checked_by_handler: ClassVar[bool] = False
    """Its handler refuses what is stale, under the lock of what it acts on; others are checked before."""


class Update(Wire, frozen=True, kw_only=True):
    """What the server tells without being asked, on one stream."""

    type_name: ClassVar[str]

    def pages(self) -> Sequence[Update]:
        """Return the updates, none too large, that come to the same one after the other."""
        return (self,)


class Done(Wire, frozen=True, kw_only=True):
    """A reply that says nothing but yes."""


def command_types() -> dict[str, type[Command]]:
    """Return every command type by its `t`."""
    import_all()
    return {kind.type_name: kind for kind in _leaves(Command)}


def update_types() -> dict[str, type[Update]]:
    """Return every update type by its `t`."""
    import_all()
    return {kind.type_name: kind for kind in _leaves(Update)}


def import_all() -> None:
    """Import each module of the protocol, so that the registries are complete."""
    from importlib import import_module

    for name in MODULES:
        import_module(f"aether.protocol.{name}")


def _leaves(kind: type[T]) -> list[type[T]]:
    found = []
    for child in kind.__subclasses__():
        found += [child] if "type_name" in child.__dict__ else _leaves(child)
    return sorted(found, key=lambda leaf: leaf.type_name)  # type: ignore[attr-defined]
