"""What the journal of a character says about its transfers, on either side."""

from __future__ import annotations

import msgspec


class CharacterLeft(msgspec.Struct, frozen=True, kw_only=True, tag="character_left"):
    transfer: str
    target: str


class CharacterCameBack(msgspec.Struct, frozen=True, kw_only=True, tag="character_came_back"):
    """The transfer did not happen."""

    transfer: str


class CharacterArrived(msgspec.Struct, frozen=True, kw_only=True, tag="character_arrived"):
    """`xp_total` and `stats` are what it brought: the sums that this shard's entries go on from."""

    transfer: str
    source: str
    xp_total: int
    stats: dict[str, int]
