"""The watch over every socket of a process: it beats, checks and closes when that is due.

A socket is dead when it was asked, by a beat, and has not answered. Beats wait for nothing but the heads
that they tell: what keeps sessions and claims alive goes on beside them, or a thousand sockets would be
asked too late. Closing waits for nothing at all, so that no store holds it up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from aether.gateway.errors import Close
from aether.gateway.logins import valid_logins
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

LATE_S = 3 * TICK_S
"""After a longer pause what sockets have said meanwhile may still wait to be read: they are not silent."""

MEND_TRIES = 5
"""A database that just restarts is back in a moment."""

AT_ONCE = 50
"""How many sockets share a trip to Redis: commands that come in meanwhile wait for no more than these."""

T = TypeVar("T")


class Watch:
    """`look`, `beat` and `refresh` do what is due at a moment; `keep` does them again and again."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._looked_at = float("inf")

    async def keep(self) -> None:
        """Look and beat every second, and refresh every five, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep(self.look, TICK_S))
            tasks.create_task(self._keep(self.beat, TICK_S))
            tasks.create_task(self._keep(self.refresh, REFRESH_EVERY_S))

    async def _keep(self, do: Callable[[], Awaitable[None]], every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            try:
                await do()
            except Exception:  # the edge of the process: one bad look must not end the watch
                logger.exception("the watch over the sockets failed")

    async def look(self) -> None:
        """Close what has waited too long; who was looked at late is given another second to be heard."""
        now = clock.now()
        is_late = now - self._looked_at > LATE_S
        self._looked_at = now
        for socket in list(self._registry.sockets):
            self._close_if_due(socket, now, is_late=is_late)

    async def beat(self) -> None:
        """Beat where that is due, and check logins."""
        now = clock.now()
        due: list[Socket] = []
        for socket in list(self._registry.sockets):
            if not socket.is_closing and socket.has_said_hello and now >= socket.beat_at:
                socket.beat_at = now + self._registry.limits.heartbeat_s
                due.append(socket)
        for some in _parted(due):
            await asyncio.gather(*map(self._beat, some))
        unchecked = [each for each in due if now - each.checked_at >= each.limits.session_check_s]
        if unchecked:
            await self._check_logins(unchecked, now)

    async def refresh(self) -> None:
        """Let live state live on, and mend what sockets follow: at the first try, or soon."""
        await self._refresh()
        for _ in range(MEND_TRIES):
            if await self.mend():
                break
            await asyncio.sleep(TICK_S)

    async def mend(self) -> bool:
        """Put sockets on the streams that they must follow, and off those that are no longer theirs.

        The word of it may have been lost. Tell if that could be done.
        """
        sockets = [each for each in self._registry.sockets if each.is_playing]
        # Whoever was let in before the look-up is found by it; who comes in meanwhile is left alone.
        before = {socket: dict(socket.follows) for socket in sockets}
        ids = [socket.character_id for socket in sockets if socket.character_id is not None]
        try:
            musts = await in_database_thread(realtime.must_follow, ids) if ids else []
        except GameError:
            return False
        streams: dict[int, list[str]] = {}
        for character_id, stream in musts:
            streams.setdefault(character_id, []).append(stream)
        for socket in sockets:
            own = streams.get(socket.character_id or 0, ())
            missing = tuple(stream for stream in own if stream not in socket.follows)
            foreign = tuple(
                stream
                for stream, follow in before[socket].items()
                if stream not in own
                and socket.follows.get(stream) is follow
                and realtime.is_for_nobody_else(stream)
            )
            if missing or foreign:
                socket.change_streams(missing, foreign)
            if not socket.is_half_greeted:
                self._mend_follows(socket)
        return True

    def _mend_follows(self, socket: Socket) -> None:
        """Send the snapshots that failed: on a stream where nothing happens, no update brings them."""
        for follow in socket.follows.values():
            if follow.has_lost:
                self._registry.hub.spawn(follow.catch_up())

    def _close_if_due(self, socket: Socket, now: float, *, is_late: bool) -> None:
        limits, writing_since = socket.limits, socket.outgoing.writing_since
        if writing_since is not None and now - writing_since > limits.write_timeout_s:
            socket.shut(Close.TOO_SLOW, "too slow")
        elif not socket.has_said_hello and now - socket.opened_at > limits.hello_timeout_s:
            socket.shut(Close.NOT_AUTHENTICATED, "no hello")
        elif not is_late and self._is_silent(socket, now):
            socket.shut(Close.TOO_SLOW, "silent")
        elif now - socket.opened_at > limits.socket_age_s:
            socket.drain(0)

    def _is_silent(self, socket: Socket, now: float) -> bool:
        """Tell if a socket was asked in time and has said nothing: our being late is not its silence."""
        limits = socket.limits
        if socket.is_busy or now - socket.heard_at <= limits.dead_after_s:
            return False
        patience_s = limits.dead_after_s - limits.heartbeat_s
        return socket.asked_at > socket.heard_at and now - socket.asked_at >= patience_s

    async def _beat(self, socket: Socket) -> None:
        """Tell where the streams of a socket stand; that it answers shows that it lives."""
        follows = list(socket.follows.values())
        heads = await asyncio.gather(*map(self._head, follows))
        told = {follow.name: head for follow, head in zip(follows, heads, strict=True)}
        beat = Encoded.of(Beat(heads=told, time=clock.now()))
        socket.outgoing.push(update_frame(None, None, beat, socket.form), None)
        if socket.asked_at <= socket.heard_at:
            socket.asked_at = clock.now()

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
        elif (head > follow.sent and not follow.is_catching_up) or head < sent:
            # A snapshot failed, or Redis was wiped after its clock was set back: its numbers are lower now.
            follow.lose()
        return head

    async def _check_logins(self, sockets: list[Socket], now: float) -> None:
        """Close the sockets whose login holds no more."""
        logins = [(socket.account_id, socket.session_key) for socket in sockets]
        try:
            valid = await in_database_thread(valid_logins, logins)
        except GameError:
            return
        for socket, login in zip(sockets, logins, strict=True):
            socket.checked_at = now
            if login not in valid:
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
            for some in _parted(playing):
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


def _parted(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(whole), AT_ONCE):
        yield whole[at : at + AT_ONCE]
