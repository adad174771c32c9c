"""Blocks of cells, by which it is counted where people stand."""

from __future__ import annotations

from aether.protocol.base import Cell

BLOCK = 4
"""Cells on a side."""


def block_of(cell: Cell) -> Cell:
    """Return the block in which a cell lies."""
    return cell[0] // BLOCK, cell[1] // BLOCK
