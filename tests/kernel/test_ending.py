"""A task that loses a cancellation, as Python 3.11 may, is cancelled again."""

from __future__ import annotations

import asyncio
import contextlib

from aether.kernel.ending import end


async def test_a_task_that_loses_a_cancellation_ends_all_the_same() -> None:
    async def stubborn() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    async def ready() -> None:
        raise ValueError

    tasks = [asyncio.create_task(stubborn()), asyncio.create_task(ready())]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await end(*tasks)
    assert all(task.done() for task in tasks)
    await end()
