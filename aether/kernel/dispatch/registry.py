"""Who handles which command: one registry, the same for local and remote services."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from aether.kernel.errors import GameError
from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.protocol.base import Command, Wire

if TYPE_CHECKING:
    from aether.kernel.journal import Receipt

C = TypeVar("C", bound=Command)


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, proven by the gateway. `body_digest` is that of the type and body of the command."""

    character_id: CharacterId
    account_id: AccountId
    session_id: SessionId
    language: str
    command_id: CommandId
    body_digest: bytes
    on: int | None = None
    """The last sequence that the client has seen of the stream that it acts on."""
    request_id: str = ""
    """What the logs call this command, here and wherever it goes."""

    def receipt(self, reply: Wire) -> Receipt:
        """Return what the journal keeps, so that the same command is answered `reply` again."""
        from aether.kernel.journal import Receipt

        return Receipt(self.character_id, self.command_id, self.body_digest, msgspec.json.encode(reply))


class Outcome(NamedTuple):
    """A reply, and the streams that the caller's socket follows or leaves from now on.

    A reply that was stored, or that comes from a remote service, is JSON.
    """

    reply: Wire | bytes
    follow: tuple[str, ...] = ()
    unfollow: tuple[str, ...] = ()
    is_replayed: bool = False


Answer = Wire | Outcome
Handler = Callable[[Caller, C], Answer] | Callable[[Caller, C], Awaitable[Answer]]
GroupHandler = Callable[[Sequence[tuple[Caller, C]]], Sequence[Answer | GameError]]
"""Executes several commands in one transaction: an answer or a refusal for each, in their order."""
Key = Callable[[Caller, Any], int]
"""What a command is about, as a number: commands with the same key go to the same process."""


def by_character(caller: Caller, command: Command) -> int:
    """Keep the commands of a character together."""
    return caller.character_id


@dataclass(frozen=True, slots=True)
class Route:
    command_type: type[Command]
    handler: Callable[..., Any]
    is_async: bool = False
    key: Key = by_character
    together: Callable[[tuple[Caller, Any]], Awaitable[Outcome]] | None = None
    """Executes a command in one transaction with those that come at the same time."""

    @property
    def app(self) -> str:
        """Return the app that answers: the first name of the command's type."""
        return self.command_type.type_name.partition(".")[0]


_routes: dict[type[Command], Route] = {}


def handles(command_type: type[C], *, key: Key = by_character) -> Callable[[Handler[C]], Handler[C]]:
    """Register the one function that handles a type of command."""

    def register(handler: Handler[C]) -> Handler[C]:
        add_route(Route(command_type, handler, inspect.iscoroutinefunction(handler), key))
        return handler

    return register


def add_route(route: Route) -> None:
    """Let commands of a type go this way, and no other."""
    known = _routes.get(route.command_type)
    if known is not None and known.handler is not route.handler:
        raise ValueError(f"{route.command_type.type_name} is handled twice")
    _routes[route.command_type] = route


def routes() -> dict[type[Command], Route]:
    """Return every route, by command type."""
    return dict(_routes)


def route_of(command: Command) -> Route | None:
    """Return who handles a command, if anybody does."""
    return _routes.get(type(command))


Fence = Callable[[Sequence[Caller]], Sequence[GameError | None]]
"""Tells, for each of some callers, why it is held off."""
_fences: list[Fence] = []


def register_fence(fence: Fence) -> None:
    """Let a function refuse durable commands, as those of the banned, when their transaction begins."""
    _fences.append(fence)


def pass_fences(callers: Sequence[Caller]) -> list[GameError | None]:
    """Return what any fence says against each caller. Call inside the transaction of their commands."""
    found = [fence(callers) for fence in _fences]
    return [next(filter(None, refusals), None) for refusals in zip(*found, strict=True)] or [None] * len(
        callers
    )


def body_digest(command: Command) -> bytes:
    """Return the digest of a command's type and body, whatever format it came in."""
    return hashlib.sha256(command.type_name.encode() + b"\0" + msgspec.json.encode(command)).digest()
