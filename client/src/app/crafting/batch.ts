import { RecipeInfo } from '../catalogue/catalogue';

/** How many times something may be made in one go: the server takes no more. */
export const BATCH_MAX = 20;

type Needs = Pick<RecipeInfo, 'inputs' | 'fee' | 'time_s'>;

/** What so many of something take in all. */
export interface Batch {
  readonly inputs: readonly { readonly item: string; readonly needed: number }[];
  readonly fee: number;
  readonly seconds: number;
}

export function batchOf({ inputs, fee, time_s: seconds }: Needs, count: number): Batch {
  return {
    inputs: Object.entries(inputs).map(([item, needed]) => ({ item, needed: needed * count })),
    fee: fee * count,
    seconds: seconds * count,
  };
}

/** How many times what is held and the purse are enough for; never more than may be made in one go. */
export function mostOf(
  { inputs, fee }: Needs,
  held: ReadonlyMap<string, number>,
  glim: number,
): number {
  const byInputs = Object.entries(inputs).map(([item, needed]) =>
    Math.floor((held.get(item) ?? 0) / needed),
  );
  const byFee = fee > 0 ? [Math.floor(glim / fee)] : [];
  return Math.min(BATCH_MAX, ...byInputs, ...byFee);
}

/** How long something takes, as people say it. */
export function durationWords(seconds: number): string {
  if (seconds < 60) return $localize`:@@duration.seconds:${seconds}:seconds: s`;
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return rest === 0
    ? $localize`:@@duration.minutes:${minutes}:minutes: min`
    : $localize`:@@duration.both:${minutes}:minutes: min ${rest}:seconds: s`;
}
