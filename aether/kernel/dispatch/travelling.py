"""What travels between gateways and services: frames of MessagePack, on a channel of each process.

A frame is an array whose first element is its kind. New fields go to the end and have a default, so that
processes of two releases understand one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from aether.kernel.dispatch.registry import Caller, Outcome
from aether.kernel.errors import GameError, InternalError


class Call(msgspec.Struct, frozen=True, array_like=True, tag="call"):
    """A command for a service."""

    number: int
    reply_to: str
    type_name: str
    command: bytes
    caller: Caller


class Answered(msgspec.Struct, frozen=True, array_like=True, tag="ok"):
    """The outcome of a call; the reply is JSON."""

    number: int
    reply: bytes
    follow: tuple[str, ...] = ()
    unfollow: tuple[str, ...] = ()
    is_replayed: bool = False

    @classmethod
    def of(cls, number: int, outcome: Outcome) -> Answered:
        reply = outcome.reply if isinstance(outcome.reply, bytes) else msgspec.json.encode(outcome.reply)
        return cls(number, reply, outcome.follow, outcome.unfollow, outcome.is_replayed)

    def outcome(self) -> Outcome:
        return Outcome(
            reply=self.reply, follow=self.follow, unfollow=self.unfollow, is_replayed=self.is_replayed
        )


class Refused(msgspec.Struct, frozen=True, array_like=True, tag="err"):
    """The refusal of a call."""

    number: int
    code: str
    details: dict[str, Any] = {}

    def error(self) -> GameError:
        """Return the refusal as its own type; one that this process does not know is `internal` here."""
        kind = refusals().get(self.code)
        return InternalError(reference=self.code) if kind is None else kind(**self.details)


class Presence(msgspec.Struct, frozen=True, array_like=True, tag="presence"):
    """A character has come online, or has gone; nobody answers."""

    character_id: int
    is_online: bool


class Serving(msgspec.Struct, frozen=True, array_like=True, tag="serving"):
    """A process says which partitions of an app it serves; none: it is about to leave."""

    app: str
    channel: str
    partitions: tuple[int, ...]
    is_leaving: bool = False


Frame = Call | Answered | Refused | Presence | Serving

pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(Frame).decode


@cache
def refusals() -> dict[str, type[GameError]]:
    """Return every kind of refusal by its code."""
    by_code: dict[str, type[GameError]] = {}
    for kind in _kinds(GameError):
        by_code.setdefault(kind.code, kind)
    return by_code


def _kinds(kind: type[GameError]) -> Iterator[type[GameError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)
