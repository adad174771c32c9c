/** Checks the dice of an exported battle. A pure function of the file: no server is asked. */
import { BattleEvent, Rolled } from '../protocol/generated';
import { BattleFile, LoggedStep, RevealedDice } from './battle-file';
import { canonicalHash } from './canonical';
import { DiceStream, WORD_RANGE, battleKey, commitmentOf } from './dice';
import { bytesToHex } from '@noble/hashes/utils.js';

export type CheckName =
  | 'commitment'
  | 'seeds'
  | 'combatants'
  | 'receipts'
  | 'log'
  | 'choices'
  | 'hashes'
  | 'end'
  | 'seal';

export interface Check {
  readonly name: CheckName;
  readonly holds: boolean;
}

/** One receipt beside what the seeds really give. */
export interface CheckedRoll {
  readonly number: number;
  readonly roll: Rolled;
  readonly value: number;
  readonly holds: boolean;
  readonly isInOrder: boolean;
}

/** A roll where it was made: the input that asked for it, and what followed from it. */
export interface PlacedRoll extends CheckedRoll {
  /** Who it was for: whoever acts, or whose place in the order of turns was drawn. */
  readonly who: number;
  readonly step: LoggedStep;
  readonly decided: BattleEvent | null;
}

/** The turn that the rolls of the loot are listed under. */
export const LOOT = -1;

export interface TurnOfRolls {
  readonly turn: number;
  readonly who: number;
  readonly rolls: readonly PlacedRoll[];
}

export interface Verification {
  readonly isFair: boolean;
  readonly battleKey: string;
  readonly checks: readonly Check[];
  readonly turns: readonly TurnOfRolls[];
  readonly rolls: number;
  readonly wrongRolls: number;
}

/**
 * Everything that a whole file proves: its dice, and that it agrees with itself. Whether this is the battle's true
 * log, only the hash that the server tells can say.
 */
export function verify(file: BattleFile): Verification {
  const { key, rolls, checks } = diceOf(file.reveal);
  const ofTheLog: Check[] = [
    { name: 'seeds', holds: areSeedsLogged(file) },
    { name: 'combatants', holds: areIdsDrawn(file) },
    { name: 'log', holds: isLogOfReveal(file) },
    { name: 'choices', holds: areChoicesDrawn(file) },
    { name: 'hashes', holds: areHashesTrue(file) },
    { name: 'end', holds: hasOneEnd(file) },
  ];
  return verification(key, rolls, [...checks, ...ofTheLog], turnsOf(file, rolls));
}

/** The same beside the hash of the log that the game tells everybody, which a forger cannot change. */
export function compared(
  found: Verification,
  { reveal }: BattleFile,
  told: RevealedDice,
): Verification {
  const seal = reveal.battle_id === told.battle_id && reveal.log_hash === told.log_hash;
  const checks: Check[] = [...found.checks, { name: 'seal', holds: seal }];
  return { ...found, checks, isFair: found.isFair && seal };
}

/** What the dice alone prove, to whoever watched a battle without taking part. */
export function verifyDice(reveal: RevealedDice): Verification {
  const { key, rolls, checks } = diceOf(reveal);
  const step: LoggedStep = { actor: 0, input: { i: '' }, events: [] };
  const all = rolls.map((roll): PlacedRoll => ({ ...roll, who: 0, step, decided: null }));
  return verification(key, rolls, checks, [{ turn: 0, who: 0, rolls: all }]);
}

function diceOf(reveal: RevealedDice) {
  const key = battleKey({
    serverSeed: reveal.server_seed,
    battleId: reveal.battle_id,
    contentHash: reveal.content_hash,
    clientSeeds: reveal.client_seeds,
  });
  const rolls = checkedRolls([...reveal.rolls, ...(reveal.loot ?? [])], key);
  const checks: Check[] = [
    { name: 'commitment', holds: commitmentOf(reveal.server_seed) === reveal.commitment },
    { name: 'receipts', holds: !rolls.some(isWrong) },
  ];
  return { key, rolls, checks };
}

function verification(
  key: Uint8Array,
  rolls: readonly CheckedRoll[],
  checks: readonly Check[],
  turns: readonly TurnOfRolls[],
): Verification {
  return {
    isFair: checks.every(({ holds }) => holds),
    battleKey: bytesToHex(key),
    checks,
    turns,
    rolls: rolls.length,
    wrongRolls: rolls.filter(isWrong).length,
  };
}

