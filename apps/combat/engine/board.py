"""The board: cells, terrain, exact line of sight, walking distance and placement. Integers only."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from aether.protocol.combat_values import Cell

from .refusals import NoRoom
from .state import BoardSpec

SIDE_MAX = 24
STEPS = ((0, -1), (-1, 0), (1, 0), (0, 1))

_WALKABLE = frozenset("13579bdf")
_BLOCKS_SIGHT = frozenset("2367abef")
_PLACEMENT_SIZE = 8
_PLACEMENT_GAP = 3


def terrain_digit(*, walk: bool, los_block: bool = False, cost: int = 1) -> str:
    """Return the terrain code of one cell; `cost` is 1..3."""
    return f"{int(walk) | int(los_block) << 1 | (cost - 1) << 2:x}"


def board_of(
    rows: Iterable[str], *, tags: Iterable[tuple[int, int, str]] = (), legend: str = ".#~,"
) -> BoardSpec:
    """Draw a board: floor, wall, pit (seen over, not walked), tall growth (walked, not seen through)."""
    floor, wall, pit, growth = tuple(legend)
    digits = {
        floor: terrain_digit(walk=True),
        wall: terrain_digit(walk=False, los_block=True),
        pit: terrain_digit(walk=False),
        growth: terrain_digit(walk=True, los_block=True),
        "2": terrain_digit(walk=True, cost=2),
        "3": terrain_digit(walk=True, cost=3),
    }
    drawn = [[digits[cell] for cell in row] for row in rows]
    terrain = "".join(digit for row in drawn for digit in row)
    return BoardSpec(width=len(drawn[0]), height=len(drawn), terrain=terrain, tags=tuple(tags))


def is_on(board: BoardSpec, cell: Cell) -> bool:
    return 0 <= cell[0] < board.width and 0 <= cell[1] < board.height


def is_walkable(board: BoardSpec, cell: Cell) -> bool:
    x, y = cell
    if not (0 <= x < board.width and 0 <= y < board.height):
        return False
    return board.terrain[y * board.width + x] in _WALKABLE


def blocks_sight(board: BoardSpec, cell: Cell) -> bool:
    return board.terrain[cell[1] * board.width + cell[0]] in _BLOCKS_SIGHT


def move_cost(board: BoardSpec, cell: Cell) -> int:
    return (int(board.terrain[cell[1] * board.width + cell[0]], 16) >> 2) + 1


def has_tag(board: BoardSpec, cell: Cell, tag: str) -> bool:
    return (cell[0], cell[1], tag) in board.tags


@lru_cache(maxsize=64)
def steps_over(board: BoardSpec) -> Mapping[Cell, tuple[tuple[Cell, int], ...]]:
    """Return for each cell the walkable ones beside it, and what it costs to enter them."""
    cells = [(x, y) for y in range(board.height) for x in range(board.width)]
    price = {cell: move_cost(board, cell) for cell in cells if is_walkable(board, cell)}
    return {cell: tuple([(to, price[to]) for to in neighbours(cell) if to in price]) for cell in cells}


def distance(one: Cell, other: Cell) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def neighbours(cell: Cell) -> Iterator[Cell]:
    for dx, dy in STEPS:
        yield cell[0] + dx, cell[1] + dy


def within(centre: Cell, n: int) -> Iterator[Cell]:
    """Yield the cells at most so far away, on the board or not, row by row."""
    x, y = centre
    for dy in range(-n, n + 1):
        for dx in range(abs(dy) - n, n - abs(dy) + 1):
            yield x + dx, y + dy


def is_seen(board: BoardSpec, start: Cell, end: Cell, blockers: Collection[Cell] = ()) -> bool:
    """Tell whether the centres of two cells see each other; the ends never block.

    Blocked exactly when the segment crosses the open interior of a blocking cell, or squeezes
    between two blocking cells at a corner. Grazing one corner is free.
    """
    terrain, width = board.terrain, board.width
    x, y = start
    step_x, step_y = (1 if end[0] > x else -1), (1 if end[1] > y else -1)
    left_x, left_y = abs(end[0] - x), abs(end[1] - y)
    # `lead` compares the next crossings of a column and of a row; both sides are doubled integers.
    lead, lead_x, lead_y = left_y - left_x, 2 * left_y, 2 * left_x

    def is_blocked(at_x: int, at_y: int) -> bool:
        return terrain[at_y * width + at_x] in _BLOCKS_SIGHT or (at_x, at_y) in blockers

    while left_x or left_y:
        if lead == 0 and is_blocked(x + step_x, y) and is_blocked(x, y + step_y):
            return False
        previous = lead
        if previous <= 0:
            x, left_x, lead = x + step_x, left_x - 1, lead + lead_x
        if previous >= 0:
            y, left_y, lead = y + step_y, left_y - 1, lead - lead_y
        if (left_x or left_y) and is_blocked(x, y):
            return False
    return True


def reachable(
    board: BoardSpec, start: Cell, *, budget: int, taken: Collection[Cell]
) -> dict[Cell, tuple[int, Cell]]:
    """Return each cell within a walking cost, ignoring grip: cell → (cost, previous cell)."""
    best: dict[Cell, tuple[int, Cell]] = {start: (0, start)}
    frontier = deque([start])
    while frontier:
        cell = frontier.popleft()
        spent = best[cell][0]
        for following in neighbours(cell):
            if following in taken or not is_walkable(board, following):
                continue
            cost = spent + move_cost(board, following)
            if cost <= budget and (following not in best or cost < best[following][0]):
                best[following] = (cost, cell)
                frontier.append(following)
    return best


@lru_cache(maxsize=512)
def walking_distances(board: BoardSpec, goals: tuple[Cell, ...]) -> Mapping[Cell, int]:
    """Return how many steps each cell is from the nearest goal, as if nobody stood in the way."""
    ground, steps = steps_over(board), dict.fromkeys(goals, 0)
    frontier, far = list(goals), 0
    while frontier:
        far += 1
        reached: list[Cell] = []
        for cell in frontier:
            for following, _ in ground[cell]:
                if following not in steps:
                    steps[following] = far
                    reached.append(following)
        frontier = reached
    return steps


def path_to(reached: dict[Cell, tuple[int, Cell]], goal: Cell) -> tuple[Cell, ...]:
    """Return the way to a reached cell, without the starting cell."""
    path = []
    while reached[goal][1] != goal:
        path.append(goal)
        goal = reached[goal][1]
    return tuple(reversed(path))


@lru_cache(maxsize=512)
def placement_cells(
    board: BoardSpec, *, contact: Cell, teams: tuple[int, int]
) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Choose where two teams may start around a contact cell, or refuse with `NoRoom`.

    The second team stands nearest to the contact cell; the first stands at least three cells off.
    """
    free = list(reachable(board, contact, budget=board.width * board.height * 3, taken=()))
    theirs = free[: max(_PLACEMENT_SIZE, teams[1])]
    ours = _at_distance(free, theirs, wanted=max(_PLACEMENT_SIZE, teams[0]))
    while len(theirs) > teams[1] and len(ours) < teams[0]:
        theirs = theirs[:-1]
        ours = _at_distance(free, theirs, wanted=max(_PLACEMENT_SIZE, teams[0]))
    if len(theirs) < teams[1] or len(ours) < teams[0]:
        raise NoRoom(cells=len(free))
    return tuple(ours), tuple(theirs)


def _at_distance(free: list[Cell], others: list[Cell], *, wanted: int) -> list[Cell]:
    apart = (cell for cell in free if all(distance(cell, other) >= _PLACEMENT_GAP for other in others))
    return [cell for cell, _ in zip(apart, range(wanted), strict=False)]
