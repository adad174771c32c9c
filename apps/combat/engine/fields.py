"""Glyphs and traps: laid on the ground, fired by who is there at their moment, ended in time."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from aether.protocol.combat_values import Cell, Field, FieldMoment

from . import events as e
from .addresses import ground_of
from .board import distance, is_seen, is_walkable
from .definitions import AnyShape, Board, Single, Trap
from .enduring import end_field
from .resolution import Resolution
from .scene import Struck, passes
from .shapes import centre_of, direction, rows_of
from .state import Battle, BoardSpec
from .unfolding import run_block


def cells_of(battle: Battle, shape: AnyShape, centre: Cell) -> tuple[Cell, ...]:
    """Return the cells of ground that a shape covers around a centre, in sight of it, row by row."""
    board, cells = (
        battle.header.board,
        covered_cells(battle.header.board, shape, origin=centre, caster=centre),
    )
    if isinstance(shape, Single):
        return cells
    return tuple([cell for cell in cells if is_seen(board, centre, cell)])


def covered_cells(board: BoardSpec, shape: AnyShape, *, origin: Cell, caster: Cell) -> tuple[Cell, ...]:
    """Return the cells that can be walked on inside a shape, row by row."""
    if isinstance(shape, Board):
        cells = [(x, y) for y in range(board.height) for x in range(board.width)]
    else:
        left, top = centre_of(shape, origin=origin, caster=caster)
        cells = [(left + x, top + y) for x, y in rows_of(shape, direction(caster, origin))]
    return tuple([cell for cell in cells if is_walkable(board, cell)])


def lay_field(r: Resolution, field: Field, *, at_most: int) -> None:
    """Lay a field; of the same skill and source, the oldest beyond `at_most` go."""
    alike = [
        each
        for each in r.battle.fields
        if (each.kind, each.skill, each.source) == (field.kind, field.skill, field.source)
    ]
    for each in alike[: max(0, len(alike) + 1 - at_most)]:
        end_field(r, each)
    r.emit(e.FieldLaid(field))


def reveal_traps(r: Resolution, *, team: int, cells: Iterable[Cell]) -> None:
    """Show everybody the traps of other teams that have a cell among `cells`."""
    shown = set(cells)
    for field in r.battle.fields:
        is_unknown = field.kind == "trap" and field.team != team and not field.is_revealed
        if is_unknown and shown.intersection(field.cells):
            r.emit(e.FieldRevealed(replace(field, is_revealed=True)))


def is_watched(battle: Battle, cell: Cell) -> bool:
    """Tell whether entering a cell may set something off."""
    return any(
        cell in field.cells for field in battle.fields if field.kind == "trap" or field.when == "enter"
    )


def enter(r: Resolution, who: int) -> bool:
    """Fire what lies where somebody has just come to; tell whether that stops the motion."""
    cell = r.of(who).cell
    halts = False
    for field in r.battle.fields:
        if cell not in field.cells or not (field.kind == "trap" or field.when == "enter"):
            continue
        # What fired before may have thrown it elsewhere: then the rest does not meet it here.
        if r.of(who).cell == cell and _is_set_off(r, field, who):
            fire(r, field, who)
            ground = ground_of(r.rulebook, field.block)
            halts = halts or (isinstance(ground, Trap) and ground.halts)
    return halts or not r.of(who).is_alive or r.of(who).cell != cell


def fire_for(r: Resolution, who: int, when: FieldMoment) -> None:
    """Fire the glyphs under somebody whose turn begins or ends, oldest first."""
    for field in r.battle.fields:
        if field.when == when and r.of(who).cell in field.cells and _is_set_off(r, field, who):
            fire(r, field, who)


def expire_fields(r: Resolution, source: int) -> None:
    """End the fields of somebody whose time has come; some strike by that."""
    turns = r.of(source).turns
    for field in r.battle.fields:
        if field.source == source and field.until and field.until <= turns:
            if field.when == "expire":
                fire(r, field, 0)
            end_field(r, field)


def fire(r: Resolution, field: Field, who: int) -> None:
    """Let a field meet `who`; a trap, or a glyph whose time has come, meets all in its cells."""
    r.emit(e.FieldFired(field, who))
    struck = _in_cells(r.battle, field) if field.kind == "trap" or not who else (Struck(who, 0),)
    r.descend()
    run_block(r, field.block, caster=field.source, origin=field.centre, struck=struck, cause="field")
    r.depth -= 1


def _is_set_off(r: Resolution, field: Field, who: int) -> bool:
    other = r.of(who)
    is_thing = r.battle.build(other).kind == "object"
    if is_thing or not other.is_alive or field not in r.battle.fields:
        return False
    return passes(ground_of(r.rulebook, field.block).filter, r.of(field.source), other)


def _in_cells(battle: Battle, field: Field) -> tuple[Struck, ...]:
    inside = [
        (distance(each.cell, field.centre), each.slot, each.id)
        for each in battle.combatants
        if each.is_alive and each.cell in field.cells
    ]
    return tuple(Struck(who, away) for away, _, who in sorted(inside))
