/** Time and light of the world, as they follow from what the server told once. */
import { PhaseSeen, Sky } from '../protocol/generated';

export const DAY_MINUTES = 1440;
/** Half of the time that the light takes to change, in minutes of the world. */
const EASE_MINUTES = 45;

/** What a clock in the world shows, at a moment given in milliseconds since a day there began. */
export function minuteOfDay(sinceDawnMs: number, dayS: number): number {
  const minute = (sinceDawnMs / (dayS * 1000)) * DAY_MINUTES;
  return ((minute % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
}

export function clockTime(minute: number): string {
  const whole = Math.floor(minute);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

export function phaseAt(phases: readonly PhaseSeen[], minute: number): PhaseSeen | undefined {
  return phases.filter((phase) => phase.minute <= minute).at(-1) ?? phases.at(-1);
}

/** How light it is, 0 to 1: it changes slowly around the minute at which a part of the day begins. */
export function lightAt(sky: Sky, minute: number): number {
  const { phases } = sky;
  const now = phaseAt(phases, minute);
  if (!now) return 1;
  for (const phase of phases) {
    const before = phaseAt(phases, (phase.minute - 1 + DAY_MINUTES) % DAY_MINUTES);
    const past = ((minute - phase.minute + DAY_MINUTES * 1.5) % DAY_MINUTES) - DAY_MINUTES / 2;
    if (!before || Math.abs(past) > EASE_MINUTES) continue;
    const part = (past + EASE_MINUTES) / (2 * EASE_MINUTES);
    return (before.light_pct + (phase.light_pct - before.light_pct) * smooth(part)) / 100;
  }
  return now.light_pct / 100;
}

/** Which events have begun, and which are over. */
export function eventChanges(
  before: readonly string[],
  now: readonly string[],
): { readonly begun: readonly string[]; readonly over: readonly string[] } {
  return {
    begun: now.filter((event) => !before.includes(event)),
    over: before.filter((event) => !now.includes(event)),
  };
}

function smooth(part: number): number {
  return part * part * (3 - 2 * part);
}
