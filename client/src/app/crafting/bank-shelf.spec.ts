import { TestBed } from '@angular/core/testing';
import axe from 'axe-core';
import { BankShelf, Portion } from './bank-shelf';

async function shown(glim: number, count: number) {
  const fixture = TestBed.createComponent(BankShelf);
  const inputs = { heading: 'You carry', verb: 'Put in', act: 'deposit' };
  const goods = { glim, stacks: [{ item: 'reed_fibre', count }], items: [] };
  for (const [name, value] of Object.entries({ ...inputs, goods })) {
    fixture.componentRef.setInput(name, value);
  }
  const moved: Portion[] = [];
  fixture.componentInstance.moved.subscribe((portion) => moved.push(portion));
  await fixture.whenStable();
  const host = fixture.nativeElement as HTMLElement;
  const seen = (id: string) => host.querySelector<HTMLInputElement>(`[data-testid="${id}"]`);
  const type = async (id: string, text: string): Promise<void> => {
    const field = seen(id);
    if (!field) throw new Error(`there is no ${id}`);
    field.value = text;
    field.dispatchEvent(new Event('change'));
    await fixture.whenStable();
  };
  return { host, seen, type, moved };
}

describe('a side of the counter', () => {
  it('moves all of it, or as many as one says', async () => {
    const { seen, type, moved } = await shown(250, 9);
    seen('deposit-reed_fibre')?.click();
    await type('deposit-count-reed_fibre', '4');
    seen('deposit-reed_fibre')?.click();
    await type('deposit-count-glim', '100');
    seen('deposit-glim')?.click();
    expect(moved).toEqual([
      { item: 'reed_fibre', count: 9 },
      { item: 'reed_fibre', count: 4 },
      { item: 'glim', count: 100 },
    ]);
  });

  it('moves no more than there is and no less than one', async () => {
    const { seen, type, moved } = await shown(0, 9);
    await type('deposit-count-reed_fibre', '50');
    expect(seen('deposit-count-reed_fibre')?.value).toBe('9');
    await type('deposit-count-reed_fibre', '-3');
    seen('deposit-reed_fibre')?.click();
    expect(moved).toEqual([{ item: 'reed_fibre', count: 1 }]);
  });

  it('asks for no number where there is one', async () => {
    const { seen } = await shown(0, 1);
    expect(seen('deposit-count-reed_fibre')).toBeNull();
  });

  it('has no barriers', async () => {
    const { host } = await shown(250, 9);
    document.body.append(host);
    const rules = { 'color-contrast': { enabled: false } };
    expect((await axe.run(host, { rules })).violations.map(({ id }) => id)).toEqual([]);
  });
});
