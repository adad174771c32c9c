/** The shortest way between two cells of a map, by the four neighbours. The server has the last word. */
import { BoardMap, Cell } from './board-types';

const STEPS: readonly Cell[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

export function isInside(map: BoardMap, [x, y]: Cell): boolean {
  return x >= 0 && y >= 0 && x < map.width && y < map.height;
}

export function isWalkable(map: BoardMap, cell: Cell): boolean {
  return isInside(map, cell) && Boolean(map.walk[cell[1] * map.width + cell[0]]);
}

/** The cells from `from` to `to`, both included, or null when there is no way. */
export function findPath(map: BoardMap, from: Cell, to: Cell): Cell[] | null {
  if (!isInside(map, from) || !isWalkable(map, to)) return null;
  const cameFrom = new Int32Array(map.width * map.height).fill(-1);
  const start = from[1] * map.width + from[0];
  const goal = to[1] * map.width + to[0];
  const queue = [start];
  cameFrom[start] = start;
  for (let head = 0; head < queue.length && cameFrom[goal] === -1; head++) {
    for (const next of openNeighbours(map, queue[head] ?? start)) {
      if (cameFrom[next] !== -1) continue;
      cameFrom[next] = queue[head] ?? start;
      queue.push(next);
    }
  }
  return cameFrom[goal] === -1 ? null : trace(map, cameFrom, start, goal);
}

/** The walkable cell next to `target` that is nearest to `from`: where to stand to use a thing. */
export function findPathBeside(map: BoardMap, from: Cell, target: Cell): Cell[] | null {
  const ways = STEPS.map(([dx, dy]) => findPath(map, from, [target[0] + dx, target[1] + dy]));
  return ways.reduce(
    (best, way) => (way && (!best || way.length < best.length) ? way : best),
    null,
  );
}

function openNeighbours(map: BoardMap, index: number): number[] {
  const x = index % map.width;
  const y = (index - x) / map.width;
  return STEPS.map(([dx, dy]): Cell => [x + dx, y + dy])
    .filter((cell) => isWalkable(map, cell))
    .map(([nx, ny]) => ny * map.width + nx);
}

function trace(map: BoardMap, cameFrom: Int32Array, start: number, goal: number): Cell[] {
  const path: Cell[] = [];
  for (let index = goal; ; index = cameFrom[index] ?? start) {
    const x = index % map.width;
    path.push([x, (index - x) / map.width]);
    if (index === start) return path.reverse();
  }
}
