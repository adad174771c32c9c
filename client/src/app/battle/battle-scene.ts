/** A battle in the board's own words. */
import {
  BattleCombatant,
  BattleHighlights,
  BattleScene,
  BoardMap,
  Cell,
  cellKey,
} from '../board/board-types';
import { BattleSite, BattleView, BoardView, CombatantView, ZoneMap } from '../protocol/generated';
import { combatantOf, shieldOf } from './combatants';
import { allCells, blocksSight, isOn, isWalkable, moveCost } from './terrain';

const TILES = ['moor', 'mud', 'mire', 'reeds', 'rock', 'water', 'edge'] as const;
type Tile = (typeof TILES)[number];

/** The piece of the zone's map that the battle is fought on; without it, what the board's rules suggest. */
export function battleMap(
  battle: BattleView,
  site: BattleSite | null,
  map: ZoneMap | null,
): BoardMap {
  return site && map?.hash === site.map_hash ? pieceOf(map, site, battle) : plainGround(battle);
}

function pieceOf(map: ZoneMap, { origin }: BattleSite, { battle_id, board }: BattleView): BoardMap {
  const [left, top] = origin;
  const cells = allCells(board);
  return {
    id: `battle:${battle_id}:${map.hash}`,
    width: board.width,
    height: board.height,
    tiles: map.tiles,
    ground: cells.map(([x, y]) => map.ground[(top + y) * map.width + left + x] ?? 0),
    walk: cells.map((cell) => isWalkable(board, cell)),
    decor: map.decor
      .map(({ sprite, cell: [x, y] }) => ({ sprite, cell: [x - left, y - top] as const }))
      .filter(({ cell }) => isOn(board, cell)),
  };
}

/** The ground of a battle says how it can be walked and seen over; the picture follows from that. */
function plainGround(battle: BattleView): BoardMap {
  const { board } = battle;
  const cells = allCells(board);
  const edges = new Set(
    board.tags.filter(([, , tag]) => tag === 'edge').map(([x, y]) => `${x},${y}`),
  );
  const tileAt = (cell: Cell): Tile => (edges.has(cellKey(cell)) ? 'edge' : tileOf(board, cell));
  return {
    id: `battle:${battle.battle_id}`,
    width: board.width,
    height: board.height,
    tiles: TILES,
    ground: cells.map((cell) => TILES.indexOf(tileAt(cell))),
    walk: cells.map((cell) => isWalkable(board, cell)),
    decor: [],
  };
}

/** What people call those who fight, and what lies on the ground. */
export interface SceneWords {
  readonly combatant: (combatant: CombatantView) => string;
  readonly field: (skill: string) => string;
}

export function battleScene(
  battle: BattleView,
  map: BoardMap,
  own: CombatantView | undefined,
  words: SceneWords,
): BattleScene {
  return {
    map,
    activeId: battle.turn_owner || null,
    combatants: battle.combatants.map((combatant): BattleCombatant => ({
      id: combatant.id,
      name: words.combatant(combatant),
      figure: combatant.kind === 'object' ? 'forge_wall' : combatant.ref,
      side: combatant.team === (own?.team ?? 0) ? 'own' : 'other',
      isSelf: combatant.id === own?.id,
      cell: combatant.cell,
      hitPoints: combatant.hp,
      maxHitPoints: combatant.hp_max,
      shield: shieldOf(combatant),
      states: stateIcons(combatant),
      isDefeated: !combatant.is_alive,
      isHidden: combatant.is_hidden,
    })),
    fields: battle.fields.map(({ id, kind, team, cells, centre, skill }) => ({
      key: `${kind}:${id}`,
      kind,
      side: team === (own?.team ?? 0) ? 'own' : 'other',
      cells,
      centre,
      name: words.field(skill),
    })),
  };
}

/** Where each side may start; cells that somebody has taken are no longer offered. */
export function placementHighlights(battle: BattleView, own: CombatantView): BattleHighlights {
  const taken = new Set(
    battle.combatants.filter(({ id }) => id !== own.id).map(({ cell }) => cellKey(cell)),
  );
  const ownCells = battle.placement[own.team] ?? [];
  return {
    ownPlacement: ownCells.filter((cell) => !taken.has(cellKey(cell))),
    otherPlacement: battle.placement.filter((_, team) => team !== own.team).flat(),
  };
}

/** Icons in the art's own names: the skill's where it has one, else the kind of thing that it is. */
export function stateIcons(combatant: CombatantView): string[] {
  const shown = combatant.effects.filter(({ kind }) => kind !== 'lifetime');
  const icons = shown.map((effect) => {
    if (effect.kind === 'state') return effect.of;
    if (effect.kind === 'mod' || effect.kind === 'skill_mod') {
      return effect.is_harmful ? 'debuff' : 'buff';
    }
    return effect.kind;
  });
  const away = combatant.is_connected || combatant.kind !== 'character' ? [] : ['away'];
  return [...new Set([...away, ...icons])];
}

/** Whose turn it is now and who follows, once round; who has fallen is left out. */
export function turnOrder(battle: BattleView): CombatantView[] {
  return battle.timeline
    .map((id) => combatantOf(battle, id))
    .filter((combatant): combatant is CombatantView => !!combatant?.is_alive);
}

function tileOf(board: BoardView, cell: Cell): Tile {
  if (blocksSight(board, cell)) return isWalkable(board, cell) ? 'reeds' : 'rock';
  if (!isWalkable(board, cell)) return 'water';
  const cost = moveCost(board, cell);
  if (cost === 1) return 'moor';
  return cost === 2 ? 'mud' : 'mire';
}
