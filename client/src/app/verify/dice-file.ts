/** The dice that a character threw outside battles, as they come from a file or from the server. */
import { DiceExport, SeedPairSeen } from '../protocol/generated';
import { checkedExport, isOfFormat, parsed } from './export-file';
import {
  Check,
  either,
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

/** Far beyond any throw; a draw from there still counts on exactly. */
const INDEX_MAX = 2 ** 32;

/** An export whose pair has ended: the seed of the house is in it. */
export interface DiceFile extends DiceExport {
  readonly pair: SeedPairSeen & { readonly server_seed: string };
}

const FORMAT = 'aether.dice';

/** Whether a text holds dice and no battle; what cannot be read at all is neither. */
export function isDiceFile(text: string): boolean {
  try {
    return isOfFormat(parsed(text), FORMAT);
  } catch {
    return false;
  }
}

/** The dice that a text holds; anything else is refused with what is wrong. */
export function readDiceFile(text: string): DiceFile {
  return checkedDice(parsed(text));
}

export function checkedDice(found: unknown): DiceFile {
  return checkedExport<DiceFile>(found, FORMAT, isDice, 'not_dice');
}

const isCount: Check = (value) => isNumber(value) && (value as number) >= 0;

const isReceipt: Check = (value) => {
  if (!Array.isArray(value) || value.length !== 4 || !value.every(isCount)) return false;
  const [index, n, , next] = value as [number, number, number, number];
  return index <= INDEX_MAX && next <= INDEX_MAX && n >= 1 && n <= 2 ** 32;
};

const isMoment: Check = (value) => typeof value === 'number' && Number.isFinite(value);

const isDice = record({
  character_id: isId,
  pair: record({
    number: isId,
    commitment: isHash,
    client_seed: isSeed,
    throws: isCount,
    started_at: either(isNull, isMoment),
    ended_at: either(isNull, isMoment),
    server_seed: isHash,
  }),
  throws: listOf(
    record({
      nonce: isCount,
      at: isMoment,
      cause: isText,
      content_hash: isHash,
      rolls: listOf(isReceipt),
      gave: (value) => isRecord(value) && Object.values(value).every(isCount),
    }),
  ),
});
