"""Where the streams of parties and guilds stand: every heartbeat of every member asks.

Those who ask at once share one question to the database. Nothing is remembered: an answer is read after it
was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError
from aether.kernel.together import Together

Versions = Callable[[Collection[int]], Mapping[int, int]]
"""Returns how often things of some numbers have changed, of those that there are."""


def heads(versions: Versions) -> Together[int, int]:
    """Return what tells how often a thing has changed, by its number; it refuses where there is none."""

    async def read(numbers: Sequence[int]) -> list[int | Exception]:
        found = await in_database_thread(versions, set(numbers))
        return [found[number] if number in found else NotFoundError() for number in numbers]

    return Together(read)
