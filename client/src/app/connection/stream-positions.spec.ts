import { StreamUpdate } from './frames';
import { StreamPositions } from './stream-positions';

function news(first: number, last = first, s = 'battle:7'): StreamUpdate {
  return {
    t: 'combat.events',
    s,
    first,
    last,
    d: { events: [], clock: { deadline: null, bank_ms: 0 } },
  };
}

function snapshot(n: number, s = 'battle:7'): StreamUpdate {
  return { t: 'combat.snapshot', s, first: n, last: n, d: {} } as StreamUpdate;
}

function applied(positions: StreamPositions, update: StreamUpdate): [number, number][] {
  return positions.accept(update).apply.map(({ first, last }) => [first, last]);
}

describe('StreamPositions', () => {
  it('applies what follows without a gap, and drops what was seen', () => {
    const positions = new StreamPositions();
    positions.accept(snapshot(4));
    expect(applied(positions, news(5, 7))).toEqual([[5, 7]]);
    expect(applied(positions, news(5, 7))).toEqual([]);
    expect(applied(positions, news(3))).toEqual([]);
    expect(positions.all()).toEqual({ 'battle:7': 7 });
  });

  it('asks once for what is missing, and applies the rest in order when it comes', () => {
    const positions = new StreamPositions();
    positions.accept(snapshot(4));
    expect(positions.accept(news(7)).missingFrom).toBe(5);
    expect(positions.accept(news(8, 9)).missingFrom).toBeNull();
    expect(applied(positions, news(5, 6))).toEqual([
      [5, 6],
      [7, 7],
      [8, 9],
    ]);
  });

  it('a snapshot closes a gap and makes what it contains superfluous', () => {
    const positions = new StreamPositions();
    positions.accept(snapshot(4));
    positions.accept(news(7));
    positions.accept(news(9));
    expect(applied(positions, snapshot(8))).toEqual([
      [8, 8],
      [9, 9],
    ]);
  });

  it('what comes before the first snapshot waits for it', () => {
    const positions = new StreamPositions();
    expect(positions.accept(news(5))).toEqual({ apply: [], missingFrom: null });
    expect(applied(positions, snapshot(4))).toEqual([
      [4, 4],
      [5, 5],
    ]);
  });

  it('compares with the heads of a heartbeat, and asks once until answered', () => {
    const positions = new StreamPositions();
    positions.accept(snapshot(4));
    expect(positions.lagging({ 'battle:7': 4 })).toEqual([]);
    expect(positions.lagging({ 'battle:7': 6 })).toEqual([{ stream: 'battle:7', from: 5 }]);
    expect(positions.lagging({ 'battle:7': 6 })).toEqual([]);
    positions.answered('battle:7');
    expect(positions.lagging({ 'battle:7': 6 })).toHaveLength(1);
  });

  it('updates outside every stream are simply applied', () => {
    const drain = {
      t: 'drain',
      s: null,
      first: 0,
      last: 0,
      d: { reconnect_in_ms: 5 },
    } as StreamUpdate;
    expect(new StreamPositions().accept(drain).apply).toEqual([drain]);
  });
});
