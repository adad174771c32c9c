"""Sessions of sockets: what a dropped socket resumes with, and which session acts for a character.

The secret changes at each use. A session that Redis has lost is gone: its client asks for a ticket.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any, cast

import msgspec
from django.conf import settings
from redis.exceptions import WatchError

from aether.kernel import clock
from aether.kernel.ids import SessionId
from aether.kernel.live.connections import aredis

_CLAIM = """
local n = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, tonumber(ARGV[2]))
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
redis.call('SET', KEYS[2], string.format('%.0f', n), 'EX', ARGV[3])
return n
"""


class SocketSession(msgspec.Struct, frozen=True, kw_only=True):
    account_id: int
    character_id: int | None
    session_key: str
    secret_digest: bytes = b""


async def open_session(session: SocketSession) -> tuple[SessionId, str]:
    """Keep a new session; return its id and its first secret."""
    session_id, secret = SessionId(secrets.token_urlsafe(16)), secrets.token_urlsafe(32)
    kept = msgspec.structs.replace(session, secret_digest=_digest(secret))
    await aredis().set(_key(session_id), msgspec.msgpack.encode(kept), ex=_lifetime_s())
    return session_id, secret


async def resume_session(session_id: str, secret: str) -> tuple[SocketSession, str] | None:
    """Return the session and its next secret; None where it is gone or the secret is not the last one."""
    key = _key(session_id)
    async with aredis().pipeline() as pipe:
        await pipe.watch(key)
        found = cast("bytes | None", await pipe.get(key))
        if not found:
            return None
        session = msgspec.msgpack.decode(found, type=SocketSession)
        if not hmac.compare_digest(session.secret_digest, _digest(secret)):
            return None
        following = secrets.token_urlsafe(32)
        kept = msgspec.structs.replace(session, secret_digest=_digest(following))
        pipe.multi()  # type: ignore[no-untyped-call]  # so it is in the library
        pipe.set(key, msgspec.msgpack.encode(kept), ex=_lifetime_s())
        try:
            await pipe.execute()
        except WatchError:
            return None
    return kept, following


async def keep_alive(session_ids: list[SessionId]) -> None:
    """Let the sessions of open sockets live on."""
    async with aredis().pipeline(transaction=False) as pipe:
        for session_id in session_ids:
            pipe.expire(_key(session_id), _lifetime_s())
        await pipe.execute()


async def end_session(session_id: str) -> None:
    """Forget a session: its secret opens nothing any more."""
    await aredis().delete(_key(session_id))


async def claim_character(character_id: int, session_id: SessionId) -> int:
    """Let this session be the one that acts for the character; return the number of the claim.

    Of two claims the higher number wins, whatever order their sockets are told in.
    """
    keys = (f"actor:{character_id}", f"actor:{character_id}:claim")
    arguments: list[Any] = [session_id, int(clock.now() * 1000), _lifetime_s()]
    return int(await cast(Any, aredis().eval(_CLAIM, 2, *keys, *arguments)))


async def lost_characters(held: list[tuple[int, SessionId]]) -> set[SessionId]:
    """Return the sessions whose character another session acts for by now; refresh the others' claims."""
    if not held:
        return set()
    async with aredis().pipeline(transaction=False) as pipe:
        for character_id, _ in held:
            pipe.getex(f"actor:{character_id}", ex=_lifetime_s())
        holders = await pipe.execute()
        forgotten = [one for one, holder in zip(held, holders, strict=True) if holder is None]
        for character_id, session_id in forgotten:
            # Redis was wiped: whoever asks first acts again.
            pipe.set(f"actor:{character_id}", session_id, ex=_lifetime_s(), nx=True)
            pipe.get(f"actor:{character_id}")
        answers = (await pipe.execute())[1::2] if forgotten else []
    told = [*zip(held, holders, strict=True), *zip(forgotten, answers, strict=True)]
    return {
        session_id for (_, session_id), holder in told if holder is not None and holder.decode() != session_id
    }


def _lifetime_s() -> int:
    """Return how long a session outlives its socket."""
    return cast(int, settings.GATEWAY["resume_s"])


def _key(session_id: str) -> str:
    return f"socket-session:{session_id}"


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
