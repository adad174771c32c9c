/** An exported battle as it comes from a file or from the server. It may hold anything: nothing is believed. */
import {
  BattleEvent,
  BattleSite,
  BattleView,
  ClientSeed,
  Rolled,
  SeenBattle,
} from '../protocol/generated';
import { UnreadableFileError, checkedExport, parsed } from './export-file';
import {
  Check,
  either,
  isAbsent,
  isHash,
  isId,
  isNull,
  isNumber,
  isRecord,
  isSeed,
  isText,
  listOf,
  record,
} from './shape';

const BOARD_SIDE_MAX = 24;
/** Far beyond any battle; a draw from there still counts on exactly. */
const INDEX_MAX = 2 ** 52;
const BUILDS_MAX = 64;

export interface LoggedStep {
  readonly actor: number;
  readonly input: { readonly i: string; readonly skill?: string; readonly among?: number };
  readonly events: readonly BattleEvent[];
}

export interface BuildSnapshot {
  readonly id: number;
  readonly kind: string;
  readonly ref: string;
  readonly name: string;
  readonly character_id: number | null;
}

/** What everybody may know once a battle is over: enough to check its dice. */
export interface RevealedDice {
  readonly battle_id: number;
  readonly content_hash: string;
  readonly commitment: string;
  readonly server_seed: string;
  readonly client_seeds: readonly ClientSeed[];
  readonly rolls: readonly Rolled[];
  readonly log_hash: string;
  readonly not_replayable?: 'rules' | 'content' | null;
  /** The dice of the loot, once it is paid. */
  readonly loot?: readonly Rolled[];
}

export interface BattleFile {
  readonly header: {
    readonly battle_id: number;
    readonly content_hash: string;
    readonly commitment: string;
    readonly builds: readonly BuildSnapshot[];
  };
  readonly site: BattleSite | null;
  readonly log: readonly LoggedStep[];
  readonly stopped: readonly BattleEvent[];
  readonly reveal: RevealedDice;
  readonly hashes: {
    readonly header: string;
    readonly log: string;
    readonly turns: readonly string[];
  };
  readonly views: readonly SeenBattle[];
}

/** The battle that a text holds; anything else is refused with what is wrong. */
export function readBattleFile(text: string): BattleFile {
  return checkedFile(parsed(text));
}

export function checkedFile(found: unknown): BattleFile {
  return checkedExport<BattleFile>(found, 'aether.battle', isBattle, 'not_a_battle');
}

export function checkedReveal(found: unknown): RevealedDice {
  if (!isReveal(found)) throw new UnreadableFileError('not_a_battle');
  return found as RevealedDice;
}

const isRoll = record({
  e: (value) => value === 'rolled',
  stream: isText,
  index: (value) => isNumber(value) && (value as number) >= 0 && (value as number) <= INDEX_MAX,
  n: (value) => isNumber(value) && (value as number) >= 1 && (value as number) <= 2 ** 32,
  value: isNumber,
  next_index: isNumber,
  why: isText,
});

const isLootRoll: Check = (value) =>
  isRoll(value) && /^loot:(battle|[1-9][0-9]*)$/.test((value as Rolled).stream);

const isBuild = record({
  id: isId,
  kind: isText,
  ref: isText,
  name: isText,
  character_id: either(isNull, isId),
});

const isCell: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every((each) => isNumber(each));

const isCombatant = record({
  id: isNumber,
  team: isNumber,
  kind: isText,
  ref: isText,
  name: isText,
  cell: isCell,
  hp: isNumber,
  hp_max: isNumber,
  effects: listOf(isRecord),
  skills: listOf(isRecord),
  uses: listOf(isRecord),
  stats: isRecord,
});

const isField = record({
  id: isNumber,
  kind: isText,
  skill: isText,
  team: isNumber,
  centre: isCell,
  cells: listOf(isCell),
});

/** What the pages read of an event beyond its name. */
const PARTS_OF: ReadonlyMap<unknown, Check> = new Map([
  ['rolled', isRoll],
  ['turn_started', record({ who: isNumber, turn: isNumber })],
  ['fight_started', record({ timeline: listOf(isNumber) })],
  ['effect_applied', record({ effect: isRecord })],
  ['summoned', record({ combatant: record({ id: isId, name: isText, ref: isText }) })],
  ['joined', record({ combatant: isBuild })],
]);

const isEvent: Check = (value) =>
  isRecord(value) && isText(value['e']) && (PARTS_OF.get(value['e'])?.(value) ?? true);

/** A battle as somebody sees it, at its start or after any event of a file. */
export const isView: Check = (value) =>
  record({
    battle_id: isId,
    timeline: listOf(isNumber),
    combatants: listOf(isCombatant),
    placement: listOf(listOf(isCell)),
    forfeit_votes: listOf(isNumber),
    results: listOf(isRecord),
    fields: listOf(isField),
    board: isBoard,
  })(value);

const isReveal = record({
  battle_id: isId,
  content_hash: isHash,
  commitment: isHash,
  server_seed: isHash,
  client_seeds: listOf(record({ character_id: isId, seed: isSeed })),
  rolls: listOf(isRoll),
  log_hash: isText,
  loot: either(isAbsent, listOf(isLootRoll)),
  not_replayable: either(isAbsent, isNull, (value) => value === 'rules' || value === 'content'),
});

const isBattle = record({
  header: record({
    battle_id: isId,
    content_hash: isHash,
    commitment: isHash,
    builds: (value) => listOf(isBuild)(value) && (value as unknown[]).length <= BUILDS_MAX,
  }),
  site: either(isNull, record({ zone: isText, map_hash: isText, origin: isCell })),
  log: listOf(
    record({
      actor: isNumber,
      input: record({
        i: isText,
        skill: either(isAbsent, isText),
        among: either(isAbsent, isNumber),
      }),
      events: listOf(isEvent),
    }),
  ),
  stopped: listOf(isEvent),
  reveal: isReveal,
  hashes: record({ header: isText, log: isText, turns: listOf(isText) }),
  views: listOf(isSeenBattle),
});

export function isSeenBattle(value: unknown): value is SeenBattle {
  return record({ audience: isText, start: isView, told: listOf(listOf(isEvent)) })(value);
}

function isBoard(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { width, height, terrain, tags } = value as unknown as BattleView['board'];
  const fits = [width, height].every(
    (side) => Number.isInteger(side) && side >= 1 && side <= BOARD_SIDE_MAX,
  );
  return fits && isText(terrain) && terrain.length === width * height && Array.isArray(tags);
}
