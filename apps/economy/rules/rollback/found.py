"""What a plan is made from: the entries to undo, what people hold now, and where unique items have been."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

CURRENCY = "glim"
INSTANCE = "item:"
CHARACTER = "character"
SYSTEM = "system"
KEPT_ELSEWHERE = ("escrow:", "mail:")
"""Buckets that a trade, an order or a letter answers for: what lies there is not taken from under it."""


class Place(NamedTuple):
    """A ledger account by its name."""

    owner_type: str
    owner_id: int
    bucket: str

    @property
    def is_player(self) -> bool:
        return self.owner_type == CHARACTER

    @property
    def is_source(self) -> bool:
        """Whether it gives what was nobody's before: a faucet, or the staff."""
        return self.bucket.startswith("faucet:") or self.bucket == "gm:grant"

    @property
    def is_debt(self) -> bool:
        return self.bucket.startswith("debt:")

    @property
    def is_kept_elsewhere(self) -> bool:
        return self.bucket.startswith(KEPT_ELSEWHERE)


@dataclass(frozen=True, slots=True)
class FoundLine:
    place: Place
    asset: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntry:
    id: int
    kind: str
    cause: str
    at: datetime
    lines: tuple[FoundLine, ...]
    reversed_by: int | None = None
    is_settled: bool = False
    """Whether a finished rollback has had it paid for, or put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One move of a unique item. `price` is the glim that went the other way, `line_id` its place in time.

    `outputs` are the unique items that the same entry made out of it.
    """

    entry_id: int
    line_id: int
    at: datetime
    source: Place
    target: Place
    price: int = 0
    outputs: tuple[str, ...] = ()

    @property
    def changes_owner(self) -> bool:
        return self.source[:2] != self.target[:2] or not self.source.is_player


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that the ledger says about what is to be undone. Entries come newest first.

    `subjects` are those whose deeds these are: only they can be left in debt. `worth` is the reference
    price of one of an asset, where there is one; `owed` is what debtors owe; `bargains` are the lines of
    all entries of a bargain that took several, as payment on delivery does, by each of these entries.
    """

    case_id: int
    entries: tuple[FoundEntry, ...]
    now: datetime
    subjects: frozenset[int]
    held: dict[tuple[Place, str], int] = field(default_factory=dict)
    paths: dict[str, tuple[Hop, ...]] = field(default_factory=dict)
    works: dict[str, tuple[Hop, ...]] = field(default_factory=dict)
    """The paths of what was made of those items, and of what was made of that, and so on."""
    worth: dict[str, int] = field(default_factory=dict)
    owed: dict[tuple[int, str], int] = field(default_factory=dict)
    bargains: dict[int, tuple[FoundLine, ...]] = field(default_factory=dict)
    unopened: dict[tuple[Place, str], int] = field(default_factory=dict)
    """What left a letter without having been taken: it went back, or was lost, in an entry not of these."""
    xp: dict[tuple[int, str], int] = field(default_factory=dict)
    """Experience by character and cause."""
    quests: dict[tuple[int, str], str | None] = field(default_factory=dict)
    """Completed quests by character, and what keeps them so: None where they can be done again."""


def is_instance(asset: str) -> bool:
    return asset.startswith(INSTANCE)
