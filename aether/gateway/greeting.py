"""Hello: from a ticket, or from the secret of a dropped session, to a socket that knows who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from aether.gateway.answering import Answered
from aether.gateway.errors import (
    Close,
    SessionGoneError,
    TicketRefusedError,
    TooManySocketsError,
    VersionError,
)
from aether.gateway.logins import is_login_valid
from aether.kernel import clock, content, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import BadRequestError, GameError, NotFoundError
from aether.kernel.ids import CharacterId, SessionId
from aether.kernel.live import presence, sessions, tickets
from aether.kernel.live.sessions import SocketSession
from aether.kernel.realtime import Follow
from aether.protocol.accounts import Profile
from aether.protocol.combat import CurrentBattle
from aether.protocol.gateway import CharacterSummary, ContentVersion, Hello, HelloReply, Limits, ResumeTicket

if TYPE_CHECKING:
    from aether.gateway.socket import Socket

logger = structlog.get_logger(__name__)

VERSION = 1
CHAT_CHARACTERS = 1000


async def greet(socket: Socket, hello: Hello) -> Answered:
    """Let a socket in, and say what it follows."""
    if hello.version != VERSION:
        raise VersionError
    if (hello.ticket is None) == (hello.resume is None):
        raise BadRequestError(problem="hello takes a ticket or a session to resume")
    if hello.resume is None:
        session, secret = await _with_ticket(socket, hello.ticket or "")
    else:
        session, secret = await _with_secret(socket, hello.resume)
    await _let_in(socket, session)
    socket.kept = hello.kept
    summary = await _summary(session.character_id)
    seen = hello.resume.seen if hello.resume else {}
    catching_up = await _follow(socket, seen)
    pack = content.current()
    reply = HelloReply(
        session=socket.session_id,
        secret=secret,
        character=summary,
        heartbeat_s=int(socket.limits.heartbeat_s),
        server_time=clock.now(),
        content=ContentVersion(release=pack.release, hash=pack.hash),
        limits=Limits(
            frame_bytes=socket.limits.frame_bytes,
            commands_per_20_s=socket.limits.commands_per_20_s,
            streams=socket.limits.streams,
            chat_characters=CHAT_CHARACTERS,
        ),
        topics={follow.name: await follow.head() for follow, _ in catching_up},
        resumed=hello.resume is not None,
    )
    return Answered(reply, tuple(catching_up))


async def _with_ticket(socket: Socket, ticket: str) -> tuple[SocketSession, str]:
    found = await tickets.consume(ticket)
    if found is None:
        raise TicketRefusedError
    session = SocketSession(
        account_id=found.account_id, character_id=found.character_id, session_key=found.session_key
    )
    socket.session_id, secret = await sessions.open_session(session)
    return session, secret


async def _with_secret(socket: Socket, shown: ResumeTicket) -> tuple[SocketSession, str]:
    found = await sessions.resume_session(shown.session, shown.secret)
    if found is None:
        raise SessionGoneError
    socket.session_id = shown.session
    return found


async def _let_in(socket: Socket, session: SocketSession) -> None:
    """Make the socket known before its login is checked, so that a revocation cannot slip between."""
    socket.account_id, socket.session_key = session.account_id, session.session_key
    if session.character_id is not None:
        socket.character_id = CharacterId(session.character_id)
    if not socket.registry.has_room(socket):
        await sessions.end_session(socket.session_id)
        raise TooManySocketsError(limit=socket.limits.sockets_per_account)
    socket.registry.admit(socket)
    socket.registry.shut_replaced(socket)
    if not await in_database_thread(is_login_valid, session.account_id, session.session_key):
        await sessions.end_session(socket.session_id)
        raise TicketRefusedError
    if socket.character_id is not None:
        await _claim(socket, socket.character_id)
        await presence.refresh([socket.character_id])


async def _claim(socket: Socket, character_id: CharacterId) -> None:
    """Play the character from now on, unless somebody has claimed it since."""
    session_id = SessionId(socket.session_id)
    socket.claim = await sessions.claim_character(character_id, session_id)
    await realtime.take_over(character_id, socket.claim)
    if await sessions.lost_characters([(character_id, session_id)]):
        socket.shut(Close.TAKEN_OVER, "taken over")


async def _summary(character_id: int | None) -> CharacterSummary | None:
    if character_id is None:
        return None
    profile = await in_database_thread(realtime.read_part, "profile", CharacterId(character_id))
    if not isinstance(profile, Profile):
        raise NotFoundError
    return CharacterSummary(
        id=profile.character, name=profile.name, class_id=profile.class_id, level=profile.level
    )


async def _follow(socket: Socket, seen: dict[str, int]) -> list[tuple[Follow, int | None]]:
    """Follow `me`, the battle that the character is in, and what it followed before, where it still may."""
    if socket.character_id is None:
        return []
    names = ["me", *(name for name in seen if name != "me")]
    battle = await in_database_thread(realtime.read_part, "battle", socket.character_id)
    if isinstance(battle, CurrentBattle) and battle.stream is not None and battle.stream not in names:
        names.insert(1, battle.stream)
    following: list[tuple[Follow, int | None]] = []
    for name in names[: socket.limits.streams]:
        try:
            following.append((await socket.lead_to(name), seen.get(name)))
        except NotFoundError:
            continue
        except GameError:
            raise
        except Exception:  # one stream that cannot be read must not keep its player from all others
            logger.exception("a stream cannot be followed", stream=name)
    return following
