import { battle, combatant, effect, monster } from './battle-cast';
import { reachOf, tollFor, tollShare } from './reach';

describe('tollShare', () => {
  it.each([
    [0, 0, 1],
    [0, 9, 1],
    [0, 10, 0],
    [9, 0, 1],
    [10, 0, 2],
    [25, 3, 3],
    [40, 0, 3],
    [12, 13, 1],
  ])('grip %i against evasion %i takes %i', (grip, evade, toll) => {
    expect(tollShare(grip, evade)).toBe(toll);
  });
});

describe('reachOf', () => {
  it('spends movement by the cost of the ground', () => {
    const walker = combatant({ cell: [0, 0], mp: 3 });
    const reach = reachOf(battle(['.2..'], [walker]), walker);
    expect([...reach.values()].map(({ cell, cost }) => [cell, cost])).toEqual([
      [[1, 0], 2],
      [[2, 0], 3],
    ]);
  });

  it('goes round walls, water and whoever is in the way', () => {
    const walker = combatant({ cell: [0, 0], mp: 4 });
    const foe = monster({ cell: [1, 2], effects: [effect({ kind: 'state', of: 'stun' })] });
    const reach = reachOf(battle(['.#.', '.~.', '...'], [walker, foe]), walker);
    expect([...reach.keys()]).toEqual(['0,1', '0,2']);
  });

  it('pays a toll to leave the side of an enemy, and not of a stunned one', () => {
    const walker = combatant({ cell: [1, 0], mp: 2 });
    const foe = monster({ cell: [0, 0] });
    const held = battle(['....'], [walker, foe]);
    expect(tollFor(held, walker, [1, 0])).toBe(1);
    expect([...reachOf(held, walker).keys()]).toEqual(['2,0']);
    const stunned = monster({ cell: [0, 0], effects: [effect({ kind: 'state', of: 'stun' })] });
    expect([...reachOf(battle(['....'], [walker, stunned]), walker).keys()]).toEqual([
      '2,0',
      '3,0',
    ]);
  });

  it('is empty for the rooted', () => {
    const walker = combatant({ effects: [effect({ kind: 'state', of: 'root' })] });
    expect(reachOf(battle(['...'], [walker]), walker).size).toBe(0);
  });
});
