/** Painted cells: hover, paths and the areas of a battle. */
import { Container, Graphics } from 'pixi.js';
import { Cell } from '../board-types';
import { TILE_HEIGHT, TILE_WIDTH, project } from '../projection';

export interface MarkStyle {
  readonly fill: number;
  readonly fillAlpha: number;
  readonly line: number;
  readonly lineAlpha: number;
  /** How much smaller than its cell the mark is, so that marks in one cell are told apart. */
  readonly inset: number;
}

export function paintCells(into: Graphics, cells: readonly Cell[], style: MarkStyle): void {
  for (const cell of cells) {
    into
      .poly(diamond(cell, style.inset))
      .fill({ color: style.fill, alpha: style.fillAlpha })
      .stroke({ color: style.line, alpha: style.lineAlpha, width: 1.5, alignment: 1 });
  }
}

/** Footsteps towards the last cell, which gets a ring. */
export function paintPath(into: Graphics, path: readonly Cell[], colour: number): void {
  path.slice(1).forEach((cell, index, steps) => {
    const { x, y } = project(cell[0], cell[1]);
    const isLast = index === steps.length - 1;
    into.ellipse(x, y, isLast ? 13 : 5, isLast ? 6.5 : 2.5);
    if (isLast) into.stroke({ color: colour, alpha: 0.95, width: 2.5 });
    else into.fill({ color: colour, alpha: 0.85 });
  });
}

export function gridLines(cells: readonly Cell[]): Container {
  const lines = new Graphics();
  for (const cell of cells) lines.poly(diamond(cell, 0));
  return lines.stroke({ color: 0x10201e, alpha: 0.3, width: 1 });
}

export function diamond([x, y]: Cell, inset: number): number[] {
  const centre = project(x, y);
  const halfWidth = TILE_WIDTH / 2 - inset * 2;
  const halfHeight = TILE_HEIGHT / 2 - inset;
  return [
    centre.x,
    centre.y - halfHeight,
    centre.x + halfWidth,
    centre.y,
    centre.x,
    centre.y + halfHeight,
    centre.x - halfWidth,
    centre.y,
  ];
}
