/** The ground of a battle: one hex digit a cell; bit 0 walkable, bit 1 blocks sight, bits 2–3 cost − 1. */
import { BoardView } from '../protocol/generated';
import { Cell } from '../board/board-types';

const STEPS: readonly Cell[] = [
  [0, -1],
  [-1, 0],
  [1, 0],
  [0, 1],
];

export function isOn(board: BoardView, [x, y]: Cell): boolean {
  return x >= 0 && y >= 0 && x < board.width && y < board.height;
}

function digit(board: BoardView, [x, y]: Cell): number {
  return Number.parseInt(board.terrain[y * board.width + x] ?? '0', 16);
}

export function isWalkable(board: BoardView, cell: Cell): boolean {
  return isOn(board, cell) && (digit(board, cell) & 1) === 1;
}

export function blocksSight(board: BoardView, cell: Cell): boolean {
  return isOn(board, cell) && (digit(board, cell) & 2) === 2;
}

export function moveCost(board: BoardView, cell: Cell): number {
  return (digit(board, cell) >> 2) + 1;
}

export function distance(a: Cell, b: Cell): number {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
}

export function neighbours([x, y]: Cell): Cell[] {
  return STEPS.map(([dx, dy]): Cell => [x + dx, y + dy]);
}

export function allCells(board: BoardView): Cell[] {
  return Array.from({ length: board.width * board.height }, (_, index): Cell => [
    index % board.width,
    Math.floor(index / board.width),
  ]);
}
