"""Background tasks of a server process: started with it, restarted when they fail, stopped with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from aether.kernel.ending import end

logger = structlog.get_logger(__name__)

BACKOFF_FIRST_S = 0.5
BACKOFF_MAX_S = 30.0

Task = Callable[[asyncio.Event], Awaitable[None]]

_tasks: dict[str, Task] = {}


def task(name: str) -> Callable[[Task], Task]:
    """Register `async def f(stop: asyncio.Event)`, which returns soon after `stop` is set.

    It is called `<app>.<what>`, and runs where the app is served: perhaps in several processes at once.
    """

    def register(function: Task) -> Task:
        known = _tasks.get(name)
        if known is not None and known is not function:
            raise ValueError(f"two background tasks are called {name}")
        _tasks[name] = function
        return function

    return register


def _every(app: str) -> bool:
    return True


class Running:
    """The background tasks while they run: those whose app, the first part of their name, is ours."""

    def __init__(self, is_ours: Callable[[str], bool] = _every) -> None:
        self._stop = asyncio.Event()
        self.failing: set[str] = set()
        self._running = {
            name: asyncio.create_task(self._keep_up(name, function), name=name)
            for name, function in _tasks.items()
            if is_ours(name.partition(".")[0])
        }

    def is_well(self) -> bool:
        """Tell if every task runs, and none is waiting after a failure."""
        return not self.failing and self.is_alive()

    def is_alive(self) -> bool:
        """Tell if every task runs or will be tried again."""
        return not any(running.done() for running in self._running.values())

    async def stop(self, patience_s: float = 5.0) -> None:
        """Ask every task to stop; cancel those that do not."""
        self._stop.set()
        if not self._running:
            return
        _, late = await asyncio.wait(self._running.values(), timeout=patience_s)
        for running in late:
            logger.warning("background task does not stop", task=running.get_name())
        await end(*late)

    async def _keep_up(self, name: str, function: Task) -> None:
        backoff = BACKOFF_FIRST_S
        while not self._stop.is_set():
            try:
                await function(self._stop)
                self.failing.discard(name)
                if not self._stop.is_set():
                    logger.warning("background task returned early", task=name)
            except Exception:  # the edge of the process: logged, then tried again
                self.failing.add(name)
                logger.exception("background task failed", task=name)
            await self._pause(backoff)
            self.failing.discard(name)
            backoff = min(backoff * 2, BACKOFF_MAX_S)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return
