import { Cell } from '../board/board-types';

export type Blocks = (cell: Cell) => boolean;

/**
 * Whether two cells see each other, centre to centre, in integers: blocked when the line crosses the
 * inside of a blocking cell or squeezes between two at a corner. The two ends never block.
 */
export function sees(from: Cell, to: Cell, blocks: Blocks): boolean {
  const nx = Math.abs(to[0] - from[0]);
  const ny = Math.abs(to[1] - from[1]);
  const sx = Math.sign(to[0] - from[0]);
  const sy = Math.sign(to[1] - from[1]);
  let [x, y] = from;
  let ix = 0;
  let iy = 0;
  while (ix < nx || iy < ny) {
    const lead = (1 + 2 * ix) * ny - (1 + 2 * iy) * nx;
    if (lead === 0 && blocks([x + sx, y]) && blocks([x, y + sy])) return false;
    if (lead <= 0) {
      x += sx;
      ix++;
    }
    if (lead >= 0) {
      y += sy;
      iy++;
    }
    if ((x !== to[0] || y !== to[1]) && blocks([x, y])) return false;
  }
  return true;
}
