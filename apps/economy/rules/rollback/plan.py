"""A plan: what each step will post, and what cannot be undone and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from apps.economy.rules.rollback.found import SYSTEM, FoundLine, Place

Situation = Literal[
    "reversed_already",
    "own_move",
    "of_a_rollback",
    "sale",
    "old_gift",
    "sold_on",
    "given_on_long_ago",
    "passed_on",
    "consumed",
    "in_escrow",
    "elsewhere",
    "partly_spent",
    "spent_by_third_party",
    "quest",
]
"""Why something is not simply put back."""

ActKind = Literal["reversal", "compensation", "debit", "refund"]

CONFISCATE = Place(SYSTEM, 0, "gm:confiscate")
COMPENSATION = Place(SYSTEM, 0, "gm:compensation")


def debt_of(character_id: int) -> Place:
    """Return the account that says what a character owes, as an amount below nothing."""
    return Place(SYSTEM, character_id, f"debt:{character_id}")


def escrow_of(character_id: int, case_id: int) -> Place:
    """Return where what is taken from a character, or given back, waits for the steps of a case."""
    return Place("character", character_id, f"escrow:rollback:{case_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An entry to post. A reversal names the entry that it reverses; the others what they are for."""

    kind: ActKind
    entry_id: int
    lines: tuple[FoundLine, ...]
    number: int = 0
    """Tells the acts of one entry and kind apart."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What leaves a bucket before anything else happens; or, in `Plan.releases`, what arrives at last.

    `line_id` is the last hop of a unique item: it is taken only if it has not moved since.
    """

    place: Place
    asset: str
    amount: int
    line_id: int = 0


@dataclass(frozen=True, slots=True)
class Blocked:
    """Something that is not simply put back. `worth` is the glim paid instead, or the amount that lacks."""

    entry_id: int
    situation: Situation
    asset: str = ""
    character_id: int = 0
    worth: int = 0


@dataclass(frozen=True, slots=True)
class Taint:
    """A unique item that was made out of one that should not have been."""

    instance: str
    entry_id: int


@dataclass(frozen=True, slots=True)
class Revocation:
    """Experience that goes with what is undone."""

    character_id: int
    cause: str
    amount: int


@dataclass(frozen=True, slots=True)
class Reopening:
    """A quest that can be done again, as its rewards go."""

    character_id: int
    quest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    holds: tuple[Hold, ...]
    acts: tuple[Act, ...]
    releases: tuple[Hold, ...]
    taints: tuple[Taint, ...]
    revocations: tuple[Revocation, ...]
    reopenings: tuple[Reopening, ...]
    blocked: tuple[Blocked, ...]
    notified: tuple[int, ...]
    """Characters whose holdings change."""
