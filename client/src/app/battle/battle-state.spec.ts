import { StreamUpdate } from '../connection/frames';
import { BattleEvent } from '../protocol/generated';
import { battle, combatant, monster } from './battle-cast';
import { BattleState, WordsFor, reduceBattle } from './battle-state';

const WORDS: WordsFor = (view) => ({
  name: (id) => view.combatants.find((each) => each.id === id)?.name ?? '?',
  skill: (id) => id,
  element: (id) => id,
  state: (id) => id,
  dodged: 'dodged',
  resisted: 'resisted',
  over: (what) => `${what} ends`,
  seen: 'seen',
  line: (_, line) => line,
  castElement: () => 'ember',
  area: ({ cell }) => ({ cells: [cell], element: 'ember' }),
});
const VIEW = battle(['......'], [combatant(), monster({ cell: [3, 0], name: 'Skitter' })]);
const CLOCK = { deadline: 30, bank_ms: 60_000 };
const HURT: BattleEvent = {
  e: 'damaged',
  who: 2,
  by: 1,
  cause: 'skill',
  element: 'ember',
  base: 9,
  amount: 9,
  absorbed: 2,
  lost: 7,
  is_dodged: false,
  hp: 13,
  hp_max: 20,
  redirected: 0,
};

function snapshot(): StreamUpdate {
  const d = { battle: VIEW, clock: CLOCK, site: null };
  return { t: 'combat.snapshot', s: 'battle:77', first: 4, last: 4, d };
}

function told(state: BattleState | null, ...events: BattleEvent[]): BattleState | null {
  const d = { events, clock: { deadline: 60, bank_ms: 0 } };
  return reduceBattle(state, { t: 'combat.events', s: 'battle:77', first: 5, last: 5, d }, WORDS);
}

describe('reduceBattle', () => {
  const state = reduceBattle(null, snapshot(), WORDS);

  it('begins with the snapshot, and knows nothing without one', () => {
    expect(state).toMatchObject({ stream: 'battle:77', clock: CLOCK, log: [], cues: [] });
    expect(told(null, HURT)).toBeNull();
  });

  it('folds events, says them in sentences and gives the board its cues', () => {
    const after = told(state, HURT);
    expect(after?.view.combatants[1]?.hp).toBe(13);
    expect(after?.clock.deadline).toBe(60);
    expect(after?.log.map(({ text }) => text)).toEqual([
      'Skitter loses 7 health (ember); the shield takes 2.',
    ]);
    expect(after?.cues.map(({ kind }) => kind)).toEqual(['shield', 'damage']);
  });

  it('numbers its cues and lines upwards, so that each is shown once', () => {
    const after = told(told(state, HURT), HURT);
    const ids = after?.cues.map(({ id }) => id) ?? [];
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(new Set(ids).size).toBe(4);
    expect(after?.log.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('shows a walk from where it began', () => {
    const after = told(state, {
      e: 'moved',
      who: 1,
      path: [[1, 0]],
      mp: 2,
      stopped: '',
      is_hidden: false,
    });
    const path = [
      [0, 0],
      [1, 0],
    ];
    expect(after?.cues).toEqual([{ id: 1, kind: 'walk', target: 1, path }]);
  });

  it('keeps what was said and shown when the same battle is told anew', () => {
    const again = reduceBattle(told(state, HURT), snapshot(), WORDS);
    expect(again?.log).toHaveLength(1);
    expect(told(again, HURT)?.cues.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });

  it('takes no news of another battle', () => {
    const d = { events: [HURT], clock: CLOCK };
    const other: StreamUpdate = { t: 'combat.events', s: 'battle:9', first: 5, last: 5, d };
    expect(reduceBattle(state, other, WORDS)).toBe(state);
  });
});
