import { TestBed } from '@angular/core/testing';
import { EMPTY_CATALOGUE, ItemInfo } from '../catalogue/catalogue';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { GoodsSeen, UniqueItem } from '../protocol/generated';
import { GoodsList } from './goods-list';

function hook(part: Partial<UniqueItem> = {}): UniqueItem {
  const whole = { id: 'a', item: 'reed_hook', stats: { vigor: 4 }, slot: null, is_bound: false };
  return { ...whole, durability: 40, is_fine: false, ...part };
}

async function shown(goods: Partial<GoodsSeen>, inputs: Record<string, unknown> = {}) {
  TestBed.configureTestingModule({ providers: [{ provide: GameSocket, useValue: {} }] });
  const items = { reed_hook: { id: 'reed_hook', name: 'Reed hook', durability: 40 } as ItemInfo };
  TestBed.inject(CatalogueStore).all.set({ ...EMPTY_CATALOGUE, items });
  const fixture = TestBed.createComponent(GoodsList);
  fixture.componentRef.setInput('goods', { glim: 0, stacks: [], items: [], ...goods });
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  const taken: string[] = [];
  fixture.componentInstance.taken.subscribe((asset) => taken.push(asset));
  await fixture.whenStable();
  const host = fixture.nativeElement as HTMLElement;
  const seen = (id: string) => host.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  return { host, seen, taken };
}

describe('goods that are offered', () => {
  it('show what an item is worth knowing: its rolls, how worn, how well made', async () => {
    const { host, seen } = await shown({ items: [hook({ durability: 12, is_fine: true })] });
    expect(host.textContent).toContain('+4 Vigour');
    expect(seen('durability')?.textContent).toContain('Durability 12 of 40');
    expect(seen('durability')?.classList).toContain('problem');
    expect(seen('fine')).not.toBeNull();
  });

  it('warn of what is broken, and not of what is nearly whole', async () => {
    const { seen } = await shown({ items: [hook({ durability: 39 })] });
    expect(seen('durability')?.classList).not.toContain('problem');
    TestBed.resetTestingModule();
    const broken = await shown({ items: [hook({ durability: 0 })] });
    expect(broken.seen('durability')?.textContent).toContain('Broken');
  });

  it('are taken one by one where that may be', async () => {
    const goods = { glim: 5, stacks: [{ item: 'reed_fibre', count: 2 }], items: [hook()] };
    const { seen, taken } = await shown(goods, { isTakeable: true });
    for (const name of ['glim', 'reed_fibre', 'reed_hook']) seen(`take-${name}`)?.click();
    expect(taken).toEqual(['glim', 'reed_fibre', 'item:a']);
  });

  it('have no story for whom they are not offered', async () => {
    const { seen } = await shown({ items: [hook()] }, { hasStories: false });
    expect(seen('open-story')).toBeNull();
    expect(seen('take-reed_hook')).toBeNull();
  });
});
