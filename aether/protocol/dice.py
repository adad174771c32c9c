"""Wire types of the dice outside battles: pairs of seeds, and everything that was thrown with one."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Seed, Update, Wire

PairNumber = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
DiceCount = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Receipt = tuple[DiceCount, Annotated[int, msgspec.Meta(ge=1, le=2**32)], DiceCount, DiceCount]
"""One of the dice: its place in the stream, n, the value below n, and the next place."""


class SeedPairSeen(Wire, frozen=True, kw_only=True):
    """A pair of seeds: it waits, is in use since `started_at`, or is shown since `ended_at`.

    `commitment` is the SHA-256 of the house's seed, which is told only when the pair has ended. Moments
    are Unix seconds.
    """

    number: PairNumber
    commitment: Hash
    client_seed: Seed
    throws: DiceCount
    started_at: float | None
    ended_at: float | None
    server_seed: Hash | None


class DiceSeen(Wire, frozen=True, kw_only=True):
    """The pair in use, if anything was thrown this week, and the one after it, which takes a seed."""

    in_use: SeedPairSeen | None
    waiting: SeedPairSeen
    week_ends_at: float


class ReadDice(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.dice"
    reply_type: ClassVar[type[Wire]] = DiceSeen
    is_durable: ClassVar[bool] = False


class ShareInDice(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put a seed of one's own into the pair that waits, by its number, instead of an earlier one."""

    type_name: ClassVar[str] = "economy.dice_share"
    reply_type: ClassVar[type[Wire]] = DiceSeen

    pair: PairNumber
    seed: Seed


class ShowDice(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """End the pair in use before its week is over, and show its seed."""

    type_name: ClassVar[str] = "economy.dice_show"
    reply_type: ClassVar[type[Wire]] = DiceSeen


class DiceChanged(Update, frozen=True, kw_only=True):
    """On `me`: another pair is in use, or waits."""

    type_name: ClassVar[str] = "economy.dice_changed"

    dice: DiceSeen


class SeedPairs(Wire, frozen=True, kw_only=True):
    """Pairs that have ended, the last first; `next` goes into `before` for earlier ones."""

    pairs: tuple[SeedPairSeen, ...]
    next: int | None


class ThrowSeen(Wire, frozen=True, kw_only=True):
    """The `nonce`th throw of a pair, what for, and what came of it by definition (`glim` among them).

    `cause` is `<source>:<reference>`; the source names the stream of its dice.
    """

    nonce: DiceCount
    at: float
    cause: str
    content_hash: Hash
    rolls: tuple[Receipt, ...]
    gave: dict[str, int]


class DiceExport(Wire, frozen=True, kw_only=True):
    """Everything that was thrown with a pair that has ended, as one file (docs/dice.md)."""

    format: Literal["aether.dice"] = "aether.dice"
    version: Literal[1] = 1
    character_id: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    pair: SeedPairSeen
    throws: tuple[ThrowSeen, ...]
