"""Walking: a full path, step by step, and the toll that nearby enemies take for leaving a cell."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aether.protocol.combat_values import Cell, MoveStop

from . import events as e
from .board import distance, is_walkable, move_cost, neighbours, steps_over
from .fields import enter, is_watched
from .refusals import Gripped, IllegalPath, NotEnoughMp, Rooted
from .resolution import Resolution
from .state import Battle, BoardSpec, Combatant
from .stats import has_state, stat

PATH_MAX = 12
TOLL_MAX = 4
_EVADED_BY = 10

Reached = dict[Cell, tuple[int, Cell]]
Held = tuple[tuple[Cell, int], ...]


def walk(r: Resolution, who: int, path: tuple[Cell, ...]) -> None:
    """Walk as far as points and grip allow; refuse what the walker could know to be impossible.

    What lies on the way fires where it is entered, and may end the walk there.
    """
    walker = r.of(who)
    if has_state(walker, "root"):
        raise Rooted
    _check_path(r.battle, walker, path)
    is_first = True
    while path:
        taken, left, stopped = _steps(r.battle, r.of(who), path)
        if is_first and not taken and stopped == "gripped":
            _refuse_first_step(r.battle, walker, path[0])
        is_entering = taken > 0 and is_watched(r.battle, path[taken - 1])
        is_done = taken == len(path) or bool(stopped)
        r.emit(e.Moved(who, path[:taken], left, stopped, r.of(who).is_hidden))
        if (is_entering and (enter(r, who) or has_state(r.of(who), "root"))) or is_done:
            return
        path, is_first = path[taken:], False


def toll(battle: Battle, walker: Combatant, cell: Cell) -> int:
    """Return what leaving a cell costs on top: each adjacent, able enemy takes its share."""
    evade = stat(battle, walker, "evade")
    shares = 0
    for enemy in battle.combatants:
        if enemy.team != walker.team and distance(enemy.cell, cell) == 1 and _holds(battle, enemy):
            shares += toll_share(grip=stat(battle, enemy, "grip"), evade=evade)
    return min(TOLL_MAX, shares)


def _holds(battle: Battle, enemy: Combatant) -> bool:
    """Tell whether somebody is able to hold whoever leaves its side."""
    if not enemy.is_alive or enemy.is_hidden or battle.builds[enemy.slot].kind == "object":
        return False
    return not (enemy.effects and has_state(enemy, "stun"))


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
        if battle.seen_on(cell, walker.team) is not None and cell != walker.cell:
            raise IllegalPath
        previous = cell


def _steps(battle: Battle, walker: Combatant, path: tuple[Cell, ...]) -> tuple[int, int, MoveStop]:
    """Return how many steps are walked before something may fire, the points left, and what stops there."""
    left, here = walker.mp, walker.cell
    for taken, cell in enumerate(path):
        cost = move_cost(battle.header.board, cell) + toll(battle, walker, here)
        if left < cost:
            return taken, left, "gripped"
        standing = battle.standing_on(cell)
        if standing is not None and standing.id != walker.id:
            return taken, left, "obstructed"
        left, here = left - cost, cell
        if battle.fields and is_watched(battle, cell):
            return taken + 1, left, ""
    return len(path), left, ""


def _refuse_first_step(battle: Battle, walker: Combatant, cell: Cell) -> None:
    cost = move_cost(battle.header.board, cell)
    if walker.mp < cost:
        raise NotEnoughMp(left=walker.mp, needed=cost)
    raise Gripped(left=walker.mp, needed=cost + toll(battle, walker, walker.cell))


def walkable(battle: Battle, walker: Combatant) -> Reached:
    """Return each cell the walker can reach, tolls included: cell → (cost, previous cell)."""
    if has_state(walker, "root"):
        return {walker.cell: (0, walker.cell)}
    taken, held = taken_for(battle, walker), dict(held_by(battle, walker))
    return reached_from(battle.header.board, walker.cell, walker.mp, taken=taken, held=held)


def taken_for(battle: Battle, walker: Combatant) -> frozenset[Cell]:
    """Return the cells where the walker knows somebody to stand."""
    return frozenset(
        [
            other.cell
            for other in battle.combatants
            if other.is_alive and not (other.is_hidden and other.team != walker.team)
        ]
    )


def held_by(battle: Battle, walker: Combatant) -> Held:
    """Return all cells that cost a toll to leave, and how much."""
    evade = stat(battle, walker, "evade")
    held: dict[Cell, int] = {}
    for enemy in battle.combatants:
        if enemy.team != walker.team and _holds(battle, enemy):
            share = toll_share(grip=stat(battle, enemy, "grip"), evade=evade)
            for cell in neighbours(enemy.cell) if share else ():
                held[cell] = min(TOLL_MAX, held.get(cell, 0) + share)
    return tuple(held.items())


def reached_from(
    board: BoardSpec, start: Cell, mp: int, *, taken: Collection[Cell], held: Mapping[Cell, int]
) -> Reached:
    """Return each cell within so many points, tolls included: cell → (cost, previous cell)."""
    best: Reached = {start: (0, start)}
    ground = steps_over(board)
    frontier = [start]
    while frontier:
        following: list[Cell] = []
        for cell in frontier:
            left = mp - best[cell][0] - held.get(cell, 0)
            if left <= 0:
                continue
            for step, price in ground[cell]:
                if price > left or step in taken:
                    continue
                cost = mp - left + price
                if step not in best or cost < best[step][0]:
                    best[step] = (cost, cell)
                    following.append(step)
        frontier = following
    return best
