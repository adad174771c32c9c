import { StreamUpdate } from '../connection/frames';
import { Inventory, InventoryChanged } from '../protocol/generated';
import { reduceInventory } from './inventory-store';

const HOOK = {
  id: 'h',
  item: 'reed_hook',
  stats: { power_all: 10 },
  slot: null,
  is_bound: false,
  durability: null,
  is_fine: false,
};
const BEFORE: Inventory = {
  glim: 5,
  stacks: [{ item: 'reed_fibre', count: 2 }],
  items: [HOOK],
  carries_most: 320,
  prepared: [],
};

function changed(d: Partial<InventoryChanged>): StreamUpdate {
  return {
    t: 'economy.inventory_changed',
    s: 'me',
    first: 2,
    last: 2,
    d: { cause: 'test', glim: null, stacks: [], items: [], gone: [], prepared: null, ...d },
  };
}

describe('reduceInventory', () => {
  it('takes new values, never differences', () => {
    const after = reduceInventory(
      BEFORE,
      changed({ glim: 3, stacks: [{ item: 'reed_fibre', count: 7 }] }),
    );
    expect(after).toMatchObject({ glim: 3, stacks: [{ item: 'reed_fibre', count: 7 }] });
  });

  it('drops empty stacks and what is gone', () => {
    const after = reduceInventory(
      BEFORE,
      changed({ stacks: [{ item: 'reed_fibre', count: 0 }], gone: ['h'] }),
    );
    expect(after).toMatchObject({ glim: 5, stacks: [], items: [] });
  });

  it('puts an item on by its new slot', () => {
    const after = reduceInventory(BEFORE, changed({ items: [{ ...HOOK, slot: 'weapon' }] }));
    expect(after.items).toEqual([{ ...HOOK, slot: 'weapon' }]);
  });
});
