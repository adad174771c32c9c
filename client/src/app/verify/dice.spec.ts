import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { DiceStream, battleKey, commitmentOf, pick } from './dice';

const hex = (text: string): string => bytesToHex(utf8ToBytes(text));
const SERVER_SEED = bytesToHex(Uint8Array.from({ length: 32 }, (_, index) => index));
const KEY = battleKey({
  serverSeed: SERVER_SEED,
  battleId: 42,
  contentHash: bytesToHex(sha256(utf8ToBytes('aether-demo-pack-1'))),
  clientSeeds: [
    { character_id: 1002, seed: hex('bob') },
    { character_id: 1001, seed: hex('alice') },
  ],
});

function draws(name: string, n: number, count: number): { values: number[]; index: number } {
  const stream = new DiceStream(KEY, name);
  const values: number[] = [];
  let index = 0;
  while (values.length < count) {
    const draw = stream.below(n, index);
    values.push(draw.value);
    index = draw.nextIndex;
  }
  return { values, index };
}

function words(name: string): string[] {
  const stream = new DiceStream(KEY, name);
  return [0, 1, 2, 3].map((index) => stream.word(index).toString(16).padStart(8, '0'));
}

describe('the dice agree with the published vectors', () => {
  it('commitment', () => {
    expect(commitmentOf(SERVER_SEED)).toBe(
      '630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd',
    );
  });

  it('battle key', () => {
    expect(bytesToHex(KEY)).toBe(
      '0ff12ec58694ea89c6ab2d4f1b8c57232cfb072ccc2f4d7d9b2e166f46108f4a',
    );
  });

  it('words of the streams', () => {
    expect(words('order')).toEqual(['de2fa1b6', '7e04fea4', 'ad2bcea4', '8db2c0eb']);
    expect(words('cast')).toEqual(['bd62bba0', '3e3a4108', '0e590464', '7ef24b2f']);
  });

  it('values between 1 and 100', () => {
    const { values } = draws('cast', 100, 12);
    expect(values.map((value) => value + 1)).toEqual([
      85, 29, 53, 76, 41, 45, 78, 53, 48, 41, 53, 63,
    ]);
  });

  it('rejected words take an index', () => {
    expect(draws('order', 3 * 2 ** 30, 6)).toEqual({
      values: [2114256548, 2905329316, 2377302251, 1802554085, 1994229425, 70588193],
      index: 8,
    });
  });

  it('a shuffle', () => {
    const { items, nextIndex } = new DiceStream(KEY, 'order').shuffle(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      0,
    );
    expect(items).toEqual([7, 3, 6, 1, 5, 0, 8, 4, 9, 2]);
    expect(nextIndex).toBe(9);
  });

  it('weighted picks', () => {
    const weights = [7000, 2500, 490, 10];
    const { values } = draws('loot:1001', 10_000, 20);
    expect(values.map((value) => pick(weights, value))).toEqual([
      0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
    ]);
  });
});
