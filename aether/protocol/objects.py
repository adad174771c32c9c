"""Wire types of the things of a zone: looking at one, and using it."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from aether.protocol.base import Command, Wire
from aether.protocol.world import ContentId, ObjectSeen


class Interacted(Wire, frozen=True, kw_only=True):
    """How the thing stands now. `says` is to be read; `opens` names a window: `shop:<id>`, `bank`…"""

    object: ObjectSeen
    says: list[str] = []
    opens: str | None = None


class Interact(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Use a thing next to which the character stands. What a chest gives arrives on `me`.

    Without `action`, the first thing that can be done with it. With a `version` that is not the present
    one it is refused as `world.stale_object`, whose details say how the thing stands.
    """

    type_name: ClassVar[str] = "world.interact"
    reply_type: ClassVar[type[Wire]] = Interacted

    object: ContentId
    action: ContentId | None = None
    version: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None


class ActionSeen(Wire, frozen=True, kw_only=True):
    """Something that can be done with a thing; `locked` says what this character lacks to do it."""

    action: str
    label: str
    locked: str | None = None


class Inspected(Wire, frozen=True, kw_only=True):
    """A thing as one sees it from afar, in the language of the socket."""

    object: ObjectSeen
    name: str
    text: str
    actions: list[ActionSeen]


class Inspect(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Look at a thing of the zone: what it is, and what can be done with it."""

    type_name: ClassVar[str] = "world.inspect"
    reply_type: ClassVar[type[Wire]] = Inspected
    is_durable: ClassVar[bool] = False

    object: ContentId
