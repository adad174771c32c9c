"""Somebody who looks at a zone through the real hub, and folds what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from aether.kernel import realtime
from aether.kernel.ids import CharacterId
from aether.protocol.base import Update
from aether.protocol.codec import FormatName, Frame
from aether.protocol.world import (
    GroupCame,
    GroupLeft,
    PlayerCame,
    PlayerLeft,
    PlayerWalked,
    ZoneChange,
    ZoneChanged,
    ZoneSnapshot,
)

Seen = dict[tuple[str, int], Any]


class Viewer:
    """A socket that takes everything at once and forgets nothing."""

    form: FormatName = "json"
    account_id = 0
    claim: int | None = None
    session_id = "viewer"
    session_key = ""

    def __init__(self, character_id: int) -> None:
        self.character_id: CharacterId | None = CharacterId(character_id)
        self.frames: list[tuple[str, tuple[int, int], Any]] = []

    async def shortened(self, n: int, snapshot: Update) -> Update:
        return snapshot

    def push(self, frame: Frame, follow: realtime.Follow) -> None:
        self._keep(frame)

    async def write(self, frame: Frame) -> None:
        self._keep(frame)

    def change_streams(self, follow: tuple[str, ...], unfollow: tuple[str, ...]) -> None:
        """Stay: this viewer looks at one zone."""

    def shut(self, code: int, reason: str) -> None:
        """Stay: nobody is to shut this viewer out."""

    def _keep(self, frame: Frame) -> None:
        told = msgspec.json.decode(frame)
        kind = {"world.snapshot": ZoneSnapshot, "world.changed": ZoneChanged}[told["t"]]
        self.frames.append((told["t"], tuple(told["n"]), msgspec.convert(told["d"], kind)))

    def folded(self) -> Seen:
        """Return who is in the zone, as this viewer knows it."""
        seen: Seen = {}
        for _, _, update in self.frames:
            if isinstance(update, ZoneSnapshot):
                seen = everybody_in(update)
            else:
                for change in update.changes:
                    fold(seen, change)
        return seen


def everybody_in(snapshot: ZoneSnapshot) -> Seen:
    players: Seen = {("player", seen.id): seen for seen in snapshot.players}
    return players | {("group", seen.id): seen for seen in snapshot.groups}


def fold(seen: Seen, change: ZoneChange) -> None:
    """Apply a change as a client does."""
    match change:
        case PlayerCame(player=player):
            seen["player", player.id] = player
        case PlayerWalked():
            if ("player", change.id) in seen:
                seen["player", change.id] = msgspec.structs.replace(
                    seen["player", change.id],
                    cell=change.path[-1],
                    path=change.path,
                    started_at=change.started_at,
                    step_ms=change.step_ms,
                )
        case PlayerLeft(id=who):
            seen.pop(("player", who), None)
        case GroupCame(group=group):
            seen["group", group.id] = group
        case GroupLeft(id=which):
            seen.pop(("group", which), None)


@asynccontextmanager
async def watching(character_id: int, stream: str) -> AsyncIterator[Viewer]:
    """Follow a zone from here on, as a socket does."""
    running = realtime.current()
    assert running is not None
    viewer = Viewer(character_id)
    running.hub.add(viewer)
    follow = await running.hub.follow(viewer, stream)
    await follow.catch_up()
    try:
        yield viewer
    finally:
        running.hub.unfollow(follow)
        running.hub.remove(viewer)