export function isWrong({ holds, isInOrder }: CheckedRoll): boolean {
  return !holds || !isInOrder;
}

/** Each stream begins at 0 and goes on where the last roll of it ended. */
function checkedRolls(rolls: readonly Rolled[], key: Uint8Array): CheckedRoll[] {
  const streams = new Map<string, { dice: DiceStream; next: number }>();
  return rolls.map((roll, index) => {
    const stream = streams.get(roll.stream) ?? { dice: new DiceStream(key, roll.stream), next: 0 };
    streams.set(roll.stream, stream);
    const draw = stream.dice.below(roll.n, roll.index);
    const isInOrder = roll.index === stream.next;
    stream.next = roll.next_index;
    const holds = draw.value === roll.value && draw.nextIndex === roll.next_index;
    return { number: index + 1, roll, value: draw.value, holds, isInOrder };
  });
}

/** The seeds are those that the players gave when they were ready, empty for who gave none. */
function areSeedsLogged({ header, reveal, ...file }: BattleFile): boolean {
  const characters = new Map(header.builds.map(({ id, character_id }) => [id, character_id]));
  const given = new Map<number, string>();
  for (const { character_id } of header.builds) if (character_id) given.set(character_id, '');
  for (const event of allEvents(file)) {
    if (event.e === 'joined' && event.combatant.character_id) {
      characters.set(event.combatant.id, event.combatant.character_id);
      given.set(event.combatant.character_id, '');
    }
    const character = event.e === 'readied' ? characters.get(event.who) : null;
    if (event.e === 'readied' && character) given.set(character, event.seed);
  }
  const told = new Map(reveal.client_seeds.map(({ character_id, seed }) => [character_id, seed]));
  return (
    reveal.client_seeds.length === given.size &&
    [...given].every(([character, seed]) => told.get(character) === seed)
  );
}

/** Whoever makes a file may say that thousands came. */
const JOINERS_MAX = 64;

/** Ids exist before any player's seed does: they come from the key without those. */
function areIdsDrawn({ header, reveal, ...file }: BattleFile): boolean {
  const key = battleKey({
    serverSeed: reveal.server_seed,
    battleId: header.battle_id,
    contentHash: header.content_hash,
    clientSeeds: [],
  });
  const began = header.builds.map(({ id }) => id);
  const joined = joinersOf(file);
  return (
    joined.length <= JOINERS_MAX &&
    areEqual(began, freshIds(new DiceStream(key, 'ids'), began.length, [])) &&
    areEqual(joined, freshIds(new DiceStream(key, 'joined'), joined.length, began))
  );
}

function freshIds(stream: DiceStream, count: number, taken: readonly number[]): number[] {
  const ids: number[] = [];
  for (let index = 0; ids.length < count; index++) {
    const { value } = stream.below(WORD_RANGE, index);
    if (value !== 0 && !ids.includes(value) && !taken.includes(value)) ids.push(value);
  }
  return ids;
}

function areEqual(some: readonly number[], others: readonly number[]): boolean {
  return some.every((id, at) => id === others[at]);
}

/** The numbers of those who joined before the fight, in their order. */
function joinersOf(file: Pick<BattleFile, 'log' | 'stopped'>): number[] {
  return allEvents(file).flatMap((event) => (event.e === 'joined' ? [event.combatant.id] : []));
}

function isLogOfReveal({ header, reveal, ...file }: BattleFile): boolean {
  const logged = allEvents(file).filter((event) => event.e === 'rolled');
  return (
    header.battle_id === reveal.battle_id &&
    header.content_hash === reveal.content_hash &&
    header.commitment === reveal.commitment &&
    canonicalHash(logged) === canonicalHash(reveal.rolls)
  );
}

/** What a machine drew to decide has one receipt, among as many decisions as its input says. */
function areChoicesDrawn({ log }: BattleFile): boolean {
  return log.every(({ input: { among = 0 }, events }) => {
    const drawn = events.filter(
      (event) => event.e === 'rolled' && event.stream === 'ai' && event.why === 'choice',
    ) as Rolled[];
    if (among ? drawn.length === 1 && drawn[0]?.n === among : drawn.length === 0) return true;
    // Of an input that made the rules run away nothing is left but the end.
    const [only] = events;
    return events.length === 1 && only?.e === 'battle_ended' && only.reason === 'engine_fault';
  });
}

