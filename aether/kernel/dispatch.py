"""From a Command to the function that handles it: one registry, the same for local and remote services.

A handler is registered with `@handles(CommandType)` in its app's `handlers.py`. A plain function runs
in a database thread, inside one transaction together with the receipt that makes it exactly-once; a
coroutine runs on the loop and, when its command is durable, hands `caller.receipt(...)` to
`journal.append`, which keeps the same promise.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
from django.db import IntegrityError, transaction

from aether.kernel import failpoints
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, UnknownTypeError
from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.protocol.base import Command, Wire

if TYPE_CHECKING:
    from aether.kernel.journal import Receipt

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

    def receipt(self, reply: Wire) -> Receipt:
        """Return what the journal keeps, so that the same command is answered `reply` again."""
        from aether.kernel.journal import Receipt

        return Receipt(self.character_id, self.command_id, self.body_digest, msgspec.json.encode(reply))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A reply, and the streams that the caller's socket follows or leaves from now on.

    A replayed reply is the stored JSON.
    """

    reply: Wire | bytes
    follow: tuple[str, ...] = ()
    unfollow: tuple[str, ...] = ()
    is_replayed: bool = False


Answer = Wire | Outcome
Handler = Callable[[Caller, C], Answer] | Callable[[Caller, C], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    command_type: type[Command]
    handler: Callable[[Caller, Any], Any]
    is_async: bool = False


_routes: dict[type[Command], Route] = {}


def handles(command_type: type[C]) -> Callable[[Handler[C]], Handler[C]]:
    """Register the one function that handles a type of command."""

    def register(handler: Handler[C]) -> Handler[C]:
        known = _routes.get(command_type)
        if known is not None and known.handler is not handler:
            raise ValueError(f"{command_type.type_name} is handled twice")
        _routes[command_type] = Route(command_type, handler, inspect.iscoroutinefunction(handler))
        return handler

    return register


def routes() -> dict[type[Command], Route]:
    """Return every route, by command type."""
    return dict(_routes)


def body_digest(command: Command) -> bytes:
    """Return the digest of a command's type and body, whatever format it came in."""
    return hashlib.sha256(command.type_name.encode() + b"\0" + msgspec.json.encode(command)).digest()


async def execute(caller: Caller, command: Command) -> Outcome:
    """Let the command's handler answer. Refusals are raised; everything else that is raised is a bug."""
    route = _routes.get(type(command))
    if route is None:
        raise UnknownTypeError
    if not route.is_async:
        return await in_database_thread(_execute_in_transaction, route, caller, command)
    if not command.is_durable:
        return _as_outcome(await route.handler(caller, command))
    return await _execute_on_loop(route, caller, command)


async def executed_before(caller: Caller) -> Outcome | None:
    """Return the outcome of a durable command that was executed before, None where it was not."""
    stored = await in_database_thread(_stored_reply, caller)
    return None if stored is None else Outcome(reply=stored, is_replayed=True)


async def _execute_on_loop(route: Route, caller: Caller, command: Command) -> Outcome:
    """A durable coroutine: the journal refuses to execute twice; a refusal may hide an earlier success."""
    from aether.kernel.journal import CommandReplayed

    try:
        return _as_outcome(await route.handler(caller, command))
    except CommandReplayed as replay:
        return Outcome(reply=replay.reply, is_replayed=True)
    except (GameError, IntegrityError):
        outcome = await executed_before(caller)
        if outcome is None:
            raise
        return outcome


def _execute_in_transaction(route: Route, caller: Caller, command: Command) -> Outcome:
    if not command.is_durable:
        with transaction.atomic():
            return _as_outcome(route.handler(caller, command))
    try:
        return _execute_once(route, caller, command)
    except (GameError, IntegrityError):
        # Perhaps the same command was faster on another socket: then its reply is there by now.
        stored = _stored_reply(caller)
        if stored is None:
            raise
        return Outcome(reply=stored, is_replayed=True)


def _execute_once(route: Route, caller: Caller, command: Command) -> Outcome:
    from aether.kernel.journal import receipts

    if failpoints.is_armed:
        failpoints.reach("before_tx")
    with transaction.atomic():
        stored = _stored_reply(caller)
        if stored is not None:
            return Outcome(reply=stored, is_replayed=True)
        outcome = _as_outcome(route.handler(caller, command))
        receipts.store(caller.receipt(cast(Wire, outcome.reply)))
    return outcome


def _stored_reply(caller: Caller) -> bytes | None:
    from aether.kernel.journal import receipts

    stored = receipts.find(caller.character_id, caller.command_id)
    return None if stored is None else stored.answer_to(caller.body_digest)


def _as_outcome(answer: Answer) -> Outcome:
    return answer if isinstance(answer, Outcome) else Outcome(reply=answer)
