"""Many duels at once: spread over the processors, the same result however many there are."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from typing import NamedTuple

from aether.kernel import interpreter
from apps.combat import engine
from apps.combat.balance.duels import fight
from apps.combat.balance.matrices import Pair
from apps.combat.balance.tallies import Tally, added, tally_of

CHUNK = 25
"""How many duels a process takes at a time: enough to forget the handing over, few enough to see progress."""

Told = Callable[[int], None]
"""Called with the number of duels that are done, again and again."""

_rules: list[engine.Rulebook] = []


class Chunk(NamedTuple):
    pair: Pair
    first: int
    duels: int
    seed: str


def processors() -> int:
    return len(os.sched_getaffinity(0))


def simulate(
    pairs: Sequence[Pair], *, duels: int, seed: str, rulebook: engine.Rulebook, jobs: int, told: Told
) -> dict[Pair, Tally]:
    """Fight a number of duels for each pair."""
    chunks = list(_chunks(pairs, duels, seed))
    tallies = dict.fromkeys(pairs, Tally())
    done = 0
    for pair, tally in _results(chunks, rulebook, jobs):
        tallies[pair] = added(tallies[pair], tally)
        done += tally.duels
        told(done)
    return tallies


def _chunks(pairs: Sequence[Pair], duels: int, seed: str) -> Iterator[Chunk]:
    for pair in pairs:
        for first in range(0, duels, CHUNK):
            yield Chunk(pair, first, min(CHUNK, duels - first), seed)


def _results(chunks: list[Chunk], rulebook: engine.Rulebook, jobs: int) -> Iterator[tuple[Pair, Tally]]:
    if jobs == 1:
        _take(rulebook)
        yield from ((chunk.pair, _fought(chunk)) for chunk in chunks)
        return
    # A fork would copy the locks of threads in whatever state they are.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(rulebook,)) as pool:
        running: dict[Future[Tally], Pair] = {pool.submit(_fought, chunk): chunk.pair for chunk in chunks}
        yield from ((running[each], each.result()) for each in as_completed(running))


def _begin(rulebook: engine.Rulebook) -> None:
    """Begin a process that does nothing but fight."""
    _take(rulebook)
    interpreter.spare_the_collector()


def _take(rulebook: engine.Rulebook) -> None:
    """Keep the rules in this process: they are sent once, not with every chunk."""
    _rules[:] = [rulebook]


def _fought(chunk: Chunk) -> Tally:
    (rulebook,) = _rules
    first, second = chunk.pair
    numbers = range(chunk.first, chunk.first + chunk.duels)
    return tally_of(fight(first, second, number, chunk.seed, rulebook) for number in numbers)
