/** Why a connection ended for good, from the close code; everything else is tried again. */
export type Ending =
  'signed_out' | 'taken_over' | 'outdated' | 'flooded' | 'unreadable' | 'refused';

const ENDINGS: Readonly<Record<number, Ending>> = {
  1008: 'flooded',
  1009: 'unreadable',
  4400: 'unreadable',
  4401: 'signed_out',
  4409: 'taken_over',
  4426: 'outdated',
};

export function endingOf(closeCode: number): Ending | null {
  return ENDINGS[closeCode] ?? null;
}
