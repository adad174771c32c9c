import { bytesToHex } from '@noble/hashes/utils.js';
import { UnreadableFileError } from './export-file';
import { DiceStream, throwKey } from './dice';
import { DiceFile, isDiceFile, readDiceFile } from './dice-file';
import { verifyThrows } from './dice-verification';
import sample from './sample-dice.json';

const KEY = '0a1b1459db88f8a3b2e058ba47ab219fc14288a7817740c636484409da3953fc';
const VALUES = [62, 4, 2, 32, 98, 88];

/** A week of dice that the server's own check finds fair (tests/economy/test_provable_dice.py). */
function file(change: (copy: typeof sample) => void = () => undefined): DiceFile {
  const copy = structuredClone(sample);
  change(copy);
  return readDiceFile(JSON.stringify(copy));
}

function broken(change: (copy: typeof sample) => void): readonly string[] {
  const { checks } = verifyThrows(file(change));
  return checks.filter(({ holds }) => !holds).map(({ name }) => name);
}

describe('dice outside battles', () => {
  it('has the published key and dice', () => {
    const serverSeed = Array.from({ length: 32 }, (_, n) => n.toString(16).padStart(2, '0'));
    const key = throwKey({
      serverSeed: serverSeed.join(''),
      characterId: 1001,
      clientSeed: '616c696365',
      nonce: 7,
    });
    expect(bytesToHex(key)).toBe(KEY);
    const stream = new DiceStream(key, 'gather');
    let index = 0;
    const values = VALUES.map(() => {
      const { value, nextIndex } = stream.below(100, index);
      index = nextIndex;
      return value;
    });
    expect(values).toEqual(VALUES);
  });

  it('finds an honest week fair', () => {
    const found = verifyThrows(file());
    expect(found.isFair).toBe(true);
    expect(found.checks.map(({ name }) => name)).toEqual(['commitment', 'numbers', 'receipts']);
    expect(found.dice).toBe(12);
  });

  it('compares the commitment with what this browser was told', () => {
    expect(verifyThrows(file(), sample.pair.commitment).isFair).toBe(true);
    expect(verifyThrows(file(), '00'.repeat(32)).isFair).toBe(false);
  });

  it('finds another seed, a missing throw, a better roll, another cause and another owner', () => {
    expect(broken((copy) => (copy.pair.server_seed = '00'.repeat(32)))).toContain('commitment');
    expect(broken((copy) => copy.throws.splice(1, 1))).toEqual(['numbers', 'receipts']);
    expect(broken((copy) => copy.throws.pop())).toEqual(['numbers']);
    expect(broken((copy) => (copy.throws[0]!.rolls[1]![2]! ^= 1))).toEqual(['receipts']);
    expect(broken((copy) => (copy.throws[0]!.cause = 'chest:x'))).toEqual(['receipts']);
    expect(broken((copy) => (copy.character_id = 1002))).toEqual(['receipts']);
    expect(broken((copy) => (copy.pair.client_seed = ''))).toEqual(['receipts']);
    expect(broken((copy) => (copy.throws[2]!.rolls[2]![0]! += 1))).toEqual(['receipts']);
  });

  it('tells dice from battles, and refuses whatever is neither', () => {
    expect(isDiceFile(JSON.stringify(sample))).toBe(true);
    for (const other of ['{}', '[]', 'null', '{', '{"format": "aether.battle"}']) {
      expect(isDiceFile(other)).toBe(false);
      expect(() => readDiceFile(other)).toThrow(UnreadableFileError);
    }
  });

  it('refuses numbers and shapes that no export has', () => {
    const refused = (change: (copy: typeof sample) => void): void =>
      expect(() => file(change)).toThrow(UnreadableFileError);
    refused((copy) => (copy.version = 2));
    refused((copy) => (copy.throws[0]!.rolls[0]![1] = 0));
    refused((copy) => (copy.throws[0]!.rolls[0]![0] = 2 ** 40));
    refused((copy) => copy.throws[0]!.rolls[0]!.pop());
    refused((copy) => (copy.pair.server_seed = 'x'));
    refused((copy) => ((copy.pair as { server_seed: unknown }).server_seed = null));
    refused((copy) => ((copy as { throws: unknown }).throws = {}));
  });
});
