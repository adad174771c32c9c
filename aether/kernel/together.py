"""Doing together what many ask for at once: one trip to Redis or the database for all who wait.

As with the journal's group commit, the first one goes at once, and those that come while it is under way
go together in the next trip. The busier, the larger the groups.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

A = TypeVar("A")
R = TypeVar("R")

GROUP_MAX = 200

Work = Callable[[Sequence[A]], Awaitable[Sequence[R | Exception]]]
"""Takes what was asked for, and returns an answer or a refusal for each, in the same order."""


class Together(Generic[A, R]):
    """`await together(asked)` does one of many; a trip that fails fails for all who were on it.

    Trips begin at least `every_s` apart, where company is worth a wait.
    """

    def __init__(self, work: Work[A, R], *, most: int = GROUP_MAX, every_s: float = 0.0) -> None:
        self._work = work
        self._most = most
        self._every_s = every_s
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue[A, R]] = WeakKeyDictionary()

    async def __call__(self, asked: A) -> R:
        loop = asyncio.get_running_loop()
        queue = self._by_loop.get(loop)
        if queue is None:
            queue = self._by_loop[loop] = _Queue(self._work, self._most, self._every_s)
        answer: asyncio.Future[R] = loop.create_future()
        queue.waiting.append((asked, answer))
        if queue.trip is None:
            queue.trip = loop.create_task(queue.travel())
        return await answer


class _Queue(Generic[A, R]):
    """Those who wait on one event loop."""

    def __init__(self, work: Work[A, R], most: int, every_s: float) -> None:
        self._work, self._most, self._every_s = work, most, every_s
        self.waiting: list[tuple[A, asyncio.Future[R]]] = []
        self.trip: asyncio.Task[None] | None = None

    async def travel(self) -> None:
        """Go as long as somebody waits."""
        try:
            while self.waiting:
                loop = asyncio.get_running_loop()
                next_at = loop.time() + self._every_s
                group, self.waiting = self.waiting[: self._most], self.waiting[self._most :]
                await self._go(group)
                await asyncio.sleep(max(0.0, next_at - loop.time()))
        finally:
            self.trip = None
            for _, answer in self.waiting:
                answer.cancel()

    async def _go(self, group: list[tuple[A, asyncio.Future[R]]]) -> None:
        answers: Sequence[R | Exception]
        try:
            answers = await self._work([asked for asked, _ in group])
            assert len(answers) == len(group), "an answer for each"
        except Exception as error:  # noqa: BLE001 - whoever asked gets it, whatever it is
            answers = [error] * len(group)
        except asyncio.CancelledError:
            for _, answer in group:
                answer.cancel()
            raise
        for (_, answer), found in zip(group, answers, strict=True):
            _give(answer, found)


def _give(answer: asyncio.Future[R], found: R | Exception) -> None:
    """Answer whoever still waits."""
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
