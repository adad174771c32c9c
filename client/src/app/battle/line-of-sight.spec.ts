import { Cell } from '../board/board-types';
import { sees } from './line-of-sight';

const ROWS = ['........', '..#.....', '.#......', '....#...', '...#....', '........'];
const blocks = ([x, y]: Cell) => ROWS[y]?.[x] === '#';

describe('sees', () => {
  it.each<[Cell, Cell, boolean]>([
    [[0, 0], [3, 3], false],
    [[1, 1], [2, 2], false],
    [[0, 1], [3, 1], false],
    [[0, 0], [7, 1], true],
    [[2, 3], [5, 4], false],
    [[0, 5], [5, 0], true],
    [[3, 3], [4, 4], false],
    [[0, 3], [7, 3], false],
  ])('from %j to %j: %s, both ways', (from, to, expected) => {
    expect(sees(from, to, blocks)).toBe(expected);
    expect(sees(to, from, blocks)).toBe(expected);
  });

  it('neighbours always see each other', () => {
    expect(sees([2, 1], [3, 1], () => true)).toBe(true);
  });
});
