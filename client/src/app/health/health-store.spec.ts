import { StreamUpdate } from '../connection/frames';
import { Health } from '../protocol/generated';
import { changesConstitution, hitPoints, reduceHealth } from './health-store';

const HURT: Health = { hp: 1, hp_max: 61, at: 100, full_at: 160, is_resting: false };
const same = (seconds: number) => seconds * 1000;

describe('hit points out of battle', () => {
  it('grow evenly until nothing is missing', () => {
    expect(hitPoints(HURT, 100_000, same)).toBe(1);
    expect(hitPoints(HURT, 130_000, same)).toBe(31);
    expect(hitPoints(HURT, 500_000, same)).toBe(61);
    expect(hitPoints(HURT, 0, same)).toBe(1);
  });

  it('stay where nothing comes back', () => {
    expect(hitPoints({ ...HURT, full_at: null }, 500_000, same)).toBe(1);
    expect(hitPoints({ ...HURT, hp: 61, full_at: 100 }, 500_000, same)).toBe(61);
  });

  it('are those that the server told last', () => {
    const told = { t: 'world.health_changed', d: { health: HURT } } as unknown as StreamUpdate;
    expect(reduceHealth(null, told)).toEqual(HURT);
    const other = { t: 'world.changed', d: { changes: [] } } as unknown as StreamUpdate;
    expect(reduceHealth(HURT, other)).toEqual(HURT);
  });

  it('are asked for when what they depend on has changed', () => {
    const worn = {
      t: 'economy.inventory_changed',
      d: { cause: 'equip' },
    } as unknown as StreamUpdate;
    const bought = {
      t: 'economy.inventory_changed',
      d: { cause: 'shop:x' },
    } as unknown as StreamUpdate;
    expect(changesConstitution(worn)).toBe(true);
    expect(changesConstitution(bought)).toBe(false);
  });
});
