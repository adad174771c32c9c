"""A stream whose source is a list, and a socket that only remembers, for tests of the fan-out."""

from __future__ import annotations

import json
from typing import Any

from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.kernel.realtime import Follow
from aether.protocol.accounts import NoticeReceived
from aether.protocol.base import Update
from aether.protocol.codec import FormatName, Frame

Page = tuple[int, int, Update]


def notice(n: int) -> NoticeReceived:
    return NoticeReceived(key=str(n))


class ListSource:
    """Update n says n; the snapshot at n says how many there were."""

    def __init__(self, head: int = 0, kept: int = 10_000) -> None:
        self.last, self.kept = head, kept
        self.reads = 0

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        if stream.endswith(":secret"):
            raise NotFoundError
        return "all"

    async def head(self, stream: str, audience: str) -> int:
        return self.last

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        return self.last, NoticeReceived(key="snapshot", values={"head": str(self.last)})

    async def since(self, stream: str, audience: str, n: int) -> list[Page] | None:
        self.reads += 1
        if n < self.last - self.kept:
            return None
        return [(i, i, notice(i)) for i in range(n + 1, self.last + 1)]


class Recorder:
    """A socket as the hub sees it."""

    form: FormatName = "json"
    account_id = 1
    claim: int | None = None
    session_id = "s"
    session_key = "k"

    def __init__(self, character_id: int = 1) -> None:
        self.character_id: CharacterId | None = CharacterId(character_id)
        self.frames: list[dict[str, Any]] = []
        self.closed: tuple[int, str] | None = None

    async def shortened(self, n: int, snapshot: Update) -> Update:
        return snapshot

    def push(self, frame: Frame, follow: Follow) -> None:
        self.frames.append(json.loads(frame))

    async def write(self, frame: Frame) -> None:
        self.frames.append(json.loads(frame))

    def change_streams(self, follow: tuple[str, ...], unfollow: tuple[str, ...]) -> None:
        self.frames.append({"follow": follow, "unfollow": unfollow})

    def shut(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    @property
    def told(self) -> list[str]:
        """What was said, in order."""
        return [frame["d"]["key"] for frame in self.frames]

    @property
    def numbers(self) -> list[list[int]]:
        return [frame["n"] for frame in self.frames]
