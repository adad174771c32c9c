"""The end of tasks that run on their own."""

from __future__ import annotations

import asyncio
from typing import Any

ASK_AGAIN_S = 0.5


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they are over.

    Asked again and again: `asyncio.wait_for` of Python 3.11, through which Redis is talked to, loses a
    cancellation that comes in the moment in which what it waits for is done. What they raise is lost.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        done, pending = await asyncio.wait(pending, timeout=ASK_AGAIN_S)
        for task in done:
            if not task.cancelled():
                task.exception()
