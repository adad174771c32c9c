import { ComponentFixture, TestBed } from '@angular/core/testing';
import { GameSocket } from '../connection/game-socket';
import { ItemHistory } from '../protocol/generated';
import { ItemStory } from './item-story';

const TOLD: ItemHistory = {
  id: 'a',
  item: 'reed_hook',
  stations: [
    { at: '2026-01-01T10:00:00Z', kind: 'craft', source: 'craft', holder: 'Ash', is_house: false },
    { at: '2026-01-02T10:00:00Z', kind: 'take', source: 'gm', holder: null, is_house: true },
    { at: '2026-01-03T10:00:00Z', kind: 'trade', source: 'trade', holder: null, is_house: false },
  ],
  facts: {},
  left_out: 4,
  made_of: [],
};

/** Waits until answers have come and are shown. */
async function settled(fixture: ComponentFixture<unknown>): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await fixture.whenStable();
}

async function shown(told: Partial<ItemHistory> = {}) {
  const sent: unknown[] = [];
  const socket = {
    send: (...command: unknown[]) => {
      sent.push(command);
      return Promise.resolve({ ...TOLD, ...told });
    },
  };
  TestBed.configureTestingModule({ providers: [{ provide: GameSocket, useValue: socket }] });
  const fixture = TestBed.createComponent(ItemStory);
  fixture.componentRef.setInput('item', 'a');
  await settled(fixture);
  const host = fixture.nativeElement as HTMLElement;
  const press = async (): Promise<void> => {
    host.querySelector<HTMLElement>('[data-testid=open-story]')?.click();
    await settled(fixture);
  };
  return { fixture, host, press, sent };
}

describe('the story of an item', () => {
  it('is read when it is opened, and names every holder', async () => {
    const { host, press, sent } = await shown();
    expect(sent).toEqual([]);
    await press();
    expect(sent).toEqual([['economy.item_history', { item: 'a' }]]);
    const lines = [...host.querySelectorAll('li')].map(({ textContent }) => textContent);
    expect(lines[0]).toContain('Ash');
    expect(lines[0]).toContain('Made');
    expect(lines[1]).toContain('4 more');
    expect(lines[2]).toContain('The house');
    expect(lines[3]).toContain('no longer here');
  });

  it('says what it was made of', async () => {
    const { host, press } = await shown({ made_of: [{ item: 'iron_link', count: 2 }] });
    await press();
    expect(host.querySelector('[data-testid=story-made-of]')?.textContent).toContain('2 × ');
  });

  it('says what was before the journey to this shard', async () => {
    const { host, press } = await shown({ facts: { made_by: 'craft' } });
    await press();
    expect(host.querySelector('[data-testid=story-elsewhere]')?.textContent).toContain('Made');
  });

  it('closes again, and for another item', async () => {
    const { fixture, host, press } = await shown();
    await press();
    await press();
    expect(host.querySelector('ol')).toBeNull();
    await press();
    fixture.componentRef.setInput('item', 'b');
    await settled(fixture);
    expect(host.querySelector('ol')).toBeNull();
  });
});
