"""Which copy of a zone somebody goes to, and which one is given up: numbers in, a choice out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

THIN_PERCENT = 30
"""A copy that holds a smaller part of what it may hold is thin: two of them become one."""
COMPANY_PERCENT = 10
"""So much above its capacity a copy takes those whose company is in it."""


class Room(NamedTuple):
    """A copy that is open to everybody, and how many are in it of one's company and of one's friends."""

    copy: str
    number: int
    capacity: int
    population: int
    company: int = 0
    friends: int = 0

    @property
    def has_room(self) -> bool:
        return self.population < self.capacity

    @property
    def has_room_for_company(self) -> bool:
        return self.population < most_with_company(self.capacity)

    @property
    def takes_me(self) -> bool:
        """Tell if there is room for one, company counted."""
        return self.has_room or (self.company > 0 and self.has_room_for_company)

    @property
    def is_thin(self) -> bool:
        return self.population * 100 < self.capacity * THIN_PERCENT


def most_with_company(capacity: int) -> int:
    """Return how many a copy holds at most, those counted who came to their company."""
    return capacity + max(1, capacity * COMPANY_PERCENT // 100)


def choose(rooms: Sequence[Room], last: str = "") -> str | None:
    """Return the copy to go to; None asks for a new one.

    Where most of one's company is, also a little above the capacity; else where most friends are; else
    where one was last; else the fullest that has room, for people look for people.
    """
    together = [room for room in rooms if room.company and room.has_room_for_company]
    if together:
        return max(together, key=lambda room: (room.company, room.friends, -room.number)).copy
    free = [room for room in rooms if room.has_room]
    if not free:
        return None
    return max(free, key=lambda room: (room.friends, room.copy == last, room.population, -room.number)).copy


def to_merge(rooms: Sequence[Room]) -> str | None:
    """Return the copy whose people are to go to another one: the smaller of two that are thin."""
    thin = sorted((room for room in rooms if room.is_thin), key=lambda room: (room.population, -room.number))
    return thin[0].copy if len(thin) > 1 else None
