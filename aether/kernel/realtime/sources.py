"""Where a stream's contents come from: each prefix of stream names has one source.

Streams whose numbers follow from what is stored (battles, `me`) register as sequenced: any process can
compute what a socket has missed. The others are numbered by each process; who misses something gets a
snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.protocol.base import Update

UNKNOWN = -1
"""The sequence of a snapshot whose source cannot tell it now: the socket stays at its own."""


class Source(Protocol):
    """What the app that owns a kind of stream answers. The stream is its whole name."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        """Return which audience of the stream a character belongs to, or raise NotFoundError."""

    async def head(self, stream: str, audience: str) -> int:
        """Return the last sequence of an audience."""

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        """Return the stream whole, and the sequence it stands at."""

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        """Return the updates after n, or the first of them; none: n is the head; None: send a snapshot."""


class Registered(NamedTuple):
    source: Source
    is_sequenced: bool


StreamsOf = Callable[[Sequence[int]], Iterable[tuple[int, str]]]
"""Which streams characters must be following, as (character, stream). Called in a database thread."""

_sources: dict[str, Registered] = {}
_musts: list[StreamsOf] = []
_nobody_else: set[str] = set()


def register_must_follow(streams_of: StreamsOf, *, nobody_else: Iterable[str] = ()) -> None:
    """Let sockets be put on streams that they should follow, and of which the word was lost.

    Streams whose names begin with one of `nobody_else` are left by whoever need not follow them.
    """
    _musts.append(streams_of)
    _nobody_else.update(nobody_else)


def must_follow(character_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return what sockets of these characters have to follow. Call from a database thread."""
    return [pair for streams_of in _musts for pair in streams_of(character_ids)]


def is_for_nobody_else(stream: str) -> bool:
    """Tell if only those follow a stream who must."""
    return stream.startswith(tuple(_nobody_else))


def register_source(prefix: str, source: Source, *, is_sequenced: bool | None = None) -> None:
    """Let `source` answer for the streams `<prefix>:…`. Battles are sequenced without saying so."""
    is_numbered = prefix == "battle" if is_sequenced is None else is_sequenced
    _sources[prefix] = Registered(source, is_numbered)


def source_of(stream: str) -> Registered:
    """Return the source of a stream; refuse names of no known kind."""
    found = _sources.get(stream.split(":", 1)[0])
    if found is None:
        raise NotFoundError
    return found
