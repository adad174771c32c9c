import { Cell, cellKey } from '../board/board-types';
import { ZoneMap } from '../protocol/generated';
import { canWalk, findWay, stepsBetween } from './pathfinding';

/** `.` costs 1, `3` costs 3, `#` cannot be walked. */
function drawn(...rows: string[]): ZoneMap {
  const cells = rows.flatMap((row) => [...row]);
  return {
    walk: cells.map((cell) => (cell === '#' ? 0 : 1)),
    cost: cells.map((cell) => Number(cell) || 1),
    width: rows[0]?.length ?? 0,
    height: rows.length,
  } as unknown as ZoneMap;
}

describe('findWay', () => {
  it('leaves the first cell out and ends at the goal', () => {
    expect(findWay(drawn('...'), [0, 0], [2, 0])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('is empty where one stands already', () => {
    expect(findWay(drawn('...'), [1, 0], [1, 0])).toEqual([]);
  });

  it('takes the longer way when it is cheaper', () => {
    const way = findWay(drawn('.33.', '....'), [0, 0], [3, 0]);
    expect(way).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
      [3, 0],
    ]);
  });

  it('stops beside what cannot be stood on', () => {
    expect(findWay(drawn('...#'), [0, 0], [3, 0], 1)).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('is null when there is no way', () => {
    expect(findWay(drawn('.#.'), [0, 0], [2, 0])).toBeNull();
  });
});

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Journey {
  readonly map: ZoneMap;
  readonly from: Cell;
  readonly goal: Cell;
  readonly nearEnough: number;
}

/** A small map, from open to nearly closed, with ground that costs up to 9 a step. */
function journey(seed: number): Journey {
  const roll = dice(seed);
  const upTo = (most: number) => Math.floor(roll() * (most + 1));
  const [width, height, closed, dearest] = [1 + upTo(11), 1 + upTo(11), roll() * 0.6, upTo(9)];
  const rows = Array.from({ length: height }, () =>
    Array.from({ length: width }, () => (roll() < closed ? '#' : `${upTo(dearest)}`)).join(''),
  );
  const cell = (): Cell => [upTo(width - 1), upTo(height - 1)];
  return { map: drawn(...rows), from: cell(), goal: cell(), nearEnough: upTo(4) === 0 ? 1 : 0 };
}

function costOfStep(map: ZoneMap, [x, y]: Cell): number {
  return map.cost[y * map.width + x] ?? NaN;
}

/** What the cheapest way costs, by taking every step until none makes anything cheaper. */
function cheapest({ map, from, goal, nearEnough }: Journey): number {
  const costs = new Map([[cellKey(from), 0]]);
  const due: Cell[] = [from];
  let least = Infinity;
  for (let at = due.shift(); at; at = due.shift()) {
    const [x, y] = at;
    const spent = costs.get(cellKey(at)) ?? NaN;
    if (stepsBetween(at, goal) <= nearEnough) least = Math.min(least, spent);
    const around: Cell[] = [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ];
    for (const next of around.filter((cell) => canWalk(map, cell))) {
      const cost = spent + costOfStep(map, next);
      if (cost >= (costs.get(cellKey(next)) ?? Infinity)) continue;
      costs.set(cellKey(next), cost);
      due.push(next);
    }
  }
  return least;
}

/** What a way costs; NaN when it jumps, or leads through what cannot be walked. */
function costOfWay({ map, from, goal, nearEnough }: Journey, way: readonly Cell[]): number {
  let [at, spent] = [from, 0];
  for (const cell of way) {
    if (stepsBetween(at, cell) !== 1 || !canWalk(map, cell)) return NaN;
    spent += costOfStep(map, cell);
    at = cell;
  }
  return stepsBetween(at, goal) <= nearEnough ? spent : NaN;
}

describe('findWay on any map', () => {
  const MAPS = 1_000;
  const FIRST_SEED = Date.now() % 1_000_000_000;

  it('finds a way as cheap as any there is, and none exactly where there is none', () => {
    let found = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + MAPS; seed++) {
      const trip = journey(seed);
      const way = findWay(trip.map, trip.from, trip.goal, trip.nearEnough);
      if (way) found++;
      const cost = way ? costOfWay(trip, way) : Infinity;
      expect(cost, `seed ${seed}`).toBe(cheapest(trip));
    }
    // Neither case may be missing among so many maps.
    expect(found, `seeds from ${FIRST_SEED}`).toBeGreaterThan(MAPS / 10);
    expect(found, `seeds from ${FIRST_SEED}`).toBeLessThan(MAPS);
  });
});
