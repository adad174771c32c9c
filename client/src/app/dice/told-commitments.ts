/** What this browser was told of pairs of seeds before anything was thrown: the game cannot unsay it. */

const KEPT_MAX = 60;

type Told = Readonly<Record<string, string>>;

export function rememberCommitment(character: number, pair: number, commitment: string): void {
  const told = read(character);
  // What was told first stands, whatever is told later.
  if (String(pair) in told) return;
  const numbers = [...Object.keys(told).map(Number), pair].sort((a, b) => b - a).slice(0, KEPT_MAX);
  const kept = numbers.map((each) => [each, each === pair ? commitment : told[each]!]);
  try {
    localStorage.setItem(keyOf(character), JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // A browser that keeps nothing compares nothing.
  }
}

export function toldCommitment(character: number, pair: number): string | null {
  return read(character)[pair] ?? null;
}

function read(character: number): Told {
  try {
    return (JSON.parse(localStorage.getItem(keyOf(character)) ?? '{}') as Told | null) ?? {};
  } catch {
    return {};
  }
}

function keyOf(character: number): string {
  return `aether.dice.${character}`;
}
