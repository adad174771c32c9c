import { StreamUpdate } from '../connection/frames';
import { Crafting } from '../protocol/generated';
import { reduceCrafting } from './crafting-store';

const BEFORE: Crafting = {
  professions: [{ profession: 'reaper', level: 1, xp: 12, xp_next: 100 }],
  recipes: [],
  craft: null,
  gathered_today: 3,
  soft_cap: 200,
};

function update(t: string, d: object): StreamUpdate {
  return { t, s: 'me', first: 2, last: 2, d } as unknown as StreamUpdate;
}

describe('reduceCrafting', () => {
  it('shows what is being made, and nothing when it has ended', () => {
    const craft = { id: 1, recipe: 'r_reed_hook', count: 1, started_at: 1, finishes_at: 9 };
    const begun = reduceCrafting(BEFORE, update('economy.craft_changed', { craft, ended: null }));
    expect(begun.craft).toEqual(craft);
    const over = update('economy.craft_changed', { craft: null, ended: 'done' });
    expect(reduceCrafting(begun, over).craft).toBeNull();
  });

  it('takes the new state of a profession', () => {
    const profession = { profession: 'reaper', level: 2, xp: 1, xp_next: 240 };
    const after = reduceCrafting(BEFORE, update('economy.profession_changed', { profession }));
    expect(after.professions).toEqual([profession]);
  });

  it('knows what it was taught', () => {
    const learnt = update('economy.recipe_learnt', { recipe: 'r_inkglass_lamp' });
    expect(reduceCrafting(BEFORE, learnt).recipes).toEqual(['r_inkglass_lamp']);
  });

  it('counts what was gathered, not what was tried', () => {
    const ended = (outcome: string) => update('world.gathering_ended', { outcome, items: {} });
    expect(reduceCrafting(BEFORE, ended('done')).gathered_today).toBe(4);
    expect(reduceCrafting(BEFORE, ended('stopped')).gathered_today).toBe(3);
  });
});
