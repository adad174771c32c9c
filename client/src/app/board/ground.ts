/** What a map says about a cell. */
import { BoardMap, Cell } from './board-types';

export function isInside(map: BoardMap, [x, y]: Cell): boolean {
  return x >= 0 && y >= 0 && x < map.width && y < map.height;
}

export function isWalkable(map: BoardMap, cell: Cell): boolean {
  return isInside(map, cell) && Boolean(map.walk[cell[1] * map.width + cell[0]]);
}
