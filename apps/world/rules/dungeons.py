"""Rules of dungeons: how strong monsters are, and the puzzle of a run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from aether.kernel import rng
from apps.world.dungeons import Guard


def hp_pct(members: int, *, base_pct: int, member_pct: int) -> int:
    """Return how much of their life monsters have against so many."""
    return base_pct + member_pct * members


def monsters_of(guards: Sequence[Guard], seed: bytes, members: int) -> tuple[tuple[str, int], ...]:
    """Return the monsters that a run has drawn, with their levels, of those who are there against so many."""
    found: list[tuple[str, int]] = []
    for number, guard in enumerate(guards):
        if guard.members > members:
            continue
        dice, index = rng.stream(seed, f"guard:{guard.monster}:{number}"), 0
        count = dice.below(guard.count[1] - guard.count[0] + 1, index)
        index = count.next_index
        for _ in range(guard.count[0] + count.value):
            level = dice.below(guard.level[1] - guard.level[0] + 1, index)
            index = level.next_index
            found.append((guard.monster, guard.level[0] + level.value))
    return tuple(found)


class Clue(NamedTuple):
    """`second` has to be pulled right after `first`; both are numbers of levers."""

    first: int
    second: int


class Solution(NamedTuple):
    """In which order levers are pulled, and what each inscription tells of it."""

    order: tuple[int, ...]
    clues: tuple[Clue, ...]


def solution(seed: bytes, room: str, levers: int) -> Solution:
    """Draw the puzzle of a room from the dice of a run. All clues together say the whole order."""
    dice = rng.stream(seed, f"puzzle:{room}")
    order, rolls = dice.shuffle(range(levers), 0)
    steps = [Clue(*pair) for pair in pairwise(order)]
    shuffled, _ = dice.shuffle(range(len(steps)), rolls[-1].next_index)
    return Solution(order, tuple(steps[number] for number in shuffled))


class Pulled(NamedTuple):
    """The levers that are down by now; none of them after a wrong one."""

    levers: tuple[int, ...]
    is_wrong: bool = False
    is_solved: bool = False


def pull(before: Sequence[int], lever: int, order: Sequence[int]) -> Pulled:
    """Pull a lever: the next one of the order stays down, any other lets all of them up again."""
    levers = (*before, lever)
    if levers != tuple(order[: len(levers)]):
        return Pulled((), is_wrong=True)
    return Pulled(levers, is_solved=len(levers) == len(order))
