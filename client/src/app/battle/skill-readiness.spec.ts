import { combatant, effect, skill } from './battle-cast';
import { isTargetSpent, leftOf, obstacleTo } from './skill-readiness';

const use = {
  skill: 'spark_throw',
  ready_at: 0,
  turn: 1,
  turn_uses: 1,
  turn_targets: [2],
  fight_uses: 1,
};
const limits = { cooldown: 0, per_turn: 0, per_target: 0, per_fight: 0 };

describe('obstacleTo', () => {
  it('is null when nothing stands in the way', () => {
    expect(obstacleTo(combatant(), skill())).toBeNull();
  });

  it('names the points that are missing', () => {
    expect(obstacleTo(combatant({ ap: 2 }), skill())).toBe('Needs 3 AP; you have 2.');
  });

  it('knows silence, from which basic skills are free', () => {
    const silenced = combatant({ effects: [effect({ kind: 'state', of: 'silence' })] });
    expect(obstacleTo(silenced, skill())).toBe('You are silenced.');
    expect(obstacleTo(silenced, skill({ tags: ['basic'] }))).toBeNull();
  });

  it('counts the turns of a rest', () => {
    const resting = combatant({ turns: 2, uses: [{ ...use, ready_at: 5 }] });
    expect(obstacleTo(resting, skill())).toBe('Ready again in 3 turns.');
  });

  it('keeps to the limit of a turn, which the next turn lifts', () => {
    const once = skill({ limits: { ...limits, per_turn: 1 } });
    expect(obstacleTo(combatant({ turns: 1, uses: [use] }), once)).toBe('Already used this turn.');
    expect(obstacleTo(combatant({ turns: 2, uses: [use] }), once)).toBeNull();
  });

  it('keeps to the limit of a target', () => {
    const once = skill({ limits: { ...limits, per_target: 1 } });
    expect(isTargetSpent(combatant({ uses: [use] }), once, 2)).toBe(true);
    expect(isTargetSpent(combatant({ uses: [use] }), once, 3)).toBe(false);
  });
});

describe('leftOf', () => {
  const brought = combatant({
    skills: [
      { id: 'spark_throw', rank: 0, item: '', uses: 0 },
      { id: 'chalk_bomb', rank: 0, item: 'chalk_bomb', uses: 2 },
    ],
  });
  const bomb = skill({ id: 'chalk_bomb', ap: 2 });
  const used = (times: number) => ({
    ...brought,
    uses: [{ ...use, skill: 'chalk_bomb', fight_uses: times }],
  });

  it('counts what is left of what was brought, and nothing for a skill', () => {
    expect(leftOf(brought, 'chalk_bomb')).toBe(2);
    expect(leftOf(used(1), 'chalk_bomb')).toBe(1);
    expect(leftOf(brought, 'spark_throw')).toBeNull();
  });

  it('is an obstacle when nothing is left', () => {
    expect(obstacleTo(used(1), bomb)).toBeNull();
    expect(obstacleTo(used(2), bomb)).toBe('You have used up what you brought.');
  });
});
