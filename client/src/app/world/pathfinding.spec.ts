import { ZoneMap } from '../protocol/generated';
import { findWay } from './pathfinding';

/** `.` costs 1, `3` costs 3, `#` cannot be walked. */
function drawn(...rows: string[]): ZoneMap {
  const cells = rows.flatMap((row) => [...row]);
  return {
    walk: cells.map((cell) => (cell === '#' ? 0 : 1)),
    cost: cells.map((cell) => Number(cell) || 1),
    width: rows[0]?.length ?? 0,
    height: rows.length,
  } as unknown as ZoneMap;
}

describe('findWay', () => {
  it('leaves the first cell out and ends at the goal', () => {
    expect(findWay(drawn('...'), [0, 0], [2, 0])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('is empty where one stands already', () => {
    expect(findWay(drawn('...'), [1, 0], [1, 0])).toEqual([]);
  });

  it('takes the longer way when it is cheaper', () => {
    const way = findWay(drawn('.33.', '....'), [0, 0], [3, 0]);
    expect(way).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
      [3, 0],
    ]);
  });

  it('stops beside what cannot be stood on', () => {
    expect(findWay(drawn('...#'), [0, 0], [3, 0], 1)).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('is null when there is no way', () => {
    expect(findWay(drawn('.#.'), [0, 0], [2, 0])).toBeNull();
  });
});
