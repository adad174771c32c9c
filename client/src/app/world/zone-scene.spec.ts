import { GroupSeen } from '../protocol/generated';
import { dangerOf, groupName, groupSign } from './zone-scene';

const SKITTERS: GroupSeen = {
  kind: 'group',
  id: 3,
  monsters: [
    ['mud_skitter', 2],
    ['mud_skitter', 3],
  ],
  cell: [1, 1],
  path: [],
  started_at: 0,
  step_ms: 0,
  is_in_battle: false,
  bonus_pct: 0,
  prey: null,
};

describe('a group as it is shown', () => {
  it('says who is in it, and of what level', () => {
    expect(groupName(SKITTERS, () => 'Mud Skitter')).toBe('2 × Mud Skitter (2–3)');
  });

  it('has a star for each fifth that it is worth more', () => {
    expect(groupSign(SKITTERS, 'Skitters (2)', 7)).toBe('Skitters (2)');
    expect(groupSign({ ...SKITTERS, bonus_pct: 40 }, 'Skitters (2)', 7)).toBe(
      'Skitters (2) ★★ +40 %',
    );
  });

  it('warns whom it is after, and nobody else', () => {
    expect(groupSign({ ...SKITTERS, prey: 7 }, 'Skitters (2)', 7)).toContain('seen you');
    expect(groupSign({ ...SKITTERS, prey: 8 }, 'Skitters (2)', 7)).toBe('Skitters (2)');
    expect(groupSign({ ...SKITTERS, prey: null }, 'Skitters (2)', undefined)).toBe('Skitters (2)');
  });

  it('is as dangerous as its strongest is ahead, and as they are many', () => {
    expect(dangerOf(SKITTERS, 9)).toBe('easy');
    expect(dangerOf(SKITTERS, 3)).toBe('even');
    expect(dangerOf(SKITTERS, 1)).toBe('hard');
    const many = Array.from({ length: 6 }, (): [string, number] => ['mud_skitter', 2]);
    expect(dangerOf({ ...SKITTERS, monsters: many }, 1)).toBe('deadly');
  });
});
