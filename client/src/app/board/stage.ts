/**
 * The seam between the boards and what paints them. The painters need WebGL and are loaded when a
 * board first appears; where there is none (unit tests, old machines) the grid alone carries the game.
 */
import { InjectionToken } from '@angular/core';
import { BattleCue, BattleHighlights, BattleScene, Cell, Insets, ZoneScene } from './board-types';
import { Point } from './projection';

/** From world to screen: `screen = world * scale + (x, y)`. */
export interface BoardView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface StageHost {
  readonly element: HTMLElement;
  /** Called whenever the camera has moved. */
  readonly viewChanged: (view: BoardView) => void;
  readonly prefersReducedMotion: boolean;
}

interface Stage {
  hover(cell: Cell | null): void;
  setInsets(insets: Insets): void;
  zoomBy(factor: number): void;
  destroy(): void;
}

export interface ZoneStage extends Stage {
  show(scene: ZoneScene): void;
  showPath(path: readonly Cell[]): void;
  /** Look there instead of at the own character, for as long as it stands still. */
  glanceAt(cell: Cell | null): void;
  /** The key of the figure that is drawn at this place of the screen, if any. */
  entityAt(point: Point): string | null;
}

export interface BattleStage extends Stage {
  show(scene: BattleScene): void;
  paint(highlights: BattleHighlights): void;
  play(cues: readonly BattleCue[]): void;
}

export type StageLoader<S> = (host: StageHost) => Promise<S>;

export const ZONE_STAGE = new InjectionToken<StageLoader<ZoneStage>>('zone stage', {
  providedIn: 'root',
  factory: () => async (host) => (await import('./pixi/zone-stage')).openZoneStage(host),
});

export const BATTLE_STAGE = new InjectionToken<StageLoader<BattleStage>>('battle stage', {
  providedIn: 'root',
  factory: () => async (host) => (await import('./pixi/battle-stage')).openBattleStage(host),
});
