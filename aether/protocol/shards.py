"""Bodies and answers of the REST interface that belong to shards, and to moving between them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from aether.protocol.base import Wire

ShardStanding = Literal["open", "full", "maintenance", "closed", "away"]
"""Away: it has not told of itself for a minute."""


class ShardSummary(Wire, frozen=True, kw_only=True):
    """A shard, named in the caller's language. `address` is where it is played, empty where nobody said so.

    `mine` is how many characters the caller has there, nought for who is not signed in.
    """

    id: str
    name: str
    address: str
    standing: ShardStanding
    online: int
    capacity: int
    mine: int = 0


class ShardList(Wire, frozen=True, kw_only=True):
    """All shards of the realm; `here` is the one that was asked."""

    here: str
    shards: tuple[ShardSummary, ...]


class Blocking(Wire, frozen=True, kw_only=True):
    """Something that keeps a character where it is, in the caller's language."""

    code: str
    text: str


class TransferPlan(Wire, frozen=True, kw_only=True):
    """What leaving means now: `goes_along` counts by kind; a character that came lately waits."""

    fee: int
    may_leave_at: float | None
    blockers: tuple[Blocking, ...]
    goes_along: dict[str, int]


class TransferRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    to: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]


class TransferSummary(Wire, frozen=True, kw_only=True):
    """A transfer. `why` says what sent the character home again; until it arrives it may be called back."""

    id: str
    character: str
    source: str
    target: str
    state: str
    fee: int
    why: tuple[Blocking, ...]
    requested_at: float
    changed_at: float
    may_be_called_back: bool


class TransferList(Wire, frozen=True, kw_only=True):
    """The account's transfers on all shards, the latest first."""

    transfers: tuple[TransferSummary, ...]
