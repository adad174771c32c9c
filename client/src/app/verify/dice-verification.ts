/** Checks dice thrown outside battles. A pure function of the file: no server is asked. */
import { ThrowSeen } from '../protocol/generated';
import { DiceStream, commitmentOf, throwKey } from './dice';
import { DiceFile } from './dice-file';

export type DiceCheckName = 'commitment' | 'told' | 'numbers' | 'receipts';

export interface DiceCheck {
  readonly name: DiceCheckName;
  readonly holds: boolean;
}

/** One of the dice beside what the seeds really give. */
export interface CheckedDie {
  readonly n: number;
  readonly told: number;
  readonly value: number;
  readonly holds: boolean;
}

export interface CheckedThrow {
  readonly thrown: ThrowSeen;
  readonly dice: readonly CheckedDie[];
  readonly isInPlace: boolean;
  readonly holds: boolean;
}

export interface DiceVerification {
  readonly isFair: boolean;
  readonly checks: readonly DiceCheck[];
  readonly throws: readonly CheckedThrow[];
  readonly dice: number;
}

/**
 * What a file proves: the house kept to its commitment, every throw is there once, and each die is what the seeds
 * give. `told` is the commitment that the reader's own browser was told before, if it still knows it.
 */
export function verifyThrows(file: DiceFile, told: string | null = null): DiceVerification {
  const throws = file.throws.map((thrown, place) => checkedThrow(file, thrown, place));
  const checks: DiceCheck[] = [
    {
      name: 'commitment',
      holds: commitmentOf(file.pair.server_seed) === file.pair.commitment,
    },
    ...(told === null ? [] : [{ name: 'told' as const, holds: told === file.pair.commitment }]),
    {
      name: 'numbers',
      holds: file.pair.throws === throws.length && throws.every(({ isInPlace }) => isInPlace),
    },
    { name: 'receipts', holds: throws.every(({ dice }) => dice.every(({ holds }) => holds)) },
  ];
  return {
    isFair: checks.every(({ holds }) => holds),
    checks,
    throws,
    dice: throws.reduce((sum, { dice }) => sum + dice.length, 0),
  };
}

/** The stream whose dice decide about a cause, `<source>:<reference>`: its source. */
export function sourceOf(cause: string): string {
  return cause.split(':', 1)[0]!;
}

function checkedThrow(file: DiceFile, thrown: ThrowSeen, place: number): CheckedThrow {
  const key = throwKey({
    serverSeed: file.pair.server_seed,
    characterId: file.character_id,
    clientSeed: file.pair.client_seed,
    nonce: place,
  });
  const stream = new DiceStream(key, sourceOf(thrown.cause));
  let next = 0;
  const dice = thrown.rolls.map(([index, n, told, end]): CheckedDie => {
    const { value, nextIndex } = stream.below(n, index);
    const holds = index === next && told === value && end === nextIndex;
    next = end;
    return { n, told, value, holds };
  });
  const isInPlace = thrown.nonce === place;
  return { thrown, dice, isInPlace, holds: isInPlace && dice.every(({ holds }) => holds) };
}
