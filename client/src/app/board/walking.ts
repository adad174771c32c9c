/** Where a walker is at a moment: between the cells of the path that the server gave. */
import { Cell, Walk } from './board-types';

export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly isWalking: boolean;
}

export function placementAt(walk: Walk | null, cell: Cell, now: number): Placement {
  const last = walk?.path.at(-1);
  if (!walk || !last || walk.stepMs <= 0) return standing(cell);
  const steps = Math.max(0, (now - walk.startedAt) / walk.stepMs);
  const index = Math.floor(steps);
  const from = walk.path[index];
  const to = walk.path[index + 1];
  if (!from || !to) return standing(last);
  const part = steps - index;
  return {
    x: from[0] + (to[0] - from[0]) * part,
    y: from[1] + (to[1] - from[1]) * part,
    isWalking: true,
  };
}

/** The cell that the walker stands on or is about to reach: where a new path has to begin. */
export function nextCell(walk: Walk | null, cell: Cell, now: number): Cell {
  if (!walk || walk.path.length === 0 || walk.stepMs <= 0) return cell;
  const reached = Math.ceil(Math.max(0, now - walk.startedAt) / walk.stepMs);
  return walk.path[Math.min(reached, walk.path.length - 1)] ?? cell;
}

function standing(cell: Cell): Placement {
  return { x: cell[0], y: cell[1], isWalking: false };
}
