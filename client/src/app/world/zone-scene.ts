/** A zone in the board's own words. */
import { BoardMap, Cell, Danger, Speech, Walk, ZoneEntity, ZoneScene } from '../board/board-types';
import { ExitSeen, GroupSeen, ObjectSeen, PlayerSeen, ZoneMap } from '../protocol/generated';
import { ZoneState } from './zone-state';

export interface SceneWords {
  readonly monster: (id: string) => string;
  readonly npc: (id: string) => string;
  readonly figure: (npc: string) => string;
  readonly exit: (exit: ExitSeen) => string;
  readonly lock: (exit: ExitSeen) => string | null;
  readonly object: (object: ObjectSeen) => string;
  readonly kind: (type: string) => string;
  readonly node: (type: string, charges: number) => string;
  readonly mark: (npc: string) => 'none' | 'offer' | 'answer';
  readonly isMate: (player: number) => boolean;
}

export interface SceneTimes {
  readonly walk: (walker: PlayerSeen | GroupSeen) => Walk | null;
  readonly speech: (player: number) => Speech | null;
}

export function boardMap(map: ZoneMap): BoardMap {
  const { hash, width, height, tiles, ground, walk, decor } = map;
  return { id: hash, width, height, tiles, ground, walk, decor };
}

export function zoneScene(
  zone: ZoneState,
  map: BoardMap,
  ownId: number,
  words: SceneWords,
  times: SceneTimes,
): ZoneScene {
  const entities: ZoneEntity[] = [
    ...zone.exits.map((exit): ZoneEntity => ({
      kind: 'exit',
      key: `exit:${exit.id}`,
      cell: exit.cells[0] ?? [0, 0],
      cells: exit.cells,
      isDoor: exit.to_zone === zone.zone,
      name: words.exit(exit),
      lock: words.lock(exit),
    })),
    ...zone.objects.map((object): ZoneEntity => ({
      kind: 'object',
      key: `object:${object.id}`,
      cell: object.cell,
      name: words.object(object),
      sprites: spritesOf(object, words.kind(object.object_type)),
    })),
    ...zone.nodes.map((node): ZoneEntity => ({
      kind: 'object',
      key: `object:node:${node.id}`,
      cell: node.cell,
      name: words.node(node.node, node.charges),
      sprites: [node.charges > 0 ? node.node : 'node_spent'],
    })),
    ...zone.npcs.map((npc): ZoneEntity => ({
      kind: 'npc',
      key: `npc:${npc.id}`,
      cell: npc.cell,
      name: words.npc(npc.id),
      figure: words.figure(npc.id),
      speech: null,
      mark: words.mark(npc.id),
    })),
    ...[...zone.groups.values()].map((group) =>
      groupEntity(group, zone.players.get(ownId), words, times),
    ),
    ...[...zone.players.values()].map((player) => playerEntity(player, words, times)),
  ];
  return { map, entities, ownKey: `player:${ownId}` };
}

/** Who is in a group, and of what level: "2 × Mud Skitter · Reed Stalker (1–2)". */
export function groupName(group: GroupSeen, monster: (id: string) => string): string {
  const levels = group.monsters.map(([, level]) => level);
  const [least, most] = [Math.min(...levels), Math.max(...levels)];
  const counts = new Map<string, number>();
  for (const [id] of group.monsters) counts.set(id, (counts.get(id) ?? 0) + 1);
  const names = [...counts].map(([id, count]) =>
    count > 1 ? `${count} × ${monster(id)}` : monster(id),
  );
  return `${names.join(' · ')} (${least === most ? least : `${least}–${most}`})`;
}

const PER_STAR_PCT = 20;
const [EVEN_FROM, HARD_FROM, DEADLY_FROM] = [-3, 2, 5];

/** How dangerous a group is for somebody of a level: by its strongest, and by how many they are. */
export function dangerOf(group: GroupSeen, level: number): Danger {
  const strongest = Math.max(...group.monsters.map(([, each]) => each));
  const ahead = strongest - level + Math.max(0, group.monsters.length - 2);
  if (ahead >= DEADLY_FROM) return 'deadly';
  if (ahead >= HARD_FROM) return 'hard';
  return ahead >= EVEN_FROM ? 'even' : 'easy';
}

/** A group with what it is worth more by now, and whom it is after: " ★★ +40 %". */
export function groupSign(group: GroupSeen, name: string, ownId: number | undefined): string {
  const stars = '★'.repeat(Math.ceil(group.bonus_pct / PER_STAR_PCT));
  const worth = stars ? ` ${stars} +${group.bonus_pct} %` : '';
  const isAfterOwn = group.prey !== null && group.prey === ownId;
  return isAfterOwn
    ? $localize`:@@group.hunts:${name + worth}:group: – it has seen you!`
    : name + worth;
}

function groupEntity(
  group: GroupSeen,
  own: PlayerSeen | undefined,
  words: SceneWords,
  times: SceneTimes,
): ZoneEntity {
  return {
    kind: 'group',
    key: `group:${group.id}`,
    cell: standing(group),
    name: groupSign(group, groupName(group, words.monster), own?.id),
    figures: group.monsters.map(([id]) => id),
    walk: times.walk(group),
    isInBattle: group.is_in_battle,
    danger: dangerOf(group, own?.level ?? 1),
  };
}

function playerEntity(player: PlayerSeen, words: SceneWords, times: SceneTimes): ZoneEntity {
  return {
    kind: 'player',
    key: `player:${player.id}`,
    cell: standing(player),
    name: player.name,
    figure: player.class_id,
    walk: times.walk(player),
    speech: times.speech(player.id),
    isInBattle: player.is_in_battle,
    isMate: words.isMate(player.id),
  };
}

/** Where a walker will stand: the picture shows the way there. */
function standing({ cell, path }: PlayerSeen | GroupSeen): Cell {
  return path.at(-1) ?? cell;
}

function spritesOf({ object_type: type, state }: ObjectSeen, kind: string): readonly string[] {
  return [`${type}_${state}`, type, `${kind}_${state}`, kind];
}
