import { TestBed } from '@angular/core/testing';
import axe from 'axe-core';
import { ShardList as Shards, ShardSummary } from '../protocol/generated';
import { Rest } from '../rest/rest';
import { ShardList } from './shard-list';

function shard(id: string, more: Partial<ShardSummary> = {}): ShardSummary {
  return {
    id,
    name: id.toUpperCase(),
    address: `https://${id}.example`,
    standing: 'open',
    online: 12,
    capacity: 500,
    mine: 0,
    ...more,
  };
}

async function shown(realm: Shards) {
  TestBed.configureTestingModule({ providers: [{ provide: Rest, useValue: {} }] });
  const fixture = TestBed.createComponent(ShardList);
  fixture.componentRef.setInput('realm', realm);
  document.body.append(fixture.nativeElement);
  await fixture.whenStable();
  const host = fixture.nativeElement as HTMLElement;
  const card = (id: string) => host.querySelector<HTMLElement>(`[data-testid="shard-${id}"]`)!;
  return { host, card };
}

describe('ShardList', () => {
  it('says how full each shard is and how many characters one has there', async () => {
    const { host, card } = await shown({
      here: 'first',
      shards: [shard('first', { mine: 2 }), shard('second', { standing: 'full', online: 500 })],
    });
    expect(card('first').textContent).toContain('12 of 500 people');
    expect(card('first').textContent).toContain('2 characters of yours');
    expect(card('second').textContent).toContain('full');
    expect(card('second').textContent).toContain('no character of yours');
    const meter = card('second').querySelector('meter')!;
    expect([meter.value, meter.max]).toEqual([500, 500]);
    const found = await axe.run(host, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations).toEqual([]);
  });

  it('leads to the others in the same language, and nowhere from the one where one is', async () => {
    const { card } = await shown({ here: 'first', shards: [shard('first'), shard('second')] });
    expect(card('first').getAttribute('href')).toBeNull();
    expect(card('first').getAttribute('aria-current')).toBe('true');
    expect(card('second').getAttribute('href')).toBe('https://second.example/en/characters');
  });

  it('leads nowhere where nobody has said where a shard is', async () => {
    const { card } = await shown({ here: 'first', shards: [shard('second', { address: '' })] });
    expect(card('second').getAttribute('href')).toBeNull();
  });
});
