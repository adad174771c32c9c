"""Streams: which updates are new, which were seen, and where one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple


class Update(NamedTuple):
    """What the server told. Outside streams (`beat`, `drain`) `stream` is None."""

    type: str
    stream: str | None
    first: int
    last: int
    body: dict[str, Any]

    @property
    def is_snapshot(self) -> bool:
        """Tell if this is a stream as a whole, whatever was seen before."""
        return self.type.endswith(".snapshot")

    @classmethod
    def from_frame(cls, frame: Mapping[str, Any]) -> Update:
        first, last = frame.get("n", (0, 0))
        return cls(frame["t"], frame.get("s"), first, last, frame["d"])


class Streams:
    """The last number seen of each stream. Applied in order, nothing twice, nothing left out."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}
        self._is_asked: set[str] = set()

    def take(self, update: Update) -> Literal["apply", "drop", "gap"]:
        """Say what to do with an update of a stream; `gap`: ask for what comes after `seen`, once."""
        assert update.stream is not None
        seen = self.seen.get(update.stream)
        if update.is_snapshot or seen is None or update.first <= seen + 1 <= update.last:
            self.seen[update.stream] = update.last
            self._is_asked.discard(update.stream)
            return "apply"
        if update.last <= seen or update.stream in self._is_asked:
            return "drop"
        self._is_asked.add(update.stream)
        return "gap"

    def behind(self, heads: Mapping[str, int]) -> list[str]:
        """Return the streams whose head, as a beat tells it, was not seen."""
        late = [
            s
            for s, head in heads.items()
            if s in self.seen and head > self.seen[s] and s not in self._is_asked
        ]
        self._is_asked.update(late)
        return late

    def forget(self, stream: str) -> None:
        """Leave a stream."""
        self.seen.pop(stream, None)
        self._is_asked.discard(stream)

    def ask_again(self) -> None:
        """After a drop, what was asked for may be asked for again."""
        self._is_asked.clear()
