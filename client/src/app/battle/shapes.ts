/** Which cells a skill covers when it is aimed at a cell. */
import { Cell } from '../board/board-types';
import { ShapeInfo } from '../catalogue/catalogue';
import { BoardView } from '../protocol/generated';
import { allCells, isOn } from './terrain';

export function coveredCells(
  shape: ShapeInfo,
  board: BoardView,
  origin: Cell,
  caster: Cell,
): Cell[] {
  return cellsOf(shape, board, origin, caster).filter((cell) => isOn(board, cell));
}

function cellsOf(shape: ShapeInfo, board: BoardView, origin: Cell, caster: Cell): Cell[] {
  switch (shape.type) {
    case 'single':
      return [origin];
    case 'board':
      return allCells(board);
    case 'line':
      return turned(
        span(0, shape.n - 1).map((ahead) => [ahead, 0]),
        origin,
        facing(caster, origin),
      );
    case 'bar':
      return turned(
        span(-shape.n, shape.n).map((side) => [0, side]),
        origin,
        facing(caster, origin),
      );
    case 'cone':
      return turned(cone(shape.n), caster, facing(caster, origin));
    default:
      return around(shape.type, shape.n).map(([x, y]) => [origin[0] + x, origin[1] + y]);
  }
}

/** One step along the longer of the two ways. */
function facing(from: Cell, to: Cell): Cell {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  return Math.abs(dx) >= Math.abs(dy) ? [Math.sign(dx), 0] : [0, Math.sign(dy)];
}

function span(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

function around(type: 'circle' | 'ring' | 'cross' | 'square', n: number): Cell[] {
  const square = span(-n, n).flatMap((y) => span(-n, n).map((x): Cell => [x, y]));
  return square.filter(([x, y]) => {
    if (type === 'circle') return Math.abs(x) + Math.abs(y) <= n;
    if (type === 'ring') return Math.abs(x) + Math.abs(y) === n;
    return type === 'square' || x === 0 || y === 0;
  });
}

function cone(n: number): Cell[] {
  return span(1, n).flatMap((ahead) =>
    span(1 - ahead, ahead - 1).map((side): Cell => [ahead, side]),
  );
}

/** Offsets are (ahead, sideways) as seen by somebody who faces that way. */
function turned(offsets: Cell[], [x, y]: Cell, [fx, fy]: Cell): Cell[] {
  return offsets.map(([ahead, side]) => [x + ahead * fx - side * fy, y + ahead * fy + side * fx]);
}
