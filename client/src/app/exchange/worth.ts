/** From how many times the worth on a player is warned. */
export const OUTLIER = 4;

/**
 * How many times more one gives than one gets, from where that is worth a warning on; null below, and
 * where nobody knows a price. Giving something for nothing is `Infinity`.
 */
export function timesTooMuch(given: number | null, got: number | null): number | null {
  if (given === null || got === null || given === 0) return null;
  if (got === 0) return Infinity;
  const times = given / got;
  return times >= OUTLIER ? Math.round(times) : null;
}

/** How many times a price differs from the usual one, from where it is worth a warning on. */
export function timesOff(price: number, usual: number | null): number | null {
  if (!usual || !price) return null;
  const times = Math.max(price / usual, usual / price);
  return times >= OUTLIER ? Math.round(times) : null;
}
