"""What a group is made of and how it strolls: choices of a private generator, inside its region."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from aether.protocol.base import Cell
from apps.world.definitions import Composition
from apps.world.rules.walking import neighbours

STEP_MS = 520
GROUP_MAX = 8


def compose(groups: Sequence[Composition], rng: Random) -> list[tuple[str, int]]:
    """Return the monsters of a new group with their levels, at least one and at most eight."""
    (chosen,) = rng.choices(groups, [group.weight for group in groups])
    monsters = [
        (kin.monster, rng.randint(*kin.level))
        for kin in chosen.monsters
        for _ in range(rng.randint(*kin.count))
    ]
    first = chosen.monsters[0]
    return monsters[:GROUP_MAX] or [(first.monster, rng.randint(*first.level))]


def stroll(region: Collection[Cell], start: Cell, steps: int, rng: Random) -> list[Cell]:
    """Return a walk inside a region, `start` first, that crosses no cell twice."""
    path = [start]
    for _ in range(rng.randint(1, steps)):
        ways = [cell for cell in neighbours(path[-1]) if cell in region and cell not in path]
        if not ways:
            break
        path.append(rng.choice(ways))
    return path
