import { ComponentFixture, TestBed } from '@angular/core/testing';
import axe from 'axe-core';
import { Subject } from 'rxjs';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { OrderKept, Orders } from '../protocol/generated';
import { OrderList } from './order-list';
import { endedHow } from './order-words';

const ORDER: OrderKept = {
  id: 7,
  item: 'reed_fibre',
  side: 'sell',
  price: 20,
  quantity: 10,
  remaining: 10,
  proceeds: 0,
  state: 'open',
  placed_at: 1,
  expires_at: 2,
  paid: 0,
  tax: 0,
};

/** Waits until answers have come and are shown. */
async function settled(fixture: ComponentFixture<unknown>): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await fixture.whenStable();
}

async function opened(...pages: Orders[]) {
  const updates = new Subject<StreamUpdate>();
  const sent: [string, unknown][] = [];
  const socket = {
    updates,
    send: (t: string, d: unknown) => {
      sent.push([t, d]);
      return Promise.resolve(
        t === 'economy.market_orders' ? (pages.shift() ?? { orders: [], before: null }) : {},
      );
    },
  };
  TestBed.configureTestingModule({ providers: [{ provide: GameSocket, useValue: socket }] });
  const fixture = TestBed.createComponent(OrderList);
  await settled(fixture);
  const host = fixture.nativeElement as HTMLElement;
  const press = async (id: string): Promise<void> => {
    host.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.click();
    await settled(fixture);
  };
  return { fixture, host, press, sent, updates };
}

describe('all orders of a player', () => {
  it('says what a sale has fetched, and what the tax took', async () => {
    const past = { ...ORDER, state: 'filled', remaining: 0, paid: 200, tax: 6 } as const;
    const { host, press, sent } = await opened(
      { orders: [], before: null },
      { orders: [past], before: null },
    );
    await press('orders-past');
    expect(sent.at(-1)).toEqual(['economy.market_orders', { scope: 'past', before: null }]);
    const paid = host.querySelector('[data-testid=order-paid]')?.textContent;
    expect(paid).toContain('fetched 194 glim');
    expect(host.querySelector('[data-testid=withdraw-order]')).toBeNull();
  });

  it('withdraws one that waits, and reads anew what has changed', async () => {
    const open = { orders: [ORDER], before: null };
    const { fixture, press, sent, updates } = await opened(open, open, open);
    await press('withdraw-order');
    expect(sent[1]).toEqual(['economy.market_cancel', { order: 7 }]);
    const before = sent.length;
    const d = { order: ORDER };
    updates.next({ t: 'economy.market_order_changed', s: 'me', first: 1, last: 1, d });
    await settled(fixture);
    expect(sent).toHaveLength(before + 1);
  });

  it('goes on where a page ended', async () => {
    const { host, press, sent } = await opened(
      { orders: [ORDER], before: 7 },
      { orders: [{ ...ORDER, id: 3 }], before: null },
    );
    await press('older-orders');
    expect(sent.at(-1)).toEqual(['economy.market_orders', { scope: 'open', before: 7 }]);
    expect(host.querySelectorAll('[data-state=open]')).toHaveLength(2);
  });

  it('has no barriers', async () => {
    const past = { ...ORDER, id: 8, state: 'filled', remaining: 0, paid: 200, tax: 6 } as const;
    const { host } = await opened({ orders: [ORDER, past], before: 8 });
    document.body.append(host);
    const rules = { 'color-contrast': { enabled: false } };
    expect((await axe.run(host, { rules })).violations.map(({ id }) => id)).toEqual([]);
  });
});

describe('what has become of an order', () => {
  it('tells the filled from the part-filled', () => {
    expect(endedHow({ ...ORDER, remaining: 4 })).toBe('6 of 10 so far');
    expect(endedHow({ ...ORDER, state: 'cancelled', remaining: 4 })).toContain('6 of 10');
    expect(endedHow({ ...ORDER, state: 'expired' })).toContain('0 of 10');
  });
});
