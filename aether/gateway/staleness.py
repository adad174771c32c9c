"""The `on` of a command: the last update that its client has seen of the stream that it acts on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from aether.kernel.errors import StaleError
from aether.kernel.realtime import Follow
from aether.protocol.base import Command

ENVELOPE_BYTES = 1024

if TYPE_CHECKING:
    from aether.gateway.socket import Socket


async def check(socket: Socket, command: Command, on: int) -> None:
    """Refuse a command whose client has not seen the last updates; tell it what it has missed."""
    follow = _acted_on(socket, command)
    if follow is None or on >= await follow.head():
        return
    missed = await _missed(follow, on, socket.limits.update_bytes - ENVELOPE_BYTES)
    raise StaleError(stream=follow.name, head=await follow.head(), missed=missed)


def _acted_on(socket: Socket, command: Command) -> Follow | None:
    battle = getattr(command, "battle", None)
    if battle is not None:
        return socket.follows.get(f"battle:{battle}")
    service = command.type_name.split(".", 1)[0]
    if service == "world":
        return next((f for f in socket.follows.values() if f.name.startswith("zone:")), None)
    return socket.follows.get("me")


async def _missed(follow: Follow, on: int, bytes_max: int) -> list[dict[str, Any]] | None:
    """Return the missed updates as frames; None when they are no longer kept or do not fit."""
    if not follow.registered.is_sequenced:
        return None
    missing = await follow.registered.source.since(follow.topic, follow.audience, on)
    if missing is None:
        return None
    frames = [
        {"t": update.type_name, "s": follow.name, "n": [first, last], "d": msgspec.to_builtins(update)}
        for first, last, update in missing
    ]
    is_small = len(msgspec.json.encode(frames)) <= bytes_max
    return frames if is_small else None
