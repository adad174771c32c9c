"""Bodies and answers of the REST interface that belong to getting a socket."""

from __future__ import annotations

from typing import Annotated

import msgspec

from aether.protocol.base import Wire
from aether.protocol.gateway import CharacterSummary


class PlayableClass(Wire, frozen=True, kw_only=True):
    """`name` and `description` are in the caller's language."""

    id: str
    name: str
    description: str
    icon: str
    element: str
    skills: tuple[str, ...]


class ClassList(Wire, frozen=True, kw_only=True):
    classes: tuple[PlayableClass, ...]


class CharacterList(Wire, frozen=True, kw_only=True):
    """The account's characters, oldest first, and how many it may have."""

    characters: tuple[CharacterSummary, ...]
    most: int


class NewCharacter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    class_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] = msgspec.field(name="class")


class TicketRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Null asks for a socket without a character."""

    character: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)] | None


class SocketTicket(Wire, frozen=True, kw_only=True):
    """Opens one socket at `url`, within `expires_in` seconds."""

    ticket: str
    expires_in: int
    url: str
