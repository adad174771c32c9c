"""From a typed command to its one reply: the gateway's own commands here, the others through dispatch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import structlog

from aether.gateway import metrics, staleness
from aether.gateway.errors import CLOSING, Close, HelloFirstError, NoCharacterError, SaidHelloError
from aether.kernel import clock, dispatch, failpoints, tracing
from aether.kernel.dispatch import DOWN, refusal_of
from aether.kernel.errors import GameError, NotFoundError, StaleError
from aether.kernel.ids import AccountId, CommandId, SessionId
from aether.kernel.realtime import Follow
from aether.protocol.base import Command, Done, Wire
from aether.protocol.codec import refusal_frame, reply_frame
from aether.protocol.gateway import (
    CommandFrame,
    Hello,
    Ping,
    Pong,
    Resume,
    ResumeReply,
    Subscribe,
    SubscribeReply,
    Unsubscribe,
)

if TYPE_CHECKING:
    from aether.gateway.socket import Socket

logger = structlog.get_logger(__name__)


class Answered(NamedTuple):
    """A reply, and the streams that catch up after it, each from what its client has seen (None: whole)."""

    reply: Wire | bytes
    catching_up: tuple[tuple[Follow, int | None], ...] = ()
    follow: tuple[str, ...] = ()
    unfollow: tuple[str, ...] = ()
    is_replayed: bool = False


async def answer(socket: Socket, envelope: CommandFrame, command: Command) -> None:
    """Send the reply to a command, then what its streams have to say. The edge: everything is answered."""
    try:
        answered = await _answered(socket, envelope, command)
    except Exception as error:  # noqa: BLE001 - the edge of the process: everything is answered
        await refuse(socket, envelope.id, envelope.t, refusal_of(error, type_name=envelope.t))
        return
    metrics.commands(envelope.t, "ok").inc()
    logger.debug("command answered", type=envelope.t, command=envelope.id, account=socket.account_id)
    if failpoints.is_armed and command.is_durable:
        failpoints.reach("after_commit_before_reply")
    await socket.write(
        reply_frame(envelope.id, answered.reply, socket.form, is_replayed=answered.is_replayed)
    )
    await _tell_streams(socket, answered)
    if isinstance(command, Hello):
        await socket.begin()


async def refuse(socket: Socket, re: str | None, type_name: str, error: GameError) -> None:
    """Send a refusal in the socket's language."""
    metrics.commands(type_name, error.code).inc()
    logger.debug("command refused", type=type_name, command=re, code=error.code, account=socket.account_id)
    await socket.write(refusal_frame(re, error, socket.language, socket.form))
    code = CLOSING.get(type(error))
    if code is None and socket.is_half_greeted:
        code = Close.DRAIN
    if code is not None:
        socket.shut(code, error.code)


async def _answered(socket: Socket, envelope: CommandFrame, command: Command) -> Answered:
    if isinstance(command, Hello):
        if socket.has_said_hello:
            raise SaidHelloError
        from aether.gateway.greeting import greet

        return await greet(socket, command)
    if not socket.has_said_hello:
        raise HelloFirstError
    match command:
        case Ping():
            return Answered(Pong(server_time=clock.now()))
        case Subscribe():
            return await _subscribe(socket, command)
        case Unsubscribe():
            socket.end_follow(command.s)
            return Answered(Done())
        case Resume():
            return await _resume(socket, command)
    return await _dispatched(socket, envelope, command)


async def _subscribe(socket: Socket, command: Subscribe) -> Answered:
    follow = await socket.start_follow(command.s)
    return Answered(SubscribeReply(head=await follow.head()), ((follow, None),))


async def _resume(socket: Socket, command: Resume) -> Answered:
    follow = socket.follows.get(command.s)
    if follow is None:
        raise NotFoundError
    head, seen = await follow.head(), command.from_ - 1
    can_resume = follow.registered.is_sequenced and 0 <= seen <= head
    if can_resume:
        missing = await follow.registered.source.since(follow.topic, follow.audience, seen)
        can_resume = missing is not None
    reply = ResumeReply(head=head, is_snapshot=not can_resume)
    return Answered(reply, ((follow, seen if can_resume else None),))


async def _dispatched(socket: Socket, envelope: CommandFrame, command: Command) -> Answered:
    if socket.character_id is None:
        raise NoCharacterError
    caller = dispatch.Caller(
        character_id=socket.character_id,
        account_id=AccountId(socket.account_id),
        session_id=SessionId(socket.session_id),
        language=socket.language,
        command_id=CommandId(envelope.id),
        body_digest=dispatch.body_digest(command) if command.is_durable else b"",
        on=envelope.on,
        request_id=tracing.current(),
    )
    outcome = await _replayed_instead_of_stale(socket, caller, command)
    if outcome is None:
        outcome = await dispatch.execute(caller, command)
    if outcome.is_replayed and isinstance(outcome.reply, bytes):
        follow = _named_stream(outcome.reply)
        return Answered(outcome.reply, _untold(socket), follow, is_replayed=True)
    return Answered(outcome.reply, (), outcome.follow, outcome.unfollow)


def _untold(socket: Socket) -> tuple[tuple[Follow, int | None], ...]:
    """Whoever lost the first reply may have died between the commit and the updates: `me` comes whole."""
    follow = socket.follows.get("me")
    return ((follow, None),) if follow is not None else ()


async def _replayed_instead_of_stale(
    socket: Socket, caller: dispatch.Caller, command: Command
) -> dispatch.Outcome | None:
    """Refuse a stale command; one that was executed is stale by its own doing, and answered again."""
    if caller.on is None:
        return None
    try:
        await staleness.check(socket, command, caller.on)
    except StaleError:
        outcome = await dispatch.executed_before(caller) if command.is_durable else None
        if outcome is None:
            raise
        return outcome
    return None


def _named_stream(stored: bytes) -> tuple[str, ...]:
    """A reply that names a `stream` means that it is followed; so it does when it is replayed."""
    reply = msgspec.json.decode(stored)
    stream = reply.get("stream") if isinstance(reply, dict) else None
    return (stream,) if isinstance(stream, str) else ()


async def _tell_streams(socket: Socket, answered: Answered) -> None:
    """Let streams catch up. The reply has left: what fails here is mended by the next heartbeat."""
    try:
        for follow, seen in answered.catching_up:
            follow.has_lost = follow.has_lost or seen is None
            await follow.catch_up(seen=seen)
        await socket.apply_streams(answered.follow, answered.unfollow)
    except (GameError, *DOWN) as error:
        logger.warning("a stream could not be told", error=repr(error))
