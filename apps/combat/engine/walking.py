"""Walking: a full path, step by step, and the toll that nearby enemies take for leaving a cell."""

from __future__ import annotations

from aether.protocol.combat_events import Cell, MoveStop

from . import events as e
from .board import distance, is_walkable, move_cost, neighbours
from .refusals import Gripped, IllegalPath, NotEnoughMp, Rooted
from .resolution import Resolution
from .state import Battle, Combatant
from .stats import has_state, stat

PATH_MAX = 12
TOLL_MAX = 4
_EVADED_BY = 10


def walk(r: Resolution, who: int, path: tuple[Cell, ...]) -> None:
    """Walk as far as points and grip allow; refuse what the walker could know to be impossible."""
    walker = r.of(who)
    if has_state(walker, "root"):
        raise Rooted
    _check_path(r.battle, walker, path)
    taken, left, stopped = _steps(r.battle, walker, path)
    if not taken:
        _refuse_first_step(r.battle, walker, path[0])
    r.emit(e.Moved(who, path[:taken], left, stopped))


def toll(battle: Battle, walker: Combatant, cell: Cell) -> int:
    """Return what leaving a cell costs on top: each adjacent, able enemy takes its share."""
    evade = stat(battle, walker, "evade")
    shares = 0
    for enemy in battle.combatants:
        if enemy.team == walker.team or not enemy.is_alive or distance(enemy.cell, cell) != 1:
            continue
        if not has_state(enemy, "stun"):
            shares += toll_share(grip=stat(battle, enemy, "grip"), evade=evade)
    return min(TOLL_MAX, shares)


def toll_share(*, grip: int, evade: int) -> int:
    if evade >= grip + _EVADED_BY:
        return 0
    if evade > grip:
        return 1
    return min(3, 1 + (grip - evade) // 10)


def _check_path(battle: Battle, walker: Combatant, path: tuple[Cell, ...]) -> None:
    if not 1 <= len(path) <= PATH_MAX:
        raise IllegalPath
    previous = walker.cell
    for cell in path:
        if distance(previous, cell) != 1 or not is_walkable(battle.header.board, cell):
            raise IllegalPath
        if battle.standing_on(cell) is not None and cell != walker.cell:
            raise IllegalPath
        previous = cell


def _steps(battle: Battle, walker: Combatant, path: tuple[Cell, ...]) -> tuple[int, int, MoveStop]:
    """Return how many steps are walked, the points left, and what stopped the walk."""
    left, here = walker.mp, walker.cell
    for taken, cell in enumerate(path):
        cost = move_cost(battle.header.board, cell) + toll(battle, walker, here)
        if left < cost:
            return taken, left, "gripped"
        left, here = left - cost, cell
    return len(path), left, ""


def _refuse_first_step(battle: Battle, walker: Combatant, cell: Cell) -> None:
    cost = move_cost(battle.header.board, cell)
    if walker.mp < cost:
        raise NotEnoughMp(left=walker.mp, needed=cost)
    raise Gripped(left=walker.mp, needed=cost + toll(battle, walker, walker.cell))


def walkable(battle: Battle, walker: Combatant) -> dict[Cell, tuple[int, Cell]]:
    """Return each cell the walker can reach, tolls included: cell → (cost, previous cell)."""
    best: dict[Cell, tuple[int, Cell]] = {walker.cell: (0, walker.cell)}
    if has_state(walker, "root"):
        return best
    taken = {other.cell for other in battle.combatants if other.is_alive}
    board = battle.header.board
    frontier = [walker.cell]
    while frontier:
        following: list[Cell] = []
        for cell in frontier:
            leaving = best[cell][0] + toll(battle, walker, cell)
            for step in neighbours(cell):
                if step in taken or not is_walkable(board, step):
                    continue
                cost = leaving + move_cost(board, step)
                if cost <= walker.mp and (step not in best or cost < best[step][0]):
                    best[step] = (cost, cell)
                    following.append(step)
        frontier = following
    return best
