/** How the dice of a cast may fall. */

/** Which of so many outcomes a die shows, from the lowest on. */
export type Draw = (outcomes: number, isHarm: boolean) => number;

/**
 * So many falls of all its dice are looked at one by one; of a cast with more, only the extremes. Those that
 * the dice of its lowest fall would make tell beforehand which it is.
 */
const FALLS_MAX = 128;

const EXTREMES: readonly Draw[] = [false, true].flatMap((isHarmHigh) =>
  [false, true].map(
    (isHelpHigh): Draw =>
      (outcomes, isHarm) =>
        (isHarm ? isHarmHigh : isHelpHigh) ? outcomes - 1 : 0,
  ),
);

/** What comes of every way in which the dice may fall: of too many, of all low or all high. */
export function however<Result>(happen: (draw: Draw) => Result): readonly Result[] {
  return everyFall(happen) ?? EXTREMES.map(happen);
}

interface Drawn {
  readonly value: number;
  readonly outcomes: number;
}

/** Count through all dice as through the digits of a number, whose places appear as it goes. */
function everyFall<Result>(happen: (draw: Draw) => Result): readonly Result[] | null {
  const results: Result[] = [];
  let planned: readonly number[] = [];
  for (;;) {
    if (results.length === FALLS_MAX) return null;
    let drawn: readonly Drawn[] = [];
    const draw: Draw = (outcomes) => {
      const value = planned[drawn.length] ?? 0;
      drawn = [...drawn, { value, outcomes }];
      return value;
    };
    results.push(happen(draw));
    if (results.length === 1 && fallsOf(drawn) > FALLS_MAX) return null;
    const next = following(drawn);
    if (!next) return results;
    planned = next;
  }
}

function fallsOf(drawn: readonly Drawn[]): number {
  return drawn.reduce((product, { outcomes }) => product * outcomes, 1);
}

function following(drawn: readonly Drawn[]): readonly number[] | null {
  const last = drawn.map(({ value, outcomes }) => value < outcomes - 1).lastIndexOf(true);
  if (last < 0) return null;
  return drawn.slice(0, last + 1).map(({ value }, at) => (at === last ? value + 1 : value));
}
