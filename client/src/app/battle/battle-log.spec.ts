import { BattleEvent, LastingEffect } from '../protocol/generated';
import { battle, combatant, monster } from './battle-cast';
import { LogWords, sentenceFor } from './battle-log';

const WORDS: LogWords = {
  name: (id) => (id === 1 ? 'Ash' : 'Skitter'),
  skill: (id) => id,
  element: (id) => id,
  state: (id) => id,
  line: (_, line) => line,
};
const MINE = combatant({ ap: 4, mp: 3, stats: { ap_max: 6, mp_max: 3 } });
const VIEW = battle(['......'], [MINE, monster({ cell: [3, 0] })]);

function said(event: BattleEvent): string | undefined {
  return sentenceFor(event, VIEW, WORDS)?.[0];
}

function points(ap: number, mp: number, ap_debt = 0, mp_debt = 0): BattleEvent {
  return { e: 'points_changed', who: 1, ap, mp, ap_debt, mp_debt, is_hidden: false };
}

function lasting(changes: Partial<LastingEffect>): LastingEffect {
  return {
    id: 9,
    key: 'mud',
    kind: 'mod',
    of: '',
    skill: 'mud',
    source: 1,
    anchor: 'bearer',
    anchor_id: 2,
    until: 3,
    value: 0,
    stacks: 1,
    pierce_pct: 0,
    is_harmful: false,
    is_dispellable: true,
    block: '',
    is_waiting: false,
    ...changes,
  };
}

function walk(path: readonly [number, number][], stopped: '' | 'gripped'): BattleEvent {
  return { e: 'moved', who: 2, path, mp: 0, stopped, is_hidden: false };
}

describe('the log of a battle', () => {
  it('says where everybody goes', () => {
    expect(said(walk([[4, 0]], ''))).toBe('Skitter goes to E1.');
    expect(said(walk([[4, 0]], 'gripped'))).toBe('Skitter goes to E1 and is held back.');
    expect(said(walk([], 'gripped'))).toBe('Skitter is held back.');
    expect(
      said({ e: 'displaced', who: 2, by: 1, cause: 'push', path: [[5, 0]], is_hidden: false }),
    ).toBe('Skitter is moved to F1.');
  });

  it('says what somebody lost, now or for the next turn', () => {
    expect(said(points(4, 3, 2))).toBe('Ash loses 2 action points.');
    expect(said(points(4, 1))).toBe('Ash loses 2 movement points.');
  });

  it('says what somebody bears, and when it grows', () => {
    const slow = lasting({ kind: 'mod', of: 'out_pct', value: -20, is_harmful: true });
    expect(said({ e: 'effect_applied', who: 2, effect: slow })).toBe(
      'mud on Skitter: -20 % damage dealt.',
    );
    const brand = lasting({ kind: 'dot', of: 'ember', value: 3 });
    const branded = battle(['......'], [MINE, monster({ cell: [3, 0], effects: [brand] })]);
    const again = { e: 'effect_changed', who: 2, effect_id: 9, value: 3, until: 4 } as const;
    const told = (stacks: number) =>
      sentenceFor({ ...again, stacks, is_waiting: false }, branded, WORDS)?.[0];
    expect(told(2)).toBe('mud on Skitter: 6 ember each turn.');
    expect(told(1)).toBeUndefined();
  });

  it('says who has won', () => {
    const ended = (winner: number): BattleEvent => ({
      e: 'battle_ended',
      winner,
      reason: 'eliminated',
      results: [],
    });
    expect(said(ended(MINE.team))).toBe('The battle is over. Victory: Ash.');
    expect(said(ended(-1))).toBe('The battle is over. Nobody has won.');
  });

  it('is silent about the points of a new turn', () => {
    expect(said(points(6, 3))).toBeUndefined();
  });
});
