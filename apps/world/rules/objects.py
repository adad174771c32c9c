"""The state of a thing is the fold of its events; what can be done with it follows from its state."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Literal, NamedTuple

import msgspec

from aether.kernel.content import LocalText
from apps.world.things import ObjectDef, TransitionDef

SNAPSHOT_EVERY = 50


class ObjectMoved(msgspec.Struct, frozen=True, kw_only=True, tag="object_moved", omit_defaults=True):
    """A thing went from one state to another. `cause` is an action, a thing that moved it, or the time.

    `guild` is in whose name it stands then, and `guild_name` how that one was called. A node that gave its
    last charge is whole again at `whole_at`.
    """

    object: str
    definition: str
    before: str
    state: str
    by: Literal["character", "clock"]
    cause: str
    guild: int = 0
    guild_name: str = ""
    whole_at: float = 0.0


class ObjectReset(msgspec.Struct, frozen=True, kw_only=True, tag="object_reset"):
    """Somebody of the staff, called `staff`, put a thing back."""

    object: str
    definition: str
    before: str
    state: str
    staff: str
    reason: str


class ObjectTaken(msgspec.Struct, frozen=True, kw_only=True, tag="object_taken", omit_defaults=True):
    """A character did something with a thing that is between the two of them, and sees it as `state` since.

    It may do so again at `until`, or never where that is 0. Where `staff` names somebody, that one has
    given it back to the character, who may have it again at once, for a `reason`.
    """

    object: str
    instance: str
    definition: str
    action: str
    before: str
    state: str
    until: float = 0.0
    staff: str = ""
    reason: str = ""


ObjectEvent = ObjectMoved | ObjectReset


class Standing(NamedTuple):
    """How a thing stands after so many events, and in the name of which guild, if of any.

    `whole_at` is when it is whole again by itself, if it is a node that gave its last charge.
    """

    state: str
    version: int
    guild: int = 0
    guild_name: str = ""
    whole_at: float = 0.0


def folded(standing: Standing, events: Iterable[ObjectEvent]) -> Standing:
    """Return how a thing stands after more events. It never fails: what was written is so."""
    for event in events:
        standing = Standing(event.state, standing.version + 1, *claim_in(event), whole_at_in(event))
    return standing


def claim_in(event: ObjectEvent) -> tuple[int, str]:
    """Return in the name of which guild a thing stands after an event; most end what was claimed."""
    return (event.guild, event.guild_name) if isinstance(event, ObjectMoved) else (0, "")


def whole_at_in(event: ObjectEvent) -> float:
    """Return when a node is whole again by itself after an event; 0 where it has something left."""
    return event.whole_at if isinstance(event, ObjectMoved) else 0.0


def possible(definition: ObjectDef, state: str) -> list[TransitionDef]:
    """Return what can be done with a thing in a state, in the order of the content."""
    return [each for each in definition.transitions if state in each.from_]


def chosen(definition: ObjectDef, state: str, action: str | None) -> TransitionDef | None:
    """Return what an action does from a state; without an action, the first thing that can be done."""
    return next((each for each in possible(definition, state) if action in (None, each.action)), None)


def not_yet(seconds: float) -> LocalText:
    """Say how long somebody has to wait, in the largest unit that tells it well."""
    for unit, length in (("h", 3600), ("min", 60), ("s", 1)):
        if seconds > length or unit == "s":
            span = f"{max(1, ceil(seconds / length))} {unit}"
            break
    return LocalText(en=f"Not again for another {span}.", fr=f"Pas avant {span}.")
