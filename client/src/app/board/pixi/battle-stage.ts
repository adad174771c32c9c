import { Container, Graphics } from 'pixi.js';
import { BattleCue, BattleHighlights, BattleScene, BoardMap, Cell, Insets } from '../board-types';
import { isWalkable } from '../ground';
import { mapBounds } from '../projection';
import { BattleStage, StageHost } from '../stage';
import { BattleActor } from './battle-actor';
import { CuePlayer } from './cue-player';
import { Hints } from './hints';
import { MarkStyle, gridLines, paintCells, paintPath } from './marks';
import { Scenery } from './scenery';
import { TerrainLayer } from './terrain-layer';

type PaintedArea = Exclude<keyof BattleHighlights, 'path' | 'expected'>;

const STYLES: readonly (readonly [PaintedArea, MarkStyle])[] = [
  ['ownPlacement', { fill: 0x4fb8a8, fillAlpha: 0.34, line: 0x9fe8da, lineAlpha: 0.9, inset: 1.5 }],
  [
    'otherPlacement',
    { fill: 0xc2573d, fillAlpha: 0.3, line: 0xf0a98a, lineAlpha: 0.8, inset: 1.5 },
  ],
  ['reachable', { fill: 0x2fd0b8, fillAlpha: 0.36, line: 0xaff5e6, lineAlpha: 0.7, inset: 1.5 }],
  ['range', { fill: 0x5b8fd6, fillAlpha: 0.34, line: 0xa9c8f5, lineAlpha: 0.7, inset: 1.5 }],
  ['area', { fill: 0xe0583a, fillAlpha: 0.45, line: 0xffc2a3, lineAlpha: 0.95, inset: 1 }],
];
const FIELDS: Readonly<Record<string, MarkStyle>> = {
  'glyph own': { fill: 0x5fd0bd, fillAlpha: 0.22, line: 0x9fe8da, lineAlpha: 0.6, inset: 3 },
  'glyph other': { fill: 0xe2684a, fillAlpha: 0.28, line: 0xffb08f, lineAlpha: 0.7, inset: 3 },
  'trap own': { fill: 0x8f6fd0, fillAlpha: 0.22, line: 0xc9b3f0, lineAlpha: 0.7, inset: 3 },
  'trap other': { fill: 0xb03a5b, fillAlpha: 0.28, line: 0xf09ab0, lineAlpha: 0.8, inset: 3 },
};
const HOVER = { fill: 0xf3d58b, fillAlpha: 0.12, line: 0xf3d58b, lineAlpha: 0.95, inset: 1 };
/** What figures and their bars need above the topmost cells. */
const HEAD_ROOM = 64;
/** Reeds and flowers step back, for every cell has to be seen. */
const COVER_ALPHA = 0.5;

export async function openBattleStage(host: StageHost): Promise<BattleStage> {
  return new PixiBattleStage(await Scenery.open(host));
}

class PixiBattleStage implements BattleStage {
  private readonly terrain: TerrainLayer;
  private readonly actors = new Map<number, BattleActor>();
  private readonly cues: CuePlayer;
  private readonly hoverMark = new Graphics();
  private readonly ground = new Graphics();
  private readonly areas = new Graphics();
  private readonly hints = new Hints();
  private lines: Container | null = null;

  constructor(private readonly scenery: Scenery) {
    this.terrain = new TerrainLayer(scenery, COVER_ALPHA);
    this.cues = new CuePlayer(scenery, this.actors);
    scenery.marks.addChild(this.ground, this.areas, this.hoverMark);
    scenery.speech.addChild(this.hints.view);
    scenery.addPainter((now, elapsed) => this.moveActors(now, elapsed));
  }

  show(scene: BattleScene): void {
    if (this.terrain.show(scene.map)) this.layOut(scene.map);
    this.paintGround(scene);
    const present = new Set(scene.combatants.map(({ id }) => id));
    for (const [id, actor] of this.actors) if (!present.has(id)) this.dismiss(id, actor);
    for (const combatant of scene.combatants) {
      const isActive = combatant.id === scene.activeId;
      const actor = this.actors.get(combatant.id);
      if (actor) actor.show(combatant, isActive);
      else this.actors.set(combatant.id, new BattleActor(this.scenery, combatant, isActive));
    }
    this.scenery.wake();
  }

  /** What lies on the ground; the middle of a trap has a ring of its own. */
  private paintGround({ fields }: BattleScene): void {
    this.ground.clear();
    for (const { kind, side, cells, centre } of fields) {
      const style = FIELDS[`${kind} ${side}`];
      if (!style) continue;
      paintCells(this.ground, cells, style);
      if (kind === 'trap') paintPath(this.ground, [centre, centre], style.line);
    }
  }

  paint(highlights: BattleHighlights): void {
    this.areas.clear();
    for (const [area, style] of STYLES) paintCells(this.areas, highlights[area] ?? [], style);
    paintPath(this.areas, highlights.path ?? [], 0xf3d58b);
    this.hints.show(highlights.expected ?? []);
    this.scenery.wake();
  }

  play(cues: readonly BattleCue[]): void {
    this.cues.add(cues);
    this.scenery.wake();
  }

  hover(cell: Cell | null): void {
    this.hoverMark.clear();
    if (cell) paintCells(this.hoverMark, [cell], HOVER);
    for (const actor of this.actors.values()) actor.point(cell);
    this.scenery.wake();
  }

  setInsets(insets: Insets): void {
    this.scenery.setInsets(insets);
  }

  zoomBy(factor: number): void {
    this.scenery.zoomBy(factor);
  }

  destroy(): void {
    this.scenery.destroy();
  }

  private moveActors(now: number, elapsed: number): boolean {
    let isBusy = this.cues.advance(now);
    for (const actor of this.actors.values()) if (actor.move(now, elapsed)) isBusy = true;
    this.terrain.reveal([...this.actors.values()]);
    return isBusy;
  }

  private layOut(map: BoardMap): void {
    this.lines?.destroy({ children: true });
    this.lines = gridLines(allCells(map).filter((cell) => isWalkable(map, cell)));
    this.scenery.marks.addChildAt(this.lines, 0);
    for (const [id, actor] of this.actors) this.dismiss(id, actor);
    const { left, right, top, bottom } = mapBounds(map.width, map.height);
    this.scenery.fitBy(() => {
      const { width, height } = this.scenery.room;
      return Math.min(width / (right - left + 32), height / (bottom - top + HEAD_ROOM + 24), 1.8);
    });
    this.scenery.jumpTo({ x: (left + right) / 2, y: (top + bottom - HEAD_ROOM) / 2 });
  }

  private dismiss(id: number, actor: BattleActor): void {
    actor.destroy();
    this.actors.delete(id);
  }
}

function allCells({ width, height }: BoardMap): Cell[] {
  return Array.from({ length: width * height }, (_, index): Cell => [
    index % width,
    Math.floor(index / width),
  ]);
}
