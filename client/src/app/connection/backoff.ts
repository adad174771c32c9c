const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** How long to wait before the attempt: doubled each time, and spread so that not all come at once. */
export function waitBefore(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