function areHashesTrue({ header, log, stopped, hashes, reveal }: BattleFile): boolean {
  const turns = allEvents({ log, stopped: [] }).flatMap((event) =>
    event.e === 'turn_ended' ? [event.state_hash] : [],
  );
  const logHash = canonicalHash({ header, log, stopped });
  return (
    hashes.header === canonicalHash(header) &&
    hashes.log === logHash &&
    reveal.log_hash === logHash &&
    canonicalHash(hashes.turns) === canonicalHash(turns)
  );
}

/** Nothing happens after the end; from outside, a fault or the staff end a battle, and nobody wins it. */
function hasOneEnd({ log, stopped }: BattleFile): boolean {
  const events = allEvents({ log, stopped });
  const [stop] = stopped;
  const mayStop =
    !stop ||
    (stop.e === 'battle_ended' &&
      (stop.reason === 'engine_fault' || stop.reason === 'staff') &&
      stop.winner === -1 &&
      canonicalHash(stop.results) === canonicalHash([]));
  const ends = events.filter(({ e }) => e === 'battle_ended').length;
  return mayStop && stopped.length <= 1 && ends === 1 && events.at(-1)?.e === 'battle_ended';
}

function allEvents({ log, stopped }: Pick<BattleFile, 'log' | 'stopped'>): BattleEvent[] {
  return [...log.flatMap(({ events }) => events), ...stopped];
}

/** The rolls in the turns that they were made in; turn 0 is what came before the first. */
function turnsOf(file: BattleFile, checked: readonly CheckedRoll[]): TurnOfRolls[] {
  const turns: { turn: number; who: number; rolls: PlacedRoll[] }[] = [];
  let current = { turn: 0, who: 0, rolls: [] as PlacedRoll[] };
  let count = 0;
  // The order of turns is drawn for one after the other, by their ids.
  const inOrder = [...file.header.builds.map(({ id }) => id), ...joinersOf(file)].sort(
    (a, b) => a - b,
  );
  for (const step of file.log) {
    step.events.forEach((event, at) => {
      if (event.e === 'turn_started')
        current = { turn: event.turn, who: event.who, rolls: [] as PlacedRoll[] };
      const found = event.e === 'rolled' ? checked[count++] : undefined;
      if (!found) return;
      if (current.rolls.length === 0) turns.push(current);
      const whose = whoseRoll(found.roll.why, current.who, inOrder) || step.actor;
      // The luck of a turn is rolled as it begins, by what ended the turn before.
      const cause = found.roll.why === 'rule' ? { ...step, input: { i: '' } } : step;
      const decided = decidedBy(step.events, at);
      current.rolls.push({ ...found, who: whose, step: cause, decided });
    });
  }
  const loot = checked.slice(file.reveal.rolls.length).map((roll) => placedLoot(file, roll));
  return loot.length > 0 ? [...turns, { turn: LOOT, who: 0, rolls: loot }] : turns;
}

function whoseRoll(why: string, owner: number, inOrder: number[]): number {
  if (why === 'rule') return owner;
  return (why === 'order' && inOrder.shift()) || 0;
}

/** Loot is thrown after the battle, for a player or once for all who won. */
function placedLoot(file: BattleFile, checked: CheckedRoll): PlacedRoll {
  const character = Number(checked.roll.stream.slice('loot:'.length));
  const called = allEvents(file).flatMap((event) =>
    event.e === 'joined' ? [event.combatant] : [],
  );
  const fighters = [...file.header.builds, ...called];
  const who = fighters.find(({ character_id }) => character_id === character)?.id ?? 0;
  const step: LoggedStep = { actor: who, input: { i: '' }, events: [] };
  return { ...checked, who, step, decided: null };
}

const STRENGTHS: readonly BattleEvent['e'][] = ['effect_applied', 'effect_changed'];
/** A map, since what a roll is for may be any word in a file. */
const OUTCOMES: ReadonlyMap<string, readonly BattleEvent['e'][]> = new Map([
  ['crit', ['skill_cast']],
  ['damage', ['damaged']],
  ['dodge', ['damaged']],
  ['heal', ['healed']],
  ['shield', STRENGTHS],
  ['dot', STRENGTHS],
  ['hot', STRENGTHS],
  ['order', ['fight_started']],
]);

/** The first event after a roll that shows what it was for, unless another such roll comes before it. */
function decidedBy(events: readonly BattleEvent[], at: number): BattleEvent | null {
  const roll = events[at];
  const wanted = roll?.e === 'rolled' ? OUTCOMES.get(roll.why) : undefined;
  return wanted ? (events.slice(at + 1).find(({ e }) => wanted.includes(e)) ?? null) : null;
}
