"""Executing a command in this process, once, whatever happens on the way."""

from __future__ import annotations

from typing import cast

from django.db import IntegrityError, InterfaceError, OperationalError

from aether.kernel import failpoints, tracing
from aether.kernel.database_threads import in_database_thread
from aether.kernel.dispatch.registry import Answer, Caller, Outcome, Route, pass_fences, route_of
from aether.kernel.errors import GameError, UnknownTypeError
from aether.kernel.transactions import transactional
from aether.protocol.base import Command, Wire


async def execute_here(caller: Caller, command: Command) -> Outcome:
    """Let the command's handler answer. Refusals are raised; everything else that is raised is a bug."""
    route = route_of(command)
    if route is None:
        raise UnknownTypeError
    tracing.follow(caller.request_id)
    if route.together is not None:
        return await route.together((caller, command))
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
        return _execute_again(route, caller, command)
    if failpoints.is_armed:
        failpoints.reach("before_tx")
    try:
        return _execute_once(route, caller, command)
    except (OperationalError, InterfaceError):
        raise  # nothing about this command: whoever lent the connection knows what to do
    except Exception:
        # Perhaps it was executed before, or on another socket meanwhile: then its reply is there by now.
        stored = _stored_reply(caller)
        if stored is None:
            raise
        return Outcome(reply=stored, is_replayed=True)


@transactional
def _execute_again(route: Route, caller: Caller, command: Command) -> Outcome:
    return _as_outcome(route.handler(caller, command))


@transactional
def _execute_once(route: Route, caller: Caller, command: Command) -> Outcome:
    """Execute a command whose receipt is not there yet: where it is, storing it undoes everything."""
    from aether.kernel.journal import receipts

    (refusal,) = pass_fences([caller])
    if refusal is not None:
        raise refusal
    outcome = _as_outcome(route.handler(caller, command))
    receipts.store(caller.receipt(cast(Wire, outcome.reply)))
    return outcome


def _stored_reply(caller: Caller) -> bytes | None:
    from aether.kernel.journal import receipts

    stored = receipts.find(caller.character_id, caller.command_id)
    return None if stored is None else stored.answer_to(caller.body_digest)


def _as_outcome(answer: Answer) -> Outcome:
    return answer if isinstance(answer, Outcome) else Outcome(reply=answer)
