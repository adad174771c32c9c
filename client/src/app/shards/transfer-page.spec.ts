import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import axe from 'axe-core';
import { Roster } from '../characters/roster';
import { CharacterSummary, ShardList, TransferPlan } from '../protocol/generated';
import { RestError } from '../rest/rest';
import { Realm } from './realm';
import { TransferPage } from './transfer-page';

const PLAN: TransferPlan = {
  fee: 250,
  may_leave_at: null,
  blockers: [],
  goes_along: { glim: 900, quests: 3 },
};
const SHARDS: ShardList = {
  here: 'first',
  shards: ['first', 'second', 'third'].map((id) => ({
    id,
    name: id,
    address: '',
    standing: id === 'third' ? 'full' : 'open',
    online: 1,
    capacity: 10,
    mine: 1,
  })),
};
const ASH = { id: 7, name: 'Ash', level: 12 } as CharacterSummary;

async function opened(
  plan: TransferPlan,
  send: () => Promise<unknown> = () => Promise.resolve({}),
) {
  const sent: [number, string][] = [];
  const realm = {
    shards: () => Promise.resolve(SHARDS),
    plan: () => Promise.resolve(plan),
    send: (who: number, to: string) => {
      sent.push([who, to]);
      return send();
    },
  };
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      { provide: Realm, useValue: realm },
      { provide: Roster, useValue: { characters: () => Promise.resolve([ASH]) } },
    ],
  });
  const gone = vi.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
  const fixture = TestBed.createComponent(TransferPage);
  fixture.componentRef.setInput('character', '7');
  document.body.append(fixture.nativeElement);
  await fixture.whenStable();
  await fixture.whenStable();
  const host = fixture.nativeElement as HTMLElement;
  const seen = <T extends HTMLElement>(id: string) =>
    host.querySelector<T>(`[data-testid="${id}"]`)!;
  const press = async (id: string): Promise<void> => {
    seen(id).click();
    await fixture.whenStable();
  };
  return { host, seen, press, sent, gone };
}

describe('TransferPage', () => {
  it('says what goes along and what it costs', async () => {
    const { host, seen } = await opened(PLAN);
    expect(seen('goes-along').textContent).toContain('900');
    expect(seen('goes-along').textContent).toContain('12');
    expect(seen('transfer-fee').textContent).toBe('−250');
    const found = await axe.run(host, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations).toEqual([]);
  });

  it('offers the other shards, those alone that take people', async () => {
    const { seen } = await opened(PLAN);
    expect(seen('to-first')).toBeNull();
    expect(seen<HTMLInputElement>('to-second').disabled).toBe(false);
    expect(seen<HTMLInputElement>('to-third').disabled).toBe(true);
  });

  it('sends the character off once a shard is chosen and one is sure', async () => {
    const { seen, press, sent, gone } = await opened(PLAN);
    const leave = () => seen<HTMLButtonElement>('transfer-leave').disabled;
    expect(leave()).toBe(true);
    await press('to-second');
    expect(leave()).toBe(true);
    await press('transfer-sure');
    expect(leave()).toBe(false);
    await press('transfer-leave');
    expect(sent).toEqual([[7, 'second']]);
    expect(gone).toHaveBeenCalledWith('/characters');
  });

  it('names what has to be settled first, and lets nobody leave before', async () => {
    const { seen } = await opened({
      ...PLAN,
      blockers: [{ code: 'battle', text: 'a battle' }],
    });
    expect(seen('transfer-blockers').textContent).toContain('a battle');
    expect(seen<HTMLInputElement>('transfer-sure').disabled).toBe(true);
    expect(seen<HTMLButtonElement>('transfer-leave').disabled).toBe(true);
  });

  it('says from when on somebody may leave who came lately', async () => {
    const { seen } = await opened({ ...PLAN, may_leave_at: 1_900_000_000 });
    expect(seen('transfer-too-soon').textContent).toContain('2030');
    expect(seen<HTMLButtonElement>('transfer-leave').disabled).toBe(true);
  });

  it('shows a refusal in words and stays', async () => {
    const refusal = new RestError(409, 'shards.full', 'There is no room there.');
    const { seen, press, gone } = await opened(PLAN, () => Promise.reject(refusal));
    await press('to-second');
    await press('transfer-sure');
    await press('transfer-leave');
    expect(seen('transfer-problem').textContent).toContain('There is no room there.');
    expect(gone).not.toHaveBeenCalled();
  });
});
