import sample from './sample-battle.json';
import { BattleFile, UnreadableFileError, readBattleFile } from './battle-file';
import { canonical } from './canonical';
import { CheckName, Verification, verify, verifyDice } from './verification';

const TEXT = JSON.stringify(sample);

/** The sample with something changed in it. */
function changed(change: (file: any) => void): BattleFile {
  const file = JSON.parse(TEXT);
  change(file);
  return readBattleFile(JSON.stringify(file));
}

function broken({ checks }: Verification): CheckName[] {
  return checks.filter(({ holds }) => !holds).map(({ name }) => name);
}

function withBitFlipped(digits: string, bit: number): string {
  const at = Math.floor(bit / 4);
  const digit = (parseInt(digits[at]!, 16) ^ (1 << (bit % 4))).toString(16);
  return digits.slice(0, at) + digit + digits.slice(at + 1);
}

function problemOf(text: string): string {
  try {
    readBattleFile(text);
  } catch (error) {
    if (error instanceof UnreadableFileError) return error.problem;
    throw error;
  }
  return '';
}

describe('verify', () => {
  it('finds an honest battle fair, and places every roll', () => {
    const found = verify(readBattleFile(TEXT));
    expect(broken(found)).toEqual([]);
    expect(found.isFair).toBe(true);
    expect(found.rolls).toBe(sample.reveal.rolls.length);
    expect(found.turns.flatMap(({ rolls }) => rolls)).toHaveLength(found.rolls);
  });

  it('says what a roll decided', () => {
    const rolls = verify(readBattleFile(TEXT)).turns.flatMap((turn) => turn.rolls);
    const crit = rolls.find(({ roll }) => roll.why === 'crit');
    expect(crit?.decided?.e).toBe('skill_cast');
    expect(crit?.step.input.i).toBe('cast');
    const places = rolls.filter(({ roll }) => roll.why === 'order').map(({ who }) => who);
    expect(places).toEqual(sample.header.builds.map(({ id }) => id).sort((a, b) => a - b));
  });

  for (const bit of [0, 1, 77, 128, 255]) {
    it(`finds bit ${bit} changed in a seed, a hash or the commitment`, () => {
      for (const field of ['server_seed', 'content_hash', 'commitment']) {
        const file = changed(({ reveal }) => {
          reveal[field] = withBitFlipped(reveal[field], bit);
        });
        expect(verify(file).isFair, field).toBe(false);
      }
    });
  }

  it('finds a changed seed of a player', () => {
    const file = changed(({ reveal }) => (reveal.client_seeds[0].seed = '00'));
    expect(broken(verify(file))).toContain('seeds');
    expect(verify(file).wrongRolls).toBeGreaterThan(0);
  });

  it('finds one changed bit in each receipt', () => {
    const { reveal } = readBattleFile(TEXT);
    reveal.rolls.forEach((_, changedAt) => {
      const rolls = reveal.rolls.map((roll, at) =>
        at === changedAt ? { ...roll, value: roll.value ^ 1 } : roll,
      );
      expect(verifyDice({ ...reveal, rolls }).wrongRolls).toBe(1);
    });
    const found = verify(changed((file) => (file.reveal.rolls[9].value ^= 1)));
    expect(broken(found)).toEqual(expect.arrayContaining(['receipts', 'log']));
  });

  it('finds a receipt that was left out', () => {
    const found = verify(changed(({ reveal }) => reveal.rolls.splice(0, 1)));
    expect(found.wrongRolls).toBeGreaterThan(0);
  });

  it('finds a log that was told differently', () => {
    const file = changed(({ log }) => {
      const event = log
        .flatMap(({ events }: { events: { e: string; lost: number }[] }) => events)
        .find(({ e }: { e: string }) => e === 'damaged');
      event.lost += 1;
    });
    expect(broken(verify(file))).toEqual(['hashes']);
  });

  it('checks the dice alone where there is no log', () => {
    const { reveal } = readBattleFile(TEXT);
    expect(verifyDice(reveal).isFair).toBe(true);
    expect(verifyDice(reveal).turns[0]?.rolls).toHaveLength(sample.reveal.rolls.length);
    const forged = changed((file) => (file.reveal.rolls[5].value ^= 1)).reveal;
    expect(broken(verifyDice(forged))).toEqual(['receipts']);
  });

  it('finds combatants with other ids', () => {
    const found = verify(changed(({ header }) => (header.builds[0].id ^= 1)));
    expect(broken(found)).toContain('combatants');
  });
});

describe('readBattleFile', () => {
  it('refuses what is no battle with one word for why', () => {
    expect(problemOf('')).toBe('not_json');
    expect(problemOf('\u0000PNG')).toBe('not_json');
    expect(problemOf(TEXT.slice(0, 5000))).toBe('not_json');
    expect(problemOf('[]')).toBe('not_a_battle');
    expect(problemOf('{"format":"aether.battle"}')).toBe('another_version');
    expect(problemOf('{"format":"aether.battle","version":1}')).toBe('not_a_battle');
    expect(problemOf('['.repeat(100_000))).not.toBe('');
  });

  it('lets no hostile value through to the verifier or beyond it', () => {
    for (let seed = 0; seed < 80; seed++) {
      const file = JSON.parse(TEXT);
      spoil(file, seed);
      try {
        verify(readBattleFile(JSON.stringify(file)));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(UnreadableFileError);
      }
    }
  });
});

describe('canonical', () => {
  it('sorts keys at every depth and keeps the order of lists', () => {
    expect(canonical({ b: [{ d: 1, c: 'é"' }], a: null })).toBe(
      '{"a":null,"b":[{"c":"é\\"","d":1}]}',
    );
  });
});

const HOSTILE = [-1, 0, 1.5, 2 ** 32 + 1, 2 ** 60, '', 'zz', '\u0000', [], {}, null, true];

/** Replace one value somewhere, chosen by a number. */
function spoil(file: any, seed: number): void {
  let state = seed * 2654435761 + 1;
  const below = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  let node = file;
  for (;;) {
    const keys = Object.keys(node);
    const key = keys[below(keys.length)];
    if (key === undefined) return;
    const inner = node[key];
    const goesDeeper = typeof inner === 'object' && inner && below(10) > 0;
    if (goesDeeper && Object.keys(inner).length > 0) {
      node = inner;
      continue;
    }
    node[key] = HOSTILE[below(HOSTILE.length)];
    return;
  }
}
