import { StreamUpdate } from '../connection/frames';
import { StreamPositions } from '../connection/stream-positions';
import { PlayerSeen, ZoneChange } from '../protocol/generated';
import { ZoneState, copyNumber, reduceZone } from './zone-state';

const ASH: PlayerSeen = {
  kind: 'player',
  id: 1,
  name: 'Ash',
  class_id: 'cindersmith',
  level: 1,
  cell: [4, 4],
  path: [],
  started_at: 0,
  step_ms: 0,
  is_in_battle: false,
};

function snapshot(): StreamUpdate {
  const d = {
    zone: 'lastmoor',
    instance: 'lastmoor.1',
    map_hash: 'abc',
    server_time: 1,
    players: [ASH],
    groups: [],
    npcs: [],
    objects: [{ kind: 'object', id: 'chest', object_type: 'chest', cell: [1, 1], state: 'closed' }],
    exits: [],
  };
  return {
    t: 'world.snapshot',
    s: 'zone:lastmoor.1',
    first: 1,
    last: 1,
    d,
  } as unknown as StreamUpdate;
}

function page(number: number, ...changes: ZoneChange[]): StreamUpdate {
  return { t: 'world.changed', s: 'zone:lastmoor.1', first: number, last: number, d: { changes } };
}

function told(zone: ZoneState | null, ...changes: ZoneChange[]): ZoneState | null {
  return reduceZone(zone, page(2, ...changes));
}

describe('reduceZone', () => {
  const zone = reduceZone(null, snapshot());

  it('begins with the snapshot', () => {
    expect(zone?.players.get(1)?.name).toBe('Ash');
    expect(zone?.stream).toBe('zone:lastmoor.1');
  });

  it('goes over to another copy with its snapshot, and hears no more of the old one', () => {
    const other = snapshot() as { s: string; d: object };
    const there = reduceZone(zone, {
      ...other,
      s: 'zone:lastmoor.12',
      d: { ...other.d, instance: 'lastmoor.12', players: [] },
    } as unknown as StreamUpdate);
    expect(copyNumber(there?.instance ?? '')).toBe(12);
    expect(told(there, { c: 'player', player: ASH })?.players.size).toBe(0);
  });

  it('puts a snapshot that comes in pages together', () => {
    const positions = new StreamPositions();
    const came: ZoneChange[] = [2, 3].map((id) => ({ c: 'player', player: { ...ASH, id } }));
    const pages = [
      { ...snapshot(), first: 998, last: 998 },
      ...came.map((change, at) => page(999 + at, change)),
    ];
    const applied = pages.flatMap((update) => positions.accept(update).apply);
    const whole = applied.reduce<ZoneState | null>(reduceZone, null);
    expect([...(whole?.players.keys() ?? [])]).toEqual([1, 2, 3]);
    expect(positions.lagging({ 'zone:lastmoor.1': 1000 })).toEqual([]);
  });

  it('follows who comes, walks and leaves', () => {
    const walk: ZoneChange = {
      c: 'walk',
      id: 1,
      path: [
        [4, 4],
        [5, 4],
      ],
      started_at: 9,
      step_ms: 220,
    };
    expect(told(zone, walk)?.players.get(1)).toMatchObject({
      path: [
        [4, 4],
        [5, 4],
      ],
      started_at: 9,
    });
    const came: ZoneChange = { c: 'player', player: { ...ASH, id: 2, name: 'Brine' } };
    expect(told(zone, came, { c: 'left', id: 1 })?.players.size).toBe(1);
  });

  it('takes no news of another zone', () => {
    const update: StreamUpdate = {
      t: 'world.changed',
      s: 'zone:other',
      first: 2,
      last: 2,
      d: { changes: [{ c: 'left', id: 1 }] },
    };
    expect(reduceZone(zone, update)).toBe(zone);
  });

  it('shows an opened chest to whom it is open', () => {
    const object = {
      kind: 'object' as const,
      id: 'chest',
      object_type: 'chest',
      cell: [1, 1] as const,
      state: 'open',
    };
    const update = {
      t: 'world.object_changed',
      s: 'me',
      first: 5,
      last: 5,
      d: { instance: 'lastmoor.1', object },
    } as StreamUpdate;
    expect(reduceZone(zone, update)?.objects[0]?.state).toBe('open');
  });

  it('shows everybody how a thing stands now', () => {
    const lever = {
      kind: 'object' as const,
      id: 'lever',
      object_type: 'kiln_lever',
      blocks: [],
      is_door: false,
      guild: null,
    };
    const object = { ...lever, cell: [2, 1] as const, state: 'down', version: 1 };
    const pulled = told(zone, { c: 'object', object });
    expect(pulled?.objects.find(({ id }) => id === 'lever')?.state).toBe('down');
    const back = told(pulled, { c: 'object', object: { ...object, state: 'up', version: 2 } });
    expect(back?.objects.filter(({ id }) => id === 'lever')).toHaveLength(1);
    expect(back?.objects.find(({ id }) => id === 'lever')?.version).toBe(2);
  });

  it('takes away what one may see no more, and keeps what is newer than the list', () => {
    const door = {
      kind: 'object' as const,
      id: 'door',
      object_type: 'kiln_door',
      cell: [2, 1] as const,
      state: 'open',
      version: 2,
      blocks: [],
      is_door: true,
      guild: null,
    };
    const seen = told(zone, { c: 'object', object: door });
    const update = {
      t: 'world.objects_changed',
      s: 'me',
      first: 6,
      last: 6,
      d: { instance: 'lastmoor.1', objects: [{ ...door, state: 'closed', version: 1 }] },
    } as StreamUpdate;
    expect(reduceZone(seen, update)?.objects).toEqual([door]);
  });

  it('opens a gate for whom it is open by now', () => {
    const gate = {
      kind: 'exit' as const,
      id: 'gate',
      cells: [],
      to_zone: 'cinder_terraces',
      way: 'walk' as const,
      fare: 0,
      locked: null,
    };
    const update = {
      t: 'world.exits_changed',
      s: 'me',
      first: 6,
      last: 6,
      d: { instance: 'lastmoor.1', exits: [gate] },
    } as StreamUpdate;
    expect(reduceZone(zone, update)?.exits).toEqual([gate]);
  });
});
