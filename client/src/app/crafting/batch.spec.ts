import { BATCH_MAX, batchOf, durationWords, mostOf } from './batch';

const TONIC = { inputs: { reed_fibre: 2, lampfat: 1 }, fee: 3, time_s: 8 };

describe('making several at once', () => {
  it('takes what one takes, so many times', () => {
    expect(batchOf(TONIC, 5)).toEqual({
      inputs: [
        { item: 'reed_fibre', needed: 10 },
        { item: 'lampfat', needed: 5 },
      ],
      fee: 15,
      seconds: 40,
    });
  });

  it('ends where the scarcest thing does', () => {
    const held = new Map([
      ['reed_fibre', 9],
      ['lampfat', 50],
    ]);
    expect(mostOf(TONIC, held, 1_000)).toBe(4);
    expect(mostOf(TONIC, held, 7)).toBe(2);
    expect(mostOf(TONIC, new Map(), 1_000)).toBe(0);
  });

  it('is never more than the server takes in one go', () => {
    const held = new Map([
      ['reed_fibre', 9_000],
      ['lampfat', 9_000],
    ]);
    expect(mostOf({ ...TONIC, fee: 0 }, held, 0)).toBe(BATCH_MAX);
  });

  it('says how long that is', () => {
    expect([8, 120, 125].map(durationWords)).toEqual(['8 s', '2 min', '2 min 5 s']);
  });
});
