import { TestBed } from '@angular/core/testing';
import { GameSocket } from '../connection/game-socket';
import { DiscardThing } from './discard-thing';

describe('throwing something away', () => {
  const sent: unknown[] = [];

  async function shown(inputs: Record<string, unknown>) {
    sent.length = 0;
    const socket = {
      send: (t: string, d: unknown) => {
        sent.push([t, d]);
        return Promise.resolve({});
      },
    };
    TestBed.configureTestingModule({ providers: [{ provide: GameSocket, useValue: socket }] });
    const fixture = TestBed.createComponent(DiscardThing);
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
    const page: HTMLElement = fixture.nativeElement;
    const click = async (id: string) => {
      page.querySelector<HTMLElement>(`[data-testid=${id}]`)?.click();
      await fixture.whenStable();
    };
    const type = async (count: string) => {
      const field = page.querySelector<HTMLInputElement>('[data-testid=discard-count]');
      if (!field) throw new Error('no count is asked');
      field.value = count;
      field.dispatchEvent(new Event('input'));
      await fixture.whenStable();
    };
    return { page, click, type };
  }

  it('asks first, and sends nothing when the thing is kept', async () => {
    const { page, click } = await shown({ item: 'reed_fibre', held: 5 });
    await click('discard');
    expect(page.textContent).toContain('gone for good');
    await click('discard-keep');
    expect(page.querySelector('[data-testid=discard]')).not.toBeNull();
    expect(sent).toEqual([]);
  });

  it('sends how many of a stack', async () => {
    const { click, type } = await shown({ item: 'reed_fibre', held: 5 });
    await click('discard');
    await type('4');
    await click('discard-confirm');
    expect(sent).toEqual([['economy.discard', { item: 'reed_fibre', count: 4 }]]);
  });

  it('lets nobody throw away more than there is', async () => {
    const { page, click, type } = await shown({ item: 'reed_fibre', held: 5 });
    await click('discard');
    for (const count of ['6', '0', '', '1.5']) {
      await type(count);
      const confirm = page.querySelector<HTMLButtonElement>('[data-testid=discard-confirm]');
      expect(confirm?.disabled).toBe(true);
    }
  });

  it('names an item that does not stack by its id', async () => {
    const { page, click } = await shown({ item: 'reed_hook', instance: 'h' });
    await click('discard');
    expect(page.querySelector('[data-testid=discard-count]')).toBeNull();
    await click('discard-confirm');
    expect(sent).toEqual([['economy.discard', { item: 'h', count: 1 }]]);
  });
});
