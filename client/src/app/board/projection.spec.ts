import { cellAt, mapBounds, project } from './projection';

describe('projection', () => {
  it('x goes down to the right, y down to the left', () => {
    expect(project(1, 0)).toEqual({ x: 32, y: 16 });
    expect(project(0, 1)).toEqual({ x: -32, y: 16 });
  });

  it('the centre of every cell lies in that cell', () => {
    for (let y = 0; y < 48; y++) {
      for (let x = 0; x < 48; x++) expect(cellAt(project(x, y))).toEqual([x, y]);
    }
  });

  it('a point near the border of a cell still lies in it', () => {
    const centre = project(7, 3);
    for (const [dx, dy] of [
      [29, 0],
      [-29, 0],
      [0, 14],
      [0, -14],
    ] as const) {
      expect(cellAt({ x: centre.x + dx, y: centre.y + dy })).toEqual([7, 3]);
    }
  });

  it('the bounds of a map hold the corners of its outermost cells', () => {
    expect(mapBounds(4, 2)).toEqual({ left: -64, right: 128, top: -16, bottom: 80 });
  });
});
