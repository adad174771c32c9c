import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import axe from 'axe-core';
import { GameSocket } from '../connection/game-socket';
import { InventoryStore } from '../inventory/inventory-store';
import { Movement, Movements } from '../protocol/generated';
import { MovementList } from './movement-list';

function movement(id: number, item: string, amount: number): Movement {
  const changes = [{ item, amount, instance: null }];
  return { id, at: 0, topic: 'shop', kind: 'buy', source: 'shop', partner: null, changes };
}

/** Waits until answers have come and are shown. */
async function settled(fixture: ComponentFixture<unknown>): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await fixture.whenStable();
}

async function opened(...pages: Movements[]) {
  const sent: unknown[] = [];
  const socket = {
    send: (_: string, wanted: unknown) => {
      sent.push(wanted);
      return Promise.resolve(pages.shift() ?? { movements: [], before: null });
    },
  };
  const inventory = { inventory: signal({ glim: 0, stacks: [], items: [] }) };
  TestBed.configureTestingModule({
    providers: [
      { provide: GameSocket, useValue: socket },
      { provide: InventoryStore, useValue: inventory },
    ],
  });
  const fixture = TestBed.createComponent(MovementList);
  await settled(fixture);
  const host = fixture.nativeElement as HTMLElement;
  const seen = (id: string) => host.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  const choose = async (id: string, value: string): Promise<void> => {
    const select = seen(id) as HTMLSelectElement;
    select.value = value;
    select.dispatchEvent(new Event('change'));
    await settled(fixture);
  };
  return { fixture, host, seen, choose, sent };
}

describe('the own ledger', () => {
  it('shows what came and went, and what was before it', async () => {
    const first = { movements: [movement(9, 'glim', -8), movement(8, 'reed_fibre', 3)], before: 8 };
    const { fixture, host, seen, sent } = await opened(first, {
      movements: [movement(2, 'glim', 4)],
      before: null,
    });
    expect(host.querySelectorAll('[data-testid=movement-buy]')).toHaveLength(2);
    expect(host.textContent?.replace(/\s+/g, ' ')).toContain('−8 glim');
    expect(host.textContent?.replace(/\s+/g, ' ')).toContain('+3 Reed fibre');
    seen('older-movements')?.click();
    await settled(fixture);
    expect(host.querySelectorAll('[data-testid=movement-buy]')).toHaveLength(3);
    expect(seen('older-movements')).toBeNull();
    expect(sent[1]).toEqual({ topic: null, item: null, before: 8 });
  });

  it('asks for a topic and for an item', async () => {
    const page = { movements: [movement(9, 'reed_fibre', 1)], before: null };
    const { choose, seen, sent } = await opened(page, page);
    await choose('movement-topic', 'bank');
    await choose('movement-item', 'reed_fibre');
    expect(sent.slice(1)).toEqual([
      { topic: 'bank', item: null, before: null },
      { topic: 'bank', item: 'reed_fibre', before: null },
    ]);
    expect(seen('no-movements')).not.toBeNull();
  });

  it('has no barriers', async () => {
    const { host } = await opened({ movements: [movement(9, 'glim', -8)], before: 8 });
    document.body.append(host);
    const rules = { 'color-contrast': { enabled: false } };
    expect((await axe.run(host, { rules })).violations.map(({ id }) => id)).toEqual([]);
  });
});
