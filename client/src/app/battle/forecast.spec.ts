import { SkillInfo } from '../catalogue/catalogue';
import { BattleView } from '../protocol/generated';
import { battle, combatant, monster, skill } from './battle-cast';
import { canAimAt } from './aim';
import { Outcome, forecastOf } from './forecast';
import { Known } from './forecast-scene';
/** Made by the engine itself: `python -m tests.combat.engine.test_forecasts`. */
import made from './forecast-cases.json';

interface Case {
  readonly world: number;
  readonly skill: string;
  readonly rank: number;
  readonly cell: [number, number];
  readonly normal: object;
  readonly critical: object | null;
}

const WORLDS = made.worlds as unknown as readonly BattleView[];
const CASES = made.cases as unknown as readonly Case[];
const SKILLS = made.skills as unknown as Readonly<Record<string, SkillInfo>>;

const KNOWN: Known = {
  skills: SKILLS,
  tags: made.tags as unknown as Known['tags'],
  battle: made.battle,
};

function plain(outcome: Outcome | null): object | null {
  return outcome && Object.fromEntries(outcome);
}

function taught(world: BattleView, id: string, rank: number): BattleView {
  const combatants = world.combatants.map((each) =>
    each.slot === 0 ? { ...each, skills: [{ id, rank, item: '', uses: 0 }] } : each,
  );
  return { ...world, combatants };
}

describe('a forecast', () => {
  for (const id of Object.keys(SKILLS)) {
    it(`says of ${id} what the engine does`, () => {
      for (const { world, rank, cell, normal, critical } of CASES.filter(
        (each) => each.skill === id,
      )) {
        const known = taught(WORLDS[world]!, id, rank);
        const caster = known.combatants[0]!;
        const found = forecastOf(known, caster, SKILLS[id]!, cell, KNOWN);
        expect(canAimAt(known, caster, SKILLS[id]!, cell)).toBe(true);
        expect({ normal: plain(found.normal), critical: plain(found.critical) }).toEqual({
          normal,
          critical,
        });
      }
    });
  }

  it('wears by wounds what the content says, and as usual where it says nothing', () => {
    const caster = combatant({ cell: [0, 0] });
    const target = monster({ cell: [2, 0], hp: 100, hp_max: 100, hp_full: 100 });
    const blow = { type: 'damage', filter: 'any', element: 'pure', min: 40, max: 40 } as const;
    const balm = { type: 'heal', filter: 'any', min: 100, max: 100 } as const;
    const both = skill({ ranks: [{ effects: [blow, balm] }] });
    const healed = (known: Known['battle']) =>
      forecastOf(battle(['.....'], [caster, target]), caster, both, [2, 0], {
        ...KNOWN,
        battle: known,
      }).normal.get(2)?.healed;
    expect(healed({})).toEqual([36, 36]);
    expect(healed(made.battle)).toEqual([36, 36]);
    expect(healed({ rules: { wear: { pct: 50, floor_pct: 30 } } })).toEqual([20, 20]);
    expect(healed({ rules: { wear: { pct: 0, floor_pct: 30 } } })).toEqual([40, 40]);
    expect(healed({ rules: { wear: { pct: 100, floor_pct: 90 } } })).toEqual([30, 30]);
  });

  it('tells nothing of who is unseen', () => {
    const caster = combatant({ cell: [0, 0], stats: { power_ember: 50 } });
    const there = monster({ cell: [2, 0], hp: 100 });
    const hidden = monster({ id: 3, cell: [3, 0], is_hidden: true });
    const burst = skill({
      shape: { type: 'circle', n: 2 },
      ranks: [{ effects: [{ type: 'damage', filter: 'any', element: 'ember', min: 9, max: 12 }] }],
    });
    const seen = forecastOf(
      battle(['.....'], [caster, there, hidden]),
      caster,
      burst,
      [2, 0],
      KNOWN,
    );
    expect([...seen.normal.keys()].sort()).toEqual([1, 2]);
    expect(seen.normal.get(2)).toEqual({ lost: [13, 18] });
    expect(seen.critical).toBeNull();
  });
});
