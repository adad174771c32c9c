/**
 * What the boards draw, in their own words. Cells are `[x, y]` as on the wire; times are
 * milliseconds of `Date.now()`, so whoever maps server time has already subtracted the clock offset.
 */
export type Cell = readonly [x: number, y: number];

/** A compiled map: arrays go row by row, cell (x, y) at index `y * width + x`. */
export interface BoardMap {
  /** Names the map: a new name rebuilds the terrain. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Sprite names that `ground` points into. */
  readonly tiles: readonly string[];
  readonly ground: readonly number[];
  readonly walk: readonly (0 | 1 | boolean | number)[];
  readonly decor: readonly BoardDecor[];
}

export interface BoardDecor {
  readonly sprite: string;
  readonly cell: Cell;
}

/** It leaves `path[0]` at `startedAt` and takes `stepMs` for each further cell. */
export interface Walk {
  readonly path: readonly Cell[];
  readonly startedAt: number;
  readonly stepMs: number;
}

export interface Speech {
  readonly text: string;
  readonly until: number;
  /** A gesture, which the figure makes, and not something said. */
  readonly isGesture?: boolean;
}

/** A character sprite: a class id, a monster id, or the id of an NPC. */
export type FigureName = string;

/** How a group compares with the player's own level. */
export type Danger = 'easy' | 'even' | 'hard' | 'deadly';

interface ZoneEntityBase {
  /** Unique among all entities of the zone, such as `player:7`. */
  readonly key: string;
  readonly cell: Cell;
  /** Shown above it and read out: already in the player's language. */
  readonly name: string;
}

export interface ZonePlayer extends ZoneEntityBase {
  readonly kind: 'player';
  readonly figure: FigureName;
  readonly walk: Walk | null;
  readonly speech: Speech | null;
  readonly isInBattle: boolean;
  /** Travels with the player. */
  readonly isMate?: boolean;
}

export interface ZoneGroup extends ZoneEntityBase {
  readonly kind: 'group';
  readonly figures: readonly FigureName[];
  readonly walk: Walk | null;
  readonly isInBattle: boolean;
  readonly danger?: Danger;
}

export interface ZoneNpc extends ZoneEntityBase {
  readonly kind: 'npc';
  readonly figure: FigureName;
  readonly speech: Speech | null;
  /** A mark above the head: has something to offer, or waits for an answer. */
  readonly mark: 'none' | 'offer' | 'answer';
}

export interface ZoneObject extends ZoneEntityBase {
  readonly kind: 'object';
  /** Names of sprites, the best first: what it is in its state, what it is, what kind of thing. */
  readonly sprites: readonly string[];
}

export interface ZoneExit extends ZoneEntityBase {
  readonly kind: 'exit';
  readonly cells: readonly Cell[];
  /** What the player lacks to take it: read out, and shown under the pointer. */
  readonly lock: string | null;
  /** It leads to another part of the same zone. */
  readonly isDoor: boolean;
}

export type ZoneEntity = ZonePlayer | ZoneGroup | ZoneNpc | ZoneObject | ZoneExit;

export interface ZoneScene {
  readonly map: BoardMap;
  readonly entities: readonly ZoneEntity[];
  readonly ownKey: string | null;
}

export interface BattleCombatant {
  readonly id: number;
  readonly name: string;
  readonly figure: FigureName;
  readonly side: 'own' | 'other';
  readonly isSelf: boolean;
  readonly cell: Cell;
  readonly hitPoints: number;
  readonly maxHitPoints: number;
  readonly shield: number;
  /** Names of state icons (`public/art/states`), at most four are drawn. */
  readonly states: readonly string[];
  readonly isDefeated: boolean;
  /** Others do not see it; where it stands for them is where it was seen last. */
  readonly isHidden: boolean;
}

/** A glyph or a trap that lies on the ground. */
export interface BattleField {
  readonly key: string;
  readonly kind: 'glyph' | 'trap';
  readonly side: 'own' | 'other';
  readonly cells: readonly Cell[];
  readonly centre: Cell;
  readonly name: string;
}

export interface BattleScene {
  readonly map: BoardMap;
  readonly fields: readonly BattleField[];
  readonly combatants: readonly BattleCombatant[];
  readonly activeId: number | null;
}

/** Cells that the board paints, each in its own colour and with its own word for screen readers. */
export interface BattleHighlights {
  readonly reachable?: readonly Cell[];
  readonly range?: readonly Cell[];
  readonly area?: readonly Cell[];
  readonly path?: readonly Cell[];
  readonly ownPlacement?: readonly Cell[];
  readonly otherPlacement?: readonly Cell[];
  readonly expected?: readonly ExpectedMark[];
}

/** What a preview foretells for a cell: as shown over it, and as read out. */
export interface ExpectedMark {
  readonly cell: Cell;
  readonly text: string;
  readonly words: string;
  readonly tone: 'harm' | 'help' | 'cost';
}

/**
 * Something to show once. Ids only grow; the board shows what is newer than the last one it showed,
 * in order, while `scene` already tells how things stand.
 */
export type BattleCue = { readonly id: number } & (
  | {
      readonly kind: 'damage' | 'heal' | 'shield';
      readonly target: number;
      readonly amount: number;
    }
  | { readonly kind: 'note'; readonly target: number; readonly text: string }
  | { readonly kind: 'walk' | 'push'; readonly target: number; readonly path: readonly Cell[] }
  | {
      readonly kind: 'cast';
      readonly caster: number;
      readonly cell: Cell;
      readonly area: readonly Cell[];
      readonly element: Element;
    }
);

export type Element = 'stone' | 'ember' | 'gale' | 'tide' | 'pure';

/** Pixels at the sides of the board that panels cover: the board centres itself in what is left. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };

export function sameCell(a: Cell | null, b: Cell | null): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1]);
}

export function cellKey(cell: Cell): string {
  return `${cell[0]},${cell[1]}`;
}
