"""The sockets of this process: those that have said hello, and how many each account and address has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import structlog
from redis.exceptions import RedisError

from aether.gateway import metrics
from aether.gateway.arrivals import note_presence
from aether.gateway.errors import Close
from aether.gateway.limits import Limits
from aether.kernel.ids import CharacterId
from aether.kernel.live import presence
from aether.kernel.realtime import Receiver
from aether.kernel.realtime.hub import Hub

if TYPE_CHECKING:
    from aether.gateway.socket import Socket

logger = structlog.get_logger(__name__)


class Registry:
    """Lives as long as the server's lifespan."""

    def __init__(self, hub: Hub, limits: Limits) -> None:
        self.hub = hub
        self.limits = limits
        self.is_draining = False
        self.sockets: set[Socket] = set()
        self._waiting_by_address: Counter[str] = Counter()
        self._by_account: Counter[int] = Counter()

    def may_open(self, address: str) -> bool:
        """Tell if one more socket that has not said hello may come from an address."""
        return self._waiting_by_address[address] < self.limits.unauthenticated_per_address

    def add(self, socket: Socket) -> None:
        """Know a socket that has yet to say hello."""
        self.sockets.add(socket)
        self._waiting_by_address[socket.address] += 1

    def has_room(self, socket: Socket) -> bool:
        """Tell if the account of a socket may have one more; those that it replaces do not count."""
        replaced = len(self._replaced_by(socket))
        return self._by_account[socket.account_id] - replaced < self.limits.sockets_per_account

    def shut_replaced(self, socket: Socket) -> None:
        """Close what a resumed session has left open. Whose sockets play a character, its claims settle."""
        if socket.character_id is None:
            for other in self._replaced_by(socket):
                other.shut(Close.TAKEN_OVER, "resumed elsewhere")

    def _replaced_by(self, socket: Socket) -> list[Receiver]:
        if socket.character_id is not None:
            return list(self.hub.by_character.get(socket.character_id, ()))
        same = [other for other in self.hub.receivers if other.session_id == socket.session_id]
        return [other for other in same if other is not socket]

    def admit(self, socket: Socket) -> None:
        """Know who a socket is. From now on it can be revoked and taken over."""
        self._stop_waiting(socket)
        socket.has_said_hello = True
        self._by_account[socket.account_id] += 1
        metrics.CONNECTIONS.labels(socket.form).inc()
        self.hub.add(socket)

    async def remove(self, socket: Socket) -> None:
        """Forget a socket that is gone, and tell whom it concerns when its character is."""
        self.sockets.discard(socket)
        if not socket.has_said_hello:
            self._stop_waiting(socket)
            return
        self._by_account[socket.account_id] -= 1
        metrics.CONNECTIONS.labels(socket.form).dec()
        self.hub.remove(socket)
        character_id = socket.character_id
        if character_id is not None and character_id not in self.hub.by_character:
            await self._character_left(character_id)

    async def _character_left(self, character_id: CharacterId) -> None:
        try:
            await presence.leave(character_id)
            if character_id in self.hub.by_character:  # it has come back meanwhile
                await presence.refresh([character_id])
        except (RedisError, OSError) as error:
            logger.warning("presence is not noted", error=repr(error))
        if character_id not in self.hub.by_character:
            self.hub.spawn(note_presence(character_id, False))

    def _stop_waiting(self, socket: Socket) -> None:
        self._waiting_by_address[socket.address] -= 1
        if self._waiting_by_address[socket.address] <= 0:
            del self._waiting_by_address[socket.address]
