/** Keyed dice, worked out by the browser itself: every draw is an HMAC of seeds, a name and an index. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

export const WORD_RANGE = 2 ** 32;
const WORDS_PER_BLOCK = 8;

export interface Seeds {
  readonly serverSeed: string;
  readonly battleId: number;
  readonly contentHash: string;
  readonly clientSeeds: readonly { readonly character_id: number; readonly seed: string }[];
}

export interface Draw {
  readonly value: number;
  readonly nextIndex: number;
}

/** What is published before any player's seed is accepted. */
export function commitmentOf(serverSeed: string): string {
  return bytesToHex(sha256(hexToBytes(serverSeed)));
}

/** The key that all seeds together give. */
export function battleKey({ serverSeed, battleId, contentHash, clientSeeds }: Seeds): Uint8Array {
  const inOrder = [...clientSeeds].sort((a, b) => a.character_id - b.character_id);
  const message = concatBytes(
    utf8ToBytes('aether.battle.v1'),
    u64(battleId),
    hexToBytes(contentHash),
    ...inOrder.flatMap(({ character_id, seed }) => {
      const bytes = hexToBytes(seed);
      return [u64(character_id), Uint8Array.of(bytes.length), bytes];
    }),
  );
  return hmac(sha256, hexToBytes(serverSeed), message);
}

export interface ThrowSeeds {
  readonly serverSeed: string;
  readonly characterId: number;
  readonly clientSeed: string;
  readonly nonce: number;
}

/** The key of one throw outside battles. */
export function throwKey(seeds: ThrowSeeds): Uint8Array {
  const share = hexToBytes(seeds.clientSeed);
  const message = concatBytes(
    utf8ToBytes('aether.dice.v1'),
    u64(seeds.characterId),
    Uint8Array.of(share.length),
    share,
    u64(seeds.nonce),
  );
  return hmac(sha256, hexToBytes(seeds.serverSeed), message);
}

/** A named sequence of dice under one key. */
export class DiceStream {
  private readonly key: Uint8Array;
  private blockNumber = -1;
  private block = new DataView(new ArrayBuffer(0));

  constructor(battleKey: Uint8Array, name: string) {
    this.key = hmac(sha256, battleKey, utf8ToBytes(`aether.stream.v1${name}`));
  }

  /** The 32-bit word at an index. */
  word(index: number): number {
    const number = Math.floor(index / WORDS_PER_BLOCK);
    if (number !== this.blockNumber) {
      const digest = hmac(sha256, this.key, u64(number));
      this.block = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
      this.blockNumber = number;
    }
    return this.block.getUint32(4 * (index % WORDS_PER_BLOCK));
  }

  /** Draw evenly from 0..n-1; words past the last full multiple of n are skipped. */
  below(n: number, index: number): Draw {
    const limit = WORD_RANGE - (WORD_RANGE % n);
    let position = index;
    let word = this.word(position);
    while (word >= limit) word = this.word(++position);
    return { value: word % n, nextIndex: position + 1 };
  }

  /** The items in random order, and where the stream goes on. */
  shuffle<T>(items: readonly T[], index: number): { items: T[]; nextIndex: number } {
    const shuffled = [...items];
    let nextIndex = index;
    for (let last = shuffled.length - 1; last > 0; last--) {
      const draw = this.below(last + 1, nextIndex);
      nextIndex = draw.nextIndex;
      [shuffled[last], shuffled[draw.value]] = [shuffled[draw.value]!, shuffled[last]!];
    }
    return { items: shuffled, nextIndex };
  }
}

/** Which weight a draw below their sum falls on. */
export function pick(weights: readonly number[], value: number): number {
  let left = value;
  return weights.findIndex((weight) => (left -= weight) < 0);
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
