"""What may be done in a guild: its permissions, which rank may touch which, and what a guild may be called.

The ranks of a guild stand in an order: the first, 0, is its leader's and has every permission. Nobody touches
a rank at or above the own one, and nobody hands out a permission that it lacks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeVar

from apps.accounts.rules import names

R = TypeVar("R")

NAME_LENGTH_MIN = 3
NAME_LENGTH_MAX = 24
MEMBERS_MAX = 200
RANKS_MAX = 8
INVITATIONS_MAX = 20
RANK_NAME_LENGTH_MAX = 24

LEADER = 0
"""The position of the rank that the leader has, and nobody else."""

Permission = Literal["invite", "kick", "promote", "ranks", "motd", "props", "dissolve"]
PERMISSIONS: tuple[Permission, ...] = ("invite", "kick", "promote", "ranks", "motd", "props", "dissolve")
"""In the order of their bits, which are stored: new ones come last."""

ALL = 2 ** len(PERMISSIONS) - 1
JOINTS = " '’-"
"""What stands between the words of a name, one at a time."""


class Standing(NamedTuple):
    """A rank as the rules see it."""

    position: int
    permissions: int


class FirstRank(NamedTuple):
    """A rank that a new guild has."""

    en: str
    fr: str
    permissions: int


def bits(permissions: Iterable[str]) -> int:
    """Return permissions as they are stored."""
    return sum(1 << PERMISSIONS.index(each) for each in set(permissions))


def named(permissions: int) -> tuple[Permission, ...]:
    """Return stored permissions by name, in their order."""
    return tuple(name for at, name in enumerate(PERMISSIONS) if permissions >> at & 1)


FIRST_RANKS = (
    FirstRank("Leader", "Chef", ALL),
    FirstRank("Officer", "Officier", bits(("invite", "kick", "promote", "motd", "props"))),
    FirstRank("Member", "Membre", 0),
)


def has(own: Standing, permission: Permission) -> bool:
    return bool(own.permissions >> PERMISSIONS.index(permission) & 1)


def may_touch(own: Standing, position: int) -> bool:
    """Tell if a rank, or who has it, is below one's own."""
    return position > own.position


def lacked(own: Standing, granted: int) -> tuple[Permission, ...]:
    """Return what of the permissions that would be granted one does not have."""
    return named(granted & ~own.permissions)


def granted_by_edit(before: int, after: int) -> int:
    """Return what a rank gains; what it had, and what is taken from it, is granted by nobody."""
    return after & ~before


def moved(ranks: Sequence[R], rank: R, above: R) -> list[R]:
    """Return the order of ranks with one of them just below another; below itself, it stays."""
    if rank == above:
        return list(ranks)
    others = [each for each in ranks if each != rank]
    at = others.index(above) + 1
    return [*others[:at], rank, *others[at:]]


def normalised(name: str) -> str:
    """Return a guild's name in the one form that is stored."""
    return unicodedata.normalize("NFKC", name).strip()


def skeleton(name: str) -> str:
    """Return what a guild's name looks like; how its words are joined tells no two apart."""
    return names.skeleton("".join(each for each in normalised(name) if each not in JOINTS))


def has_bad_length(name: str) -> bool:
    return not NAME_LENGTH_MIN <= len(name) <= NAME_LENGTH_MAX


def has_foreign_letters(name: str) -> bool:
    """Tell if a name is anything else than words of Latin letters, joined by one mark each."""
    return any(not word or names.has_foreign_letters(word) for word in _words(name))


def is_reserved(name: str) -> bool:
    """Tell if a name, or one of its words, is kept for the staff."""
    words = _words(name)
    return any(names.is_reserved(each) for each in (*words, "".join(words)))


def _words(name: str) -> list[str]:
    return "".join(" " if each in JOINTS else each for each in name).split(" ")
