"""A run of bots: so many, for so long, then what they saw."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import traceback
from collections.abc import Callable
from random import Random

from aether.operations.bots.bot import Bot
from aether.operations.bots.measuring import Measures, RunOverError

ARRIVALS_PER_S = 8
ARRIVING_AT_ONCE = 8
"""A server takes only some sockets of an address that have not said hello."""

ANSWER_WITHIN_S = 15


async def run_bots(
    *, url: str, count: int, duration_s: float, seed: int, say: Callable[[str], None]
) -> Measures:
    """Let `count` bots arrive one after the other, then play for `duration_s` seconds."""
    random, measures, door = Random(seed), Measures(), asyncio.Semaphore(ARRIVING_AT_ONCE)
    say(f"{count} bots go to {url} for {duration_s:.0f} s (seed {seed})")
    bots, lives = [], []
    for _ in range(count):
        password = secrets.token_urlsafe(16)
        bots.append(Bot(url=url, password=password, random=_child(random), measures=measures, door=door))
        lives.append(asyncio.create_task(_live(bots[-1], measures)))
        await asyncio.sleep(1 / ARRIVALS_PER_S)
    for bot in bots:
        await bot.has_come.wait()
    await asyncio.sleep(duration_s)
    await _close(measures)
    for life in lives:
        life.cancel()
    await asyncio.gather(*lives, return_exceptions=True)
    return measures


async def _close(measures: Measures) -> None:
    """Let nothing more be asked, and give what was asked a while to be answered."""
    measures.is_closed = True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while measures.unanswered:
                await asyncio.sleep(0.05)


async def _live(bot: Bot, measures: Measures) -> None:
    try:
        await bot.live()
    except RunOverError:
        return
    except Exception as error:  # noqa: BLE001 - one bot must not stop the others
        traceback.print_exception(error)
        measures.failures[f"a bot gave up: {type(error).__name__}: {error}"] += 1


def _child(random: Random) -> Random:
    return Random(random.getrandbits(64))
