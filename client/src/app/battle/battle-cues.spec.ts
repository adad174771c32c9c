import { BattleEvent } from '../protocol/generated';
import { battle, combatant, effect, monster } from './battle-cast';
import { CueWords, cuesFor } from './battle-cues';

const WORDS: CueWords = {
  area: ({ cell }) => ({ cells: [cell], element: 'pure' }),
  dodged: 'dodged',
  state: (id) => `state ${id}`,
  resisted: 'resisted',
  seen: 'seen',
  line: (_, line) => line,
  castElement: () => 'pure',
  skill: (id) => `skill ${id}`,
  over: (what) => `${what} ends`,
};

function shown(event: BattleEvent, effects = [effect()]) {
  return cuesFor(event, battle(['..'], [combatant(), monster({ effects })]), WORDS);
}

describe('cues', () => {
  it('name what stays on somebody', () => {
    const burning = effect({ kind: 'dot', of: 'ember', skill: 'brand' });
    expect(shown({ e: 'effect_applied', who: 2, effect: burning })).toEqual([
      { kind: 'note', target: 2, text: 'skill brand' },
    ]);
  });

  it('name what ends, unless something takes its place', () => {
    const stun = effect({ kind: 'state', of: 'stun' });
    expect(shown({ e: 'effect_ended', who: 2, effect_id: 1, why: 'expired' }, [stun])).toEqual([
      { kind: 'note', target: 2, text: 'state stun ends' },
    ]);
    expect(shown({ e: 'effect_ended', who: 2, effect_id: 1, why: 'broken' })).toEqual([
      { kind: 'note', target: 2, text: 'skill brace ends' },
    ]);
    expect(shown({ e: 'effect_ended', who: 2, effect_id: 1, why: 'replaced' })).toEqual([]);
  });
});
