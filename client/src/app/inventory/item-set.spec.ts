import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { EMPTY_CATALOGUE, ItemInfo, ItemSetInfo } from '../catalogue/catalogue';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { UniqueItem } from '../protocol/generated';
import { InventoryStore } from './inventory-store';
import { ItemSet } from './item-set';

const SETS: Readonly<Record<string, ItemSetInfo>> = {
  moor_set: {
    id: 'moor_set',
    name: 'Moor gear',
    items: ['cap', 'coat', 'boots'],
    bonuses: [
      { pieces: 2, stats: { hp_max: 6 } },
      { pieces: 3, stats: { res_pct_stone: 3 } },
    ],
  },
};

function worn(item: string, durability = 5): UniqueItem {
  return { item, durability } as UniqueItem;
}

async function shown(item: string, ...pieces: UniqueItem[]): Promise<HTMLElement> {
  const store = { worn: signal(pieces) };
  TestBed.configureTestingModule({ providers: [{ provide: InventoryStore, useValue: store }] });
  const items = Object.fromEntries(
    ['cap', 'coat', 'boots'].map((id) => [id, { id, name: id } as ItemInfo]),
  );
  TestBed.inject(CatalogueStore).all.set({ ...EMPTY_CATALOGUE, items, sets: SETS });
  const fixture = TestBed.createComponent(ItemSet);
  fixture.componentRef.setInput('item', item);
  await fixture.whenStable();
  return fixture.nativeElement;
}

describe('the set of an item', () => {
  it('says which pieces are worn and what they add', async () => {
    const page = await shown('cap', worn('cap'), worn('coat'));
    expect(page.querySelector('h4')?.textContent).toBe('Moor gear');
    expect(page.textContent).toContain('✓ coat');
    expect(page.textContent).toContain('· boots');
    const [two, three] = [2, 3].map((n) => page.querySelector(`[data-testid=set-bonus-${n}]`));
    expect(two?.textContent).toContain('2 worn: +6 Health');
    expect(two?.classList).not.toContain('muted');
    expect(three?.classList).toContain('muted');
  });

  it('counts no broken piece', async () => {
    const page = await shown('cap', worn('cap'), worn('coat', 0));
    expect(page.querySelector('[data-testid=set-bonus-2]')?.classList).toContain('muted');
  });

  it('is not there for what belongs to none', async () => {
    const page = await shown('lamp');
    expect(page.querySelector('[data-testid=item-set]')).toBeNull();
  });
});
