import { describe, expect, it } from 'vitest';
import { ConditionInfo } from '../catalogue/catalogue';
import { LastingEffect } from '../protocol/generated';
import { holds, isAboutCaster } from './conditions';

function asks(parts: Partial<ConditionInfo>): ConditionInfo {
  return { state: null, effect: null, hp_below_pct: null, present: true, ...parts };
}

function bearer(...states: string[]) {
  const effects = states.map((of) => ({ kind: 'state', of, key: of }) as unknown as LastingEffect);
  return { effects, hp: 10, hp_max: 100 };
}

const ROOTED = asks({ state: 'root' });
const SILENT = asks({ state: 'silence' });

describe('conditions', () => {
  it('hold when all, any or none of those inside do', () => {
    const both = asks({ all: [ROOTED, SILENT] });
    const either = asks({ any: [ROOTED, SILENT] });
    const neither = asks({ not: either });
    const told = (who: ReturnType<typeof bearer>) =>
      [both, either, neither].map((each) => holds(each, who, who));
    expect(told(bearer('root', 'silence'))).toEqual([true, true, false]);
    expect(told(bearer('silence'))).toEqual([false, true, false]);
    expect(told(bearer())).toEqual([false, false, true]);
  });

  it('ask of each its own', () => {
    const mixed = asks({ all: [ROOTED, asks({ of: 'target', state: 'silence' })] });
    expect(holds(mixed, bearer('root'), bearer('silence'))).toBe(true);
    expect(holds(mixed, bearer('silence'), bearer('root'))).toBe(false);
    expect(isAboutCaster(mixed)).toBe(false);
    expect(isAboutCaster(asks({ not: ROOTED }))).toBe(true);
  });
});
