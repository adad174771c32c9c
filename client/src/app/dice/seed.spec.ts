import { seedOf } from './seed';

describe('the share in the dice', () => {
  it('is the bytes of a word', () => {
    expect(seedOf('alice')).toBe('616c696365');
  });

  it('is never longer than a seed may be', () => {
    expect(seedOf('é'.repeat(40))).toBe('c3a9'.repeat(16));
  });

  it('is left to chance without a word', () => {
    expect(seedOf('')).toMatch(/^[0-9a-f]{32}$/);
    expect(seedOf('')).not.toBe(seedOf(''));
  });
});
