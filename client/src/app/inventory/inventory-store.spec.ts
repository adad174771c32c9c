import { StreamUpdate } from '../connection/frames';
import { Inventory, InventoryChanged, InventorySince, MeParts } from '../protocol/generated';
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
    d: change(d),
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
    expect(after?.items).toEqual([{ ...HOOK, slot: 'weapon' }]);
  });
});

describe('a kept inventory', () => {
  it('takes what came after it, in its order', () => {
    const changes = [
      change({ glim: 9, stacks: [{ item: 'reed_fibre', count: 4 }] }),
      change({ glim: 8, gone: ['h'], prepared: ['marsh_tonic'] }),
    ];
    const sum = { glim: 8, pieces: 4, items: 0, carries_most: 330, prepared: ['marsh_tonic'] };
    expect(reduceInventory(BEFORE, snapshot({ changes, ...sum }))).toEqual({
      glim: 8,
      stacks: [{ item: 'reed_fibre', count: 4 }],
      items: [],
      carries_most: 330,
      prepared: ['marsh_tonic'],
    });
  });

  it('is what it was where nothing came after it', () => {
    const sum = { glim: 5, pieces: 2, items: 1, carries_most: 320, prepared: [] };
    expect(reduceInventory(BEFORE, snapshot({ changes: [], ...sum }))).toEqual(BEFORE);
  });

  it('is asked for whole where it does not come to what the server says', () => {
    const sum = { glim: 6, pieces: 2, items: 1, carries_most: 320, prepared: [] };
    expect(reduceInventory(BEFORE, snapshot({ changes: [], ...sum }))).toBeNull();
  });
});

function change(d: Partial<InventoryChanged>): InventoryChanged {
  return { cause: 'test', glim: null, stacks: [], items: [], gone: [], prepared: null, ...d };
}

function snapshot(inventory_since: InventorySince): StreamUpdate {
  const parts = { inventory: null, inventory_since } as unknown as MeParts;
  return { t: 'me.snapshot', s: 'me', first: 9, last: 9, d: { parts } };
}
