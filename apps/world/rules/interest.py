"""Who sees what on a map too large to be seen at once: the block where one stands, and those around it.

A small map is one block, where everybody sees everybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from aether.protocol.base import Cell
from apps.world.definitions import MapDef

BLOCK = 16
"""Cells on a side. Whoever stands at its edge still sees so far."""
WHOLE_UP_TO = 64
"""Cells on a side of a map that is seen whole."""

Block = tuple[int, int]

WHOLE: Block = (0, 0)


def is_seen_whole(drawn: MapDef) -> bool:
    """Tell if everybody on a map sees all of it."""
    return max(drawn.width, drawn.height) <= WHOLE_UP_TO


def block_at(cell: Cell) -> Block:
    """Return the block in which a cell lies."""
    return cell[0] // BLOCK, cell[1] // BLOCK


def around(block: Block) -> Iterator[Block]:
    """Yield the blocks that are seen from one, itself included; also such as no map has."""
    x, y = block
    for across in (-1, 0, 1):
        for down in (-1, 0, 1):
            yield x + across, y + down


def are_in_sight(one: Block, other: Block) -> bool:
    """Tell if what stands in one block is seen from the other."""
    return abs(one[0] - other[0]) <= 1 and abs(one[1] - other[1]) <= 1


def audience_of(block: Block) -> str:
    """Return what those who stand in a block are called, as the audience of their zone's stream."""
    return f"{block[0]},{block[1]}"
