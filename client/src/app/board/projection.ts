/** The isometric projection: cells to pixels of the unscaled world, and back. */
import { Cell } from './board-types';

export const TILE_WIDTH = 64;
export const TILE_HEIGHT = 32;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The centre of a cell; fractions are places between cells. */
export function project(x: number, y: number): Point {
  return { x: ((x - y) * TILE_WIDTH) / 2, y: ((x + y) * TILE_HEIGHT) / 2 };
}

/** The cell whose diamond holds the point. It may lie outside of the map. */
export function cellAt(point: Point): Cell {
  const across = point.x / TILE_WIDTH;
  const down = point.y / TILE_HEIGHT;
  return [Math.round(down + across), Math.round(down - across)];
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What a map of this size covers, from the outermost corners of its cells. */
export function mapBounds(width: number, height: number): Bounds {
  return {
    left: project(0, height - 1).x - TILE_WIDTH / 2,
    right: project(width - 1, 0).x + TILE_WIDTH / 2,
    top: -TILE_HEIGHT / 2,
    bottom: project(width - 1, height - 1).y + TILE_HEIGHT / 2,
  };
}
