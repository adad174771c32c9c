import { Walk } from './board-types';
import { nextCell, placementAt } from './walking';

const walk: Walk = {
  path: [
    [2, 2],
    [3, 2],
    [3, 3],
  ],
  startedAt: 1000,
  stepMs: 200,
};

describe('placementAt', () => {
  it('stands on its cell without a walk', () => {
    expect(placementAt(null, [5, 6], 0)).toEqual({ x: 5, y: 6, isWalking: false });
  });

  it('is between two cells in the middle of a step', () => {
    const { x, y, isWalking } = placementAt(walk, [3, 3], 1300);
    expect([x, y, isWalking]).toEqual([3, 2.5, true]);
  });

  it('waits on the first cell before the walk begins', () => {
    expect(placementAt(walk, [3, 3], 500)).toMatchObject({ x: 2, y: 2 });
  });

  it('stands on the last cell when the walk is over', () => {
    expect(placementAt(walk, [3, 3], 5000)).toEqual({ x: 3, y: 3, isWalking: false });
  });

  it('a path of one cell means standing there', () => {
    const still = { ...walk, path: [[4, 1]] as const };
    expect(placementAt(still, [4, 1], 1100)).toEqual({ x: 4, y: 1, isWalking: false });
  });
});

describe('nextCell', () => {
  it('is the cell that is about to be reached', () => {
    expect(nextCell(walk, [3, 3], 1050)).toEqual([3, 2]);
    expect(nextCell(walk, [3, 3], 1250)).toEqual([3, 3]);
  });

  it('is the end of the path once it is walked', () => {
    expect(nextCell(walk, [3, 3], 9000)).toEqual([3, 3]);
  });
});
