"""The watch over every socket of a process: one coroutine that beats, checks and closes when it is due."""

from __future__ import annotations

import asyncio

import structlog
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from aether.gateway.errors import Close
from aether.gateway.logins import is_login_valid
from aether.gateway.registry import Registry
from aether.gateway.socket import Socket
from aether.kernel import clock, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError
from aether.kernel.ids import SessionId
from aether.kernel.live import presence, sessions
from aether.kernel.realtime import Follow
from aether.protocol.codec import Encoded, update_frame
from aether.protocol.gateway import Beat

logger = structlog.get_logger(__name__)

TICK_S = 1.0
REFRESH_EVERY_S = 5.0
"""A wiped Redis knows again who is online after this long."""

AT_ONCE = 8
"""How many sockets beat side by side: commands that come in meanwhile wait for no more than these."""


class Watch:
    """`look` does what is due at a moment; `keep` looks again and again."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._refreshed_at = clock.now()

    async def keep(self) -> None:
        """Look every second until cancelled."""
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.look()
            except Exception:  # the edge of the process: one bad look must not end the watch
                logger.exception("the watch over the sockets failed")

    async def look(self) -> None:
        """Close what has waited too long, beat, and check logins and claims."""
        now = clock.now()
        due: list[Socket] = []
        for socket in list(self._registry.sockets):
            if not self._is_closed(socket, now) and socket.has_said_hello and now >= socket.beat_at:
                socket.beat_at = now + self._registry.limits.heartbeat_s
                due.append(socket)
        for at in range(0, len(due), AT_ONCE):
            await asyncio.gather(*(self._attend(socket, now) for socket in due[at : at + AT_ONCE]))
        if now - self._refreshed_at >= REFRESH_EVERY_S:
            self._refreshed_at = now
            await self.mend()
            await self._refresh()

    async def mend(self) -> None:
        """Put sockets on the streams that they must follow: the word of it may have been lost."""
        sockets = [each for each in self._registry.sockets if each.is_playing]
        ids = [socket.character_id for socket in sockets if socket.character_id is not None]
        try:
            musts = await in_database_thread(realtime.must_follow, ids) if ids else []
        except GameError:
            return
        streams: dict[int, list[str]] = {}
        for character_id, stream in musts:
            streams.setdefault(character_id, []).append(stream)
        for socket in sockets:
            missing = [s for s in streams.get(socket.character_id or 0, ()) if s not in socket.follows]
            if missing:
                socket.change_streams(tuple(missing), ())

    def _is_closed(self, socket: Socket, now: float) -> bool:
        """Close a socket for which it is time; tell if it is closed."""
        limits, writing_since = socket.limits, socket.outgoing.writing_since
        if writing_since is not None and now - writing_since > limits.write_timeout_s:
            socket.shut(Close.TOO_SLOW, "too slow")
        elif not socket.has_said_hello and now - socket.opened_at > limits.hello_timeout_s:
            socket.shut(Close.NOT_AUTHENTICATED, "no hello")
        elif not socket.is_busy and now - socket.heard_at > limits.dead_after_s:
            socket.shut(Close.TOO_SLOW, "silent")
        elif now - socket.opened_at > limits.socket_age_s:
            socket.drain(0)
        return socket.is_closing

    async def _attend(self, socket: Socket, now: float) -> None:
        """Beat, and check the login when that is due."""
        heads = {follow.name: await self._head(follow) for follow in list(socket.follows.values())}
        beat = Encoded.of(Beat(heads=heads, time=clock.now()))
        socket.outgoing.push(update_frame(None, None, beat, socket.form), None)
        if now - socket.checked_at >= socket.limits.session_check_s:
            socket.checked_at = now
            await self._check_login(socket)

    async def _head(self, follow: Follow) -> int:
        """Return where a stream stands; a socket that is behind catches up."""
        sent = follow.sent
        try:
            head = await follow.head()
        except (RedisError, OperationalError, InterfaceError, GameError, OSError):
            return sent
        except Exception:  # one stream that cannot be read must not keep the others from their beat
            logger.exception("a stream cannot be read", stream=follow.name)
            return sent
        if head > follow.sent and follow.registered.is_sequenced:
            self._registry.hub.spawn(follow.catch_up())
        elif head > follow.sent or head < sent:
            # A snapshot failed, or Redis was wiped after its clock was set back: its numbers are lower now.
            follow.lose()
        return head

    async def _check_login(self, socket: Socket) -> None:
        try:
            is_valid = await in_database_thread(is_login_valid, socket.account_id, socket.session_key)
        except GameError:
            return
        if not is_valid:
            socket.shut(Close.NOT_AUTHENTICATED, "signed out")

    async def _refresh(self) -> None:
        """Let sessions, claims and presence live on; leave the characters that others have taken over."""
        playing = [
            (socket.character_id, SessionId(socket.session_id), socket)
            for socket in self._registry.sockets
            if socket.character_id is not None and socket.is_playing
        ]
        lost: set[SessionId] = set()
        try:
            for at in range(0, len(playing), AT_ONCE):
                some = playing[at : at + AT_ONCE]
                await sessions.keep_alive([session_id for _, session_id, _ in some])
                await presence.refresh([character_id for character_id, _, _ in some])
                lost |= await sessions.lost_characters([(c, s) for c, s, _ in some])
                # Between groups, whoever walks meanwhile is served.
                await asyncio.sleep(0)
        except (RedisError, OSError) as error:
            logger.warning("live state cannot be refreshed", error=repr(error))
            return
        for _, session_id, socket in playing:
            if session_id in lost:
                socket.shut(Close.TAKEN_OVER, "taken over")
