"""The `on` of a command: the last update that its client has seen of the stream that it acts on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aether.kernel import realtime
from aether.kernel.realtime import Follow
from aether.protocol.base import Command

if TYPE_CHECKING:
    from aether.gateway.socket import Socket


async def check(socket: Socket, command: Command, on: int) -> None:
    """Refuse a command whose client has not seen the last updates; tell it what it has missed."""
    follow = _acted_on(socket, command)
    if follow is None or on >= await follow.head():
        return
    missed = None
    if follow.registered.is_sequenced:
        missed = await follow.registered.source.since(follow.topic, follow.audience, on)
    raise realtime.stale(follow.topic, await follow.head(), missed)


def _acted_on(socket: Socket, command: Command) -> Follow | None:
    """Return the stream to look at, if the command's handler does not look itself."""
    if command.is_checked_by_handler:
        return None
    service = command.type_name.split(".", 1)[0]
    if service == "world":
        return next((f for f in socket.follows.values() if f.name.startswith("zone:")), None)
    return socket.follows.get("me")
