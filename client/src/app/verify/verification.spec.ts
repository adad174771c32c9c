import sample from './sample-battle.json';
import { BattleFile, readBattleFile } from './battle-file';
import { UnreadableFileError } from './export-file';
import { canonical, canonicalHash } from './canonical';
import { decisionOf, purposeOf } from './roll-words';
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

const STOP = { e: 'battle_ended', winner: -1, reason: 'engine_fault', results: [] };

/** Another history in the name of the same battle, sealed anew. */
function sealed(change: (file: any) => void): BattleFile {
  return changed((file) => {
    change(file);
    const { header, log, stopped } = file;
    const events = [...log.flatMap(({ events }: any) => events), ...stopped];
    const turns = events.filter(({ e }) => e === 'turn_ended');
    file.reveal.rolls = events.filter(({ e }) => e === 'rolled');
    file.reveal.log_hash = canonicalHash({ header, log, stopped });
    file.hashes.log = file.reveal.log_hash;
    file.hashes.turns = turns.map(({ state_hash }) => state_hash);
  });
}

describe('verify', () => {
  it('finds a log that does not end as battles end, however it is sealed', () => {
    const cut = (file: any): void => void file.log.splice(-5);
    const stops = [[{ ...STOP, winner: 1 }], [{ ...STOP, reason: 'forfeit' }], [STOP, STOP], []];
    for (const stopped of [...stops, [{ ...STOP, results: [{ who: 1, outcome: 'win' }] }]]) {
      const found = verify(
        sealed((file) => {
          cut(file);
          file.stopped = stopped;
        }),
      );
      expect(broken(found), JSON.stringify(stopped)).toEqual(['end']);
    }
    expect(broken(verify(sealed((file) => (file.stopped = [STOP]))))).toEqual(['end']);
    expect(verify(sealed((file) => (file.log = []))).isFair).toBe(false);
    const last = sealed((file) => file.log.push({ ...file.log[0], events: [{ e: 'said' }] }));
    expect(broken(verify(last))).toEqual(['end']);
  });

  it('knows that a fault may stop a battle', () => {
    const file = sealed((file) => {
      file.log.splice(-5);
      file.stopped = [STOP];
    });
    expect(verify(file).isFair).toBe(true);
  });

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

  it('says whose luck a rule had, and among how many moves a machine drew', () => {
    const rolled = (why: string, n: number, value: number) => ({
      ...sample.reveal.rolls[0],
      stream: 'ai',
      why,
      n,
      value,
    });
    const { log } = JSON.parse(TEXT);
    const at = log.findIndex(({ events }: any) =>
      events.some(({ e }: any) => e === 'turn_started'),
    );
    const { who } = log[at].events.find(({ e }: any) => e === 'turn_started');
    log[at].events.push(rolled('rule', 10_000, 7), rolled('choice', 3, 1));
    const rolls = log.flatMap(({ events }: any) => events.filter(({ e }: any) => e === 'rolled'));
    const file = readBattleFile(
      JSON.stringify({ ...sample, log, reveal: { ...sample.reveal, rolls } }),
    );
    const placed = verify(file).turns.flatMap((turn) => turn.rolls);
    const luck = placed.find(({ roll }) => roll.why === 'rule');
    const choice = placed.find(({ roll }) => roll.why === 'choice');
    expect([luck?.who, luck?.step.input.skill]).toEqual([who, undefined]);
    expect(choice && decisionOf(choice)).toBe('number 2 of 3');
    expect(purposeOf('rule')).toBe("luck of a monster's own rule");
  });

  it('finds a draw of a machine that is not among as many moves as its input says', () => {
    const receipt = { ...sample.reveal.rolls[0], stream: 'ai', why: 'choice', n: 3 };
    const ended = (file: any) => file.log.findLast(({ input }: any) => input.i === 'end_turn');
    const draw = (among: number | undefined, ...drawn: number[]) =>
      broken(
        verify(
          sealed((file) => {
            const step = ended(file);
            step.input.among = among;
            step.events.unshift(...drawn.map((n) => ({ ...receipt, n })));
          }),
        ),
      ).includes('choices');
    expect([draw(3, 3), draw(undefined)]).toEqual([false, false]);
    expect([draw(3), draw(2, 3), draw(3, 3, 3), draw(undefined, 3)]).toEqual(Array(4).fill(true));
  });

  it('misses no draw of an input that made the rules run away', () => {
    const file = sealed(({ log }) => {
      log.splice(-5);
      log.at(-1).input = { i: 'end_turn', among: 2 };
      log.at(-1).events = [STOP];
    });
    expect(broken(verify(file))).not.toContain('choices');
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

  it('finds any bit changed in a seed, the hash of the content, or the commitment', () => {
    const { reveal } = readBattleFile(TEXT);
    for (const field of ['server_seed', 'content_hash', 'commitment'] as const) {
      for (let bit = 0; bit < 256; bit++) {
        const other = { ...reveal, [field]: withBitFlipped(reveal[field], bit) };
        expect(verifyDice(other).isFair, `${field} ${bit}`).toBe(false);
      }
    }
  });

  it('finds any bit changed in a receipt, if it is one still', () => {
    const { length } = sample.reveal.rolls;
    for (const field of ['index', 'n', 'value', 'next_index']) {
      for (let bit = 0; bit < 32; bit++) {
        const at = (bit * 7) % length;
        const file = JSON.parse(TEXT);
        const receipt = file.reveal.rolls[at];
        receipt[field] = Number(BigInt(receipt[field]) ^ (1n << BigInt(bit)));
        const text = JSON.stringify(file);
        const isFound = problemOf(text) !== '' || !verify(readBattleFile(text)).isFair;
        expect(isFound, `${field} of ${at}, ${bit}`).toBe(true);
      }
    }
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

  it('refuses what would break the pages that read it', () => {
    const deep = JSON.parse('['.repeat(3000) + ']'.repeat(3000));
    const change: Record<string, (file: any) => void> = {
      deep: (file) => (file.log[0].input.more = deep),
      'a summoned nobody': ({ log }) => log[0].events.push({ e: 'summoned', combatant: null }),
      'a summoned nobody, told': ({ views }) =>
        views[0].told[0].push({ e: 'summoned', combatant: null }),
      'no fields': ({ views }) => delete views[0].start.fields,
      'too many': ({ header }) => {
        header.builds = Array.from({ length: 65 }, () => header.builds[0]);
      },
      'a skill without a name': ({ log }) => (log[0].input.skill = {}),
      'a draw from beyond': ({ reveal }) => (reveal.rolls[0].index = Number.MAX_SAFE_INTEGER),
      'an order of nobody': ({ log }) => log[0].events.push({ e: 'fight_started' }),
    };
    for (const [what, spoilt] of Object.entries(change)) {
      const file = JSON.parse(TEXT);
      spoilt(file);
      expect(problemOf(JSON.stringify(file)), what).toBe('not_a_battle');
    }
  });

  it('lets a roll be for any word', () => {
    for (const why of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const file = changed(({ log, reveal }) => {
        log.flatMap(({ events }: any) => events).find(({ e }: any) => e === 'rolled').why = why;
        reveal.rolls[0].why = why;
      });
      expect(verify(file).turns[0]?.rolls[0]?.decided).toBeNull();
      expect(purposeOf(why)).toBe(why.replaceAll('_', ' '));
    }
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
