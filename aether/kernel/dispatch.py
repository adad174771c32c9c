"""From a Command to the function that handles it: one registry, the same for local and remote services.

A handler is registered with `@handles(CommandType)` in its app's `handlers.py`. A plain function runs
in a database thread, inside one transaction together with the receipt that makes it exactly-once; a
coroutine runs on the loop and, when its command is durable, hands `caller.receipt(...)` to
`journal.append`, which keeps the same promise.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.protocol.base import Command, Wire

C = TypeVar("C", bound=Command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, proven by the gateway. `body_digest` is that of the type and body of the command."""

    character_id: CharacterId
    account_id: AccountId
    session_id: SessionId
    language: str
    command_id: CommandId
    body_digest: bytes
    on: int | None = None
    """The last sequence that the client has seen of the stream that it acts on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A reply, and the streams that the caller's socket follows or leaves from now on."""

    reply: Wire
    follow: tuple[str, ...] = ()
    unfollow: tuple[str, ...] = ()
    is_replayed: bool = False


Handler = Callable[[Caller, Command], Wire | Outcome | Awaitable[Wire | Outcome]]


@dataclass(frozen=True, slots=True)
class Route:
    command_type: type[Command]
    handler: Handler
    is_async: bool = field(default=False)


_routes: dict[type[Command], Route] = {}
