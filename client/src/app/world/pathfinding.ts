/** The cheapest way over a zone's map (A*), by the four neighbours. The server has the last word. */
import { Cell, cellKey } from '../board/board-types';
import { ZoneMap } from '../protocol/generated';

const STEPS: readonly Cell[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

interface Open {
  readonly cell: Cell;
  readonly cost: number;
  readonly estimate: number;
}

export function canWalk(map: ZoneMap, [x, y]: Cell): boolean {
  const isInside = x >= 0 && y >= 0 && x < map.width && y < map.height;
  return isInside && map.walk[y * map.width + x] === 1;
}

export function stepsBetween(a: Cell, b: Cell): number {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
}

/** The cells after `from` up to one that satisfies `isGoal`; null when there is no way. */
export function findWay(map: ZoneMap, from: Cell, goal: Cell, nearEnough = 0): Cell[] | null {
  const cameFrom = new Map<string, Cell | null>([[cellKey(from), null]]);
  const costs = new Map<string, number>([[cellKey(from), 0]]);
  const open: Open[] = [{ cell: from, cost: 0, estimate: stepsBetween(from, goal) }];
  while (open.length > 0) {
    const best = takeBest(open);
    if (stepsBetween(best.cell, goal) <= nearEnough) return retrace(cameFrom, best.cell);
    if (best.cost > (costs.get(cellKey(best.cell)) ?? Infinity)) continue;
    for (const cell of openNeighbours(map, best.cell)) {
      const cost = best.cost + costOf(map, cell);
      if (cost >= (costs.get(cellKey(cell)) ?? Infinity)) continue;
      costs.set(cellKey(cell), cost);
      cameFrom.set(cellKey(cell), best.cell);
      open.push({ cell, cost, estimate: cost + stepsBetween(cell, goal) });
    }
  }
  return null;
}

function costOf(map: ZoneMap, [x, y]: Cell): number {
  return Math.max(1, map.cost[y * map.width + x] ?? 1);
}

function openNeighbours(map: ZoneMap, [x, y]: Cell): Cell[] {
  return STEPS.map(([dx, dy]): Cell => [x + dx, y + dy]).filter((cell) => canWalk(map, cell));
}

/** A scan is quick enough: a zone has at most 128 × 128 cells, and the open ones are few. */
function takeBest(open: Open[]): Open {
  let index = 0;
  open.forEach((candidate, at) => {
    if (candidate.estimate < (open[index]?.estimate ?? Infinity)) index = at;
  });
  return open.splice(index, 1)[0] as Open;
}

function retrace(cameFrom: ReadonlyMap<string, Cell | null>, end: Cell): Cell[] {
  const way: Cell[] = [];
  for (let cell: Cell | null = end; cell; cell = cameFrom.get(cellKey(cell)) ?? null)
    way.push(cell);
  return way.reverse().slice(1);
}
