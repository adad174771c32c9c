"""Queues for what goes together: one for all, and a lane for what somebody else holds up.

A row that is held for long would keep everybody waiting who is in the same group. So the group of all waits
for a moment only; whoever was in it then goes on in the lane of what it is about, and the others with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from aether.kernel.errors import UnavailableError
from aether.kernel.retrying import waited_too_long
from aether.kernel.together import Together, Work

A = TypeVar("A")
R = TypeVar("R")

BRIEFLY_MS = 500
"""How long the group of all waits for a lock."""

Execute = Callable[[Sequence[A], int | None], Awaitable[Sequence[R | Exception]]]
"""Executes a group that waits for a lock so many milliseconds at most, or as long as anybody does."""


class _HeldUpError(Exception):
    """Somebody holds what one of the group needs."""


class Lanes(Generic[A, R]):
    """`await lanes(asked)` does one of many; what is held up keeps nobody waiting but its own kind."""

    def __init__(self, execute: Execute[A, R], *, about: Callable[[A], Hashable], most: int) -> None:
        self._execute, self._about, self._most = execute, about, most
        self._all: Together[A, R] = Together(self._briefly, most=most)
        self._lanes: dict[Hashable, Together[A, R]] = {}

    async def __call__(self, asked: A) -> R:
        about = self._about(asked)
        lane = self._lanes.get(about)
        if lane is None:
            try:
                return await self._all(asked)
            except _HeldUpError:
                lane = self._lanes.setdefault(about, Together(self._patiently(about), most=self._most))
        return await lane(asked)

    async def _briefly(self, group: Sequence[A]) -> Sequence[R | Exception]:
        try:
            return await self._execute(group, BRIEFLY_MS)
        except UnavailableError as error:
            if not waited_too_long(error):
                raise
            return [_HeldUpError() for _ in group]

    def _patiently(self, about: Hashable) -> Work[A, R]:
        async def work(group: Sequence[A]) -> Sequence[R | Exception]:
            """Those who come later go with all again, once somebody has got through."""
            is_held_up = False
            try:
                return await self._execute(group, None)
            except UnavailableError as error:
                is_held_up = waited_too_long(error)
                raise
            finally:
                if not is_held_up:
                    self._lanes.pop(about, None)

        return work
