"""Executing commands of one kind together: those that come meanwhile go into the next transaction.

Each has its own receipt, and its own refusal. What fails as a group is executed one by one, so that a command
that cannot be executed fails alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import InterfaceError, OperationalError, connection

from aether.kernel import failpoints, tracing
from aether.kernel.database_threads import in_database_thread
from aether.kernel.dispatch.lanes import Lanes
from aether.kernel.dispatch.registry import (
    Answer,
    Caller,
    GroupHandler,
    Key,
    Outcome,
    Route,
    add_route,
    by_character,
    pass_fences,
)
from aether.kernel.errors import GameError
from aether.kernel.transactions import transactional
from aether.protocol.base import Command, Wire

if TYPE_CHECKING:
    from aether.kernel.journal.receipts import StoredReply

C = TypeVar("C", bound=Command)
Asked = tuple[Caller, C]
Answered = Outcome | Exception

GROUP_MAX = 100


def handles_together(
    command_type: type[C], *, about: Callable[[C], Hashable], key: Key = by_character
) -> Callable[[GroupHandler[C]], GroupHandler[C]]:
    """Register the one function that handles a type of durable command, several at a time.

    What a command is `about` is what it may have to wait for: those about something else go on without it.
    """

    def register(handler: GroupHandler[C]) -> GroupHandler[C]:
        async def work(group: Sequence[Asked[C]], wait_ms: int | None) -> Sequence[Answered]:
            tracing.follow(group[0][0].request_id)
            return await in_database_thread(execute_group, handler, group, wait_ms)

        together: Lanes[Asked[C], Outcome] = Lanes(work, about=lambda asked: about(asked[1]), most=GROUP_MAX)
        add_route(Route(command_type, handler, key=key, together=together))
        return handler

    return register


def execute_group(
    handler: GroupHandler[C], group: Sequence[Asked[C]], wait_ms: int | None = None
) -> list[Answered]:
    """Execute commands once each, whatever happens on the way. Call in a database thread.

    `wait_ms` is how long to wait for a lock, where that is less than anybody waits.
    """
    if failpoints.is_armed:
        failpoints.reach("before_tx")
    try:
        return _or_earlier(group, _execute_together(handler, group, wait_ms))
    except (OperationalError, InterfaceError):
        raise  # nothing about these commands: whoever lent the connection knows what to do
    except Exception as error:  # noqa: BLE001 - the edge of a command: it gets what was raised
        if len(group) == 1:
            return _or_earlier(group, [error])
        return [execute_group(handler, [each], wait_ms)[0] for each in group]


@transactional
def _execute_together(
    handler: GroupHandler[C], group: Sequence[Asked[C]], wait_ms: int | None
) -> list[Answered]:
    from aether.kernel.journal import receipts

    _wait_at_most(wait_ms)
    answers: dict[int, Answered] = _answered_before(group)
    callers = [caller for caller, _ in group]
    for n, refusal in enumerate(pass_fences(callers)):
        if refusal is not None:
            answers.setdefault(n, refusal)
    todo: dict[tuple[int, str], int] = {}
    for n, caller in enumerate(callers):
        if n not in answers:
            todo.setdefault((caller.character_id, caller.command_id), n)
    found = handler([group[n] for n in todo.values()]) if todo else []
    kept = []
    for n, answer in zip(todo.values(), found, strict=True):
        answers[n] = answer if isinstance(answer, GameError) else _as_outcome(answer)
        if not isinstance(answer, GameError):
            kept.append(callers[n].receipt(cast(Wire, _as_outcome(answer).reply)))
    receipts.store_all(kept)
    twice = [n for n in range(len(group)) if n not in answers]
    again = _answered_before([group[n] for n in twice])
    for at, n in enumerate(twice):
        first = todo[callers[n].character_id, callers[n].command_id]
        answers[n] = again.get(at, answers[first])
    return [answers[n] for n in range(len(group))]


def _wait_at_most(wait_ms: int | None) -> None:
    if wait_ms is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{wait_ms}ms"])


def _answered_before(group: Sequence[Asked[Any]]) -> dict[int, Answered]:
    """Return what those among some commands were answered that were executed before."""
    from aether.kernel.journal import receipts

    known = receipts.find_all([(caller.character_id, caller.command_id) for caller, _ in group])
    found: dict[int, Answered] = {}
    for n, (caller, _) in enumerate(group):
        stored = known.get((caller.character_id, caller.command_id))
        if stored is not None:
            found[n] = _replayed(stored, caller)
    return found


def _or_earlier(group: Sequence[Asked[C]], answers: list[Answered]) -> list[Answered]:
    """Return the answers, but those of the earlier where a refused command was faster on another socket."""
    refused = [n for n, answer in enumerate(answers) if isinstance(answer, Exception)]
    if not refused:
        return answers
    faster = _answered_before([group[n] for n in refused])
    earlier = {refused[at]: answer for at, answer in faster.items()}
    return [earlier.get(n, answer) for n, answer in enumerate(answers)]


def _replayed(stored: StoredReply, caller: Caller) -> Answered:
    try:
        return Outcome(reply=stored.answer_to(caller.body_digest), is_replayed=True)
    except GameError as refusal:
        return refusal


def _as_outcome(answer: Answer) -> Outcome:
    return answer if isinstance(answer, Outcome) else Outcome(reply=answer)
