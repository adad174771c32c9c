/** A zone as this player sees it, folded from its snapshot and what happened since. */
import { StreamUpdate } from '../connection/frames';
import {
  ExitSeen,
  GroupSeen,
  NodeSeen,
  NpcSeen,
  ObjectSeen,
  PlayerSeen,
  Sky,
  ZoneChange,
  ZoneSnapshot,
} from '../protocol/generated';

export interface ZoneState {
  readonly stream: string;
  readonly zone: string;
  readonly instance: string;
  readonly mapHash: string;
  readonly players: ReadonlyMap<number, PlayerSeen>;
  readonly groups: ReadonlyMap<number, GroupSeen>;
  readonly npcs: readonly NpcSeen[];
  readonly objects: readonly ObjectSeen[];
  readonly exits: readonly ExitSeen[];
  readonly nodes: readonly NodeSeen[];
  /** Who is at work on which node, until when (server seconds). */
  readonly gathering: ReadonlyMap<number, { readonly node: string; readonly endsAt: number }>;
  readonly sky: Sky | null;
}

export function reduceZone(zone: ZoneState | null, update: StreamUpdate): ZoneState | null {
  if (update.t === 'world.snapshot') return update.s ? zoneFrom(update.s, update.d) : zone;
  if (!zone) return null;
  if (update.t === 'world.changed' && update.s === zone.stream) {
    return update.d.changes.reduce(applyChange, zone);
  }
  if (update.t === 'world.object_changed' && update.d.instance === zone.instance) {
    return withObject(zone, update.d.object);
  }
  if (update.t === 'world.objects_changed' && update.d.instance === zone.instance) {
    return { ...zone, objects: update.d.objects.map((object) => newer(zone, object)) };
  }
  if (update.t === 'world.exits_changed' && update.d.instance === zone.instance) {
    return { ...zone, exits: update.d.exits };
  }
  return zone;
}

/** Copies are called after their zone, and numbered. */
export function copyNumber(instance: string): number {
  return Number(instance.slice(instance.lastIndexOf('.') + 1)) || 1;
}

/** The way of a walker of the player's own, as the reply to its command tells it. */
export function applyChange(zone: ZoneState, change: ZoneChange): ZoneState {
  switch (change.c) {
    case 'player':
      return { ...zone, players: withEntry(zone.players, change.player.id, change.player) };
    case 'walk':
      return walked(zone, change);
    case 'left':
      return { ...zone, players: withoutEntry(zone.players, change.id) };
    case 'node':
      return {
        ...zone,
        nodes: zone.nodes.map((node) => (node.id === change.node.id ? change.node : node)),
      };
    case 'object':
      return withObject(zone, change.object);
    case 'gather': {
      const work = { node: change.node, endsAt: change.ends_at };
      return { ...zone, gathering: withEntry(zone.gathering, change.id, work) };
    }
    case 'group':
      return { ...zone, groups: withEntry(zone.groups, change.group.id, change.group) };
    case 'group_left':
      return { ...zone, groups: withoutEntry(zone.groups, change.id) };
    case 'sky':
      return { ...zone, sky: change.sky };
    case 'emote':
      return zone;
  }
}

function zoneFrom(stream: string, snapshot: ZoneSnapshot): ZoneState {
  return {
    stream,
    zone: snapshot.zone,
    instance: snapshot.instance,
    mapHash: snapshot.map_hash,
    players: new Map(snapshot.players.map((player) => [player.id, player])),
    groups: new Map(snapshot.groups.map((group) => [group.id, group])),
    npcs: snapshot.npcs,
    objects: snapshot.objects,
    exits: snapshot.exits,
    nodes: snapshot.nodes,
    gathering: new Map(),
    sky: snapshot.sky ?? null,
  };
}

/** A thing that was hidden until now is new. */
function withObject(zone: ZoneState, object: ObjectSeen): ZoneState {
  const others = zone.objects.filter(({ id }) => id !== object.id);
  return { ...zone, objects: [...others, object] };
}

/** The zone's own stream may have told of a thing since the list was made. */
function newer(zone: ZoneState, object: ObjectSeen): ObjectSeen {
  const known = zone.objects.find(({ id }) => id === object.id);
  return known && known.version > object.version ? known : object;
}

function walked(zone: ZoneState, walk: Extract<ZoneChange, { c: 'walk' }>): ZoneState {
  const player = zone.players.get(walk.id);
  const end = walk.path.at(-1);
  if (!player || !end) return zone;
  const { path, started_at, step_ms } = walk;
  const moved = { ...player, cell: path[0] ?? end, path, started_at, step_ms };
  return { ...zone, players: withEntry(zone.players, walk.id, moved) };
}

function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
