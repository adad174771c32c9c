import { Cell } from '../board/board-types';
import { canAimAt, cellsHit, cellsInRange } from './aim';
import { battle, combatant, effect, monster, skill } from './battle-cast';
import { coveredCells } from './shapes';

const OPEN = ['.......', '.......', '.......', '.......', '.......', '.......', '.......'];

function sorted(cells: readonly Cell[]): string[] {
  return cells.map(([x, y]) => `${x},${y}`).sort();
}

describe('range', () => {
  it('counts steps, from the least to the most', () => {
    const caster = combatant({ cell: [0, 0] });
    const near = skill({ range: { min: 2, max: 2, modifiable: false, axis: false, los: false } });
    expect(sorted(cellsInRange(battle(OPEN, [caster]), caster, near))).toEqual([
      '0,2',
      '1,1',
      '2,0',
    ]);
  });

  it('grows with the bonus where it may, at most by three', () => {
    const caster = combatant({ cell: [0, 0], stats: { range: 9 } });
    const far = { min: 1, max: 1, axis: true, los: false };
    const modifiable = skill({ range: { ...far, modifiable: true } });
    const fixed = skill({ range: { ...far, modifiable: false } });
    expect(cellsInRange(battle(['.......'], [caster]), caster, modifiable)).toHaveLength(4);
    expect(cellsInRange(battle(['.......'], [caster]), caster, fixed)).toHaveLength(1);
  });

  it('ends at walls, and at bodies in between', () => {
    const caster = combatant({ cell: [0, 0] });
    const first = monster({ cell: [2, 0] });
    const behind = monster({ id: 3, cell: [4, 0] });
    const row = battle(['......'], [caster, first, behind]);
    expect(canAimAt(row, caster, skill(), [2, 0])).toBe(true);
    expect(canAimAt(row, caster, skill(), [4, 0])).toBe(false);
    const walled = battle(['.#....'], [caster, first]);
    expect(canAimAt(walled, caster, skill(), [2, 0])).toBe(false);
  });

  it('knows friend from foe, and free ground from taken', () => {
    const caster = combatant({ cell: [1, 0] });
    const foe = monster({ cell: [2, 0] });
    const board = battle(['...~'], [caster, foe]);
    expect(canAimAt(board, caster, skill({ target: ['ally'] }), [2, 0])).toBe(false);
    expect(canAimAt(board, caster, skill({ target: ['free_cell'] }), [0, 0])).toBe(true);
    expect(canAimAt(board, caster, skill({ target: ['free_cell'] }), [2, 0])).toBe(false);
    expect(canAimAt(board, caster, skill({ target: ['free_cell'] }), [3, 0])).toBe(false);
  });
});

describe('shapes', () => {
  const board = battle(OPEN, []).board;

  it.each<[Parameters<typeof coveredCells>[0], string[]]>([
    [{ type: 'single' }, ['3,3']],
    [{ type: 'circle', n: 1 }, ['2,3', '3,2', '3,3', '3,4', '4,3']],
    [{ type: 'ring', n: 1 }, ['2,3', '3,2', '3,4', '4,3']],
    [{ type: 'cross', n: 1 }, ['2,3', '3,2', '3,3', '3,4', '4,3']],
    [{ type: 'line', n: 3 }, ['3,3', '4,3', '5,3']],
    [{ type: 'bar', n: 1 }, ['3,2', '3,3', '3,4']],
    [{ type: 'cone', n: 2 }, ['2,3', '3,2', '3,3', '3,4']],
  ])('%j aimed to the east', (shape, cells) => {
    expect(sorted(coveredCells(shape, board, [3, 3], [1, 3]))).toEqual(cells);
  });

  it('a square is nine cells, the board all of them', () => {
    expect(coveredCells({ type: 'square', n: 1 }, board, [3, 3], [1, 3])).toHaveLength(9);
    expect(coveredCells({ type: 'board' }, board, [3, 3], [1, 3])).toHaveLength(49);
  });

  it('walls shelter what is behind them, seen from the centre', () => {
    const caster = combatant({ cell: [0, 0] });
    const blast = skill({ shape: { type: 'circle', n: 2 }, target: ['cell'] });
    const hit = sorted(
      cellsHit(
        battle(['......#..'], [caster, monster({ effects: [effect()] })]),
        caster,
        blast,
        [5, 0],
      ),
    );
    expect(hit).toEqual(['3,0', '4,0', '5,0', '6,0']);
  });
});
