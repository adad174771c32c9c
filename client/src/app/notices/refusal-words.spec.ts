import { TestBed } from '@angular/core/testing';
import { EMPTY_CATALOGUE, ItemInfo } from '../catalogue/catalogue';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { Refusal } from '../connection/frames';
import { RefusalWords } from './refusal-words';

function words(code: string, details: Record<string, unknown>): string {
  const items = { reed_fibre: { id: 'reed_fibre', name: 'Reed fibre' } as ItemInfo };
  TestBed.inject(CatalogueStore).all.set({ ...EMPTY_CATALOGUE, items });
  return TestBed.inject(RefusalWords).of(new Refusal({ code, message: 'No.', details }));
}

describe('the words of a refusal', () => {
  it('say what it takes and what is missing', () => {
    const glim = { asset: 'glim', needed: 36, missing: 16 };
    expect(words('economy.insufficient', glim)).toBe('That takes 36 glim: you lack 16.');
    const fibre = { asset: 'reed_fibre', needed: 9, missing: 5 };
    expect(words('economy.insufficient', fibre)).toBe('That takes 9 × Reed fibre: you lack 5.');
  });

  it('say until when one has no voice, where that ends', () => {
    const told = words('chat.muted', { until: 1_900_000_000 });
    expect(told).toContain('No. It ends 3/1');
    expect(words('economy.muted', { until: null })).toBe('No.');
  });

  it('are the server’s own where it tells no numbers', () => {
    expect(words('economy.insufficient', { asset: 'glim' })).toBe('No.');
    expect(words('economy.full', { asset: 'glim', needed: 1, missing: 1 })).toBe('No.');
  });
});
