/** One entity of a zone as drawn: its figures, its name, what it says. */
import { Container, Sprite } from 'pixi.js';
import { Cell, Speech, ZoneEntity, sameCell } from '../board-types';
import { Point, project } from '../projection';
import { placementAt } from '../walking';
import { Figure, nameTag, speechBubble } from './figure';
import { Scenery } from './scenery';
import { depth } from './terrain-layer';

const NAME_COLOURS = {
  own: 0xf3d58b,
  player: 0xe9e2cf,
  npc: 0x9fe8da,
  group: 0xf0a98a,
  object: 0xd9d2bd,
  exit: 0x9fe8da,
} as const;

/** Where the members of a group stand around its cell, in cells. */
const GROUP_PLACES: readonly Cell[] = [
  [0, 0],
  [-0.62, 0.12],
  [0.12, -0.62],
  [-0.5, -0.5],
  [0.45, 0.35],
  [-0.9, -0.2],
];

/** A gesture is written above the head for so long, and made for a part of that. */
const SHOWN_MS = 6_000;
const GESTURE_MS = 1_200;

export class ZoneActor {
  private readonly figures: readonly Figure[];
  private readonly things: readonly Sprite[];
  private readonly sign = new Container();
  private readonly look: string;
  private bubble: Container | null = null;
  private reason: Container | null = null;
  private speech: Speech | null = null;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly scenery: Scenery,
    private entity: ZoneEntity,
    private readonly isOwn: boolean,
  ) {
    this.look = appearance(entity);
    this.figures = figureNames(entity).map((name) => new Figure(scenery.sheet, name));
    this.things = this.buildThings(entity);
    scenery.figures.addChild(...this.figures.map(({ root }) => root), ...this.things);
    scenery.overhead.addChild(this.sign);
    this.buildSign(entity);
    this.show(entity);
    this.point(false);
    this.move(Date.now(), 0);
  }

  get depth(): number {
    return this.figures[0]?.root.zIndex ?? this.things[0]?.zIndex ?? 0;
  }

  get place(): Point {
    const leader = this.figures[0];
    return leader ? project(leader.cellX, leader.cellY) : this.standingPlace();
  }

  /** Take in what changed; false when it looks so different that it has to be built again. */
  show(entity: ZoneEntity): boolean {
    if (appearance(entity) !== this.look) return false;
    this.entity = entity;
    const isAway = 'isInBattle' in entity && entity.isInBattle;
    for (const figure of this.figures) figure.fade(isAway ? 0.6 : 1);
    this.say('speech' in entity ? entity.speech : null);
    return true;
  }

  /** Go where the entity is now; true while something still moves. */
  move(now: number, elapsedMs: number): boolean {
    if (this.speech && this.speech.until <= now) this.say(null);
    const isBusy = this.moveFigures(now, elapsedMs);
    const { x, y } = this.place;
    this.sign.position.set(x, y - this.headRoom());
    this.sign.zIndex = this.depth;
    this.bubble?.position.set(x, y - this.headRoom() - 16);
    return isBusy;
  }

  /** Things are named only under the pointer: there are many, and few matter at a time. */
  point(isPointedAt: boolean): void {
    if (this.entity.kind === 'object') this.sign.visible = isPointedAt;
    if (this.reason) this.reason.visible = isPointedAt;
  }

  standsOn(cell: Cell | null): boolean {
    const { entity } = this;
    const cells = entity.kind === 'exit' ? entity.cells : [entity.cell];
    return cells.some((each) => sameCell(each, cell));
  }

  covers(worldX: number, worldY: number): boolean {
    return (
      this.figures.some((figure) => figure.covers(worldX, worldY)) ||
      (this.entity.kind === 'object' && this.things.some((thing) => inside(thing, worldX, worldY)))
    );
  }

  destroy(): void {
    clearTimeout(this.silence);
    for (const figure of this.figures) figure.destroy();
    for (const thing of this.things) thing.destroy();
    this.sign.destroy({ children: true });
    this.bubble?.destroy({ children: true });
  }

  private moveFigures(now: number, elapsedMs: number): boolean {
    const { entity } = this;
    const { x, y, isWalking } = placementAt(
      'walk' in entity ? entity.walk : null,
      entity.cell,
      now,
    );
    let isBusy = false;
    this.figures.forEach((figure, index) => {
      const [dx, dy] = GROUP_PLACES[index] ?? [0, 0];
      if (figure.moveTo(x + dx, y + dy, isWalking || this.isGesturing(now), elapsedMs))
        isBusy = true;
    });
    return isBusy;
  }

  /** Whoever waves or bows moves a little, unless the player wants nothing to move. */
  private isGesturing(now: number): boolean {
    const { speech } = this;
    if (!speech?.isGesture || this.scenery.host.prefersReducedMotion) return false;
    return speech.until - now > SHOWN_MS - GESTURE_MS;
  }

  private buildThings(entity: ZoneEntity): Sprite[] {
    const { sheet } = this.scenery;
    if (entity.kind === 'object') {
      const name = entity.sprites.find((each) => sheet.has(`decor/${each}`)) ?? 'crate';
      return [this.standingSprite(`decor/${name}`, entity.cell, 6)];
    }
    if (entity.kind !== 'exit') return [];
    return entity.cells.map((cell) => this.standingSprite('mark/exit', cell, 1));
  }

  private standingSprite(name: string, cell: Cell, layer: number): Sprite {
    const sprite = new Sprite(this.scenery.sheet.texture(name));
    const { x, y } = project(cell[0], cell[1]);
    sprite.position.set(x, y);
    sprite.zIndex = depth(cell[0], cell[1], layer);
    return sprite;
  }

  private buildSign(entity: ZoneEntity): void {
    const mark = signMark(entity);
    const tag = nameTag(entity.name, NAME_COLOURS[this.isOwn ? 'own' : entity.kind]);
    this.sign.addChild(tag);
    if (entity.kind === 'exit' && entity.lock) {
      this.reason = nameTag(entity.lock, NAME_COLOURS.group);
      this.reason.y = 14;
      this.sign.addChild(this.reason);
    }
    if (!mark) return;
    const sprite = new Sprite(this.scenery.sheet.texture(mark));
    sprite.y = -16;
    this.sign.addChild(sprite);
  }

  private say(speech: Speech | null): void {
    if (speech?.text === this.speech?.text && speech?.until === this.speech?.until) return;
    this.bubble?.destroy({ children: true });
    this.bubble = null;
    this.speech = speech && speech.until > Date.now() ? speech : null;
    clearTimeout(this.silence);
    if (!this.speech) return;
    // Nothing may be moving when the words are over, so somebody has to ask for that frame.
    this.silence = setTimeout(() => this.scenery.wake(), this.speech.until - Date.now() + 1);
    this.bubble = speechBubble(this.speech.text);
    this.scenery.speech.addChild(this.bubble);
  }

  private headRoom(): number {
    return Math.max(...this.figures.map(({ height }) => height), this.things.length ? 34 : 0) + 3;
  }

  private standingPlace(): Point {
    const { entity } = this;
    const cells = entity.kind === 'exit' && entity.cells.length ? entity.cells : [entity.cell];
    const x = cells.reduce((sum, cell) => sum + cell[0], 0) / cells.length;
    const y = cells.reduce((sum, cell) => sum + cell[1], 0) / cells.length;
    return project(x, y);
  }
}

function figureNames(entity: ZoneEntity): readonly string[] {
  if (entity.kind === 'group') return entity.figures.slice(0, GROUP_PLACES.length);
  return entity.kind === 'player' || entity.kind === 'npc' ? [entity.figure] : [];
}

/** What an actor is built from: when this changes, it is built again. */
function appearance(entity: ZoneEntity): string {
  const thing =
    entity.kind === 'object'
      ? entity.sprites.join()
      : entity.kind === 'exit'
        ? [...entity.cells, entity.lock].join(';')
        : '';
  return [entity.kind, entity.name, ...figureNames(entity), thing, signMark(entity)].join('|');
}

function signMark(entity: ZoneEntity): string | null {
  if ('isInBattle' in entity && entity.isInBattle) return 'mark/battle';
  if (entity.kind === 'exit' && entity.lock) return 'mark/locked';
  return entity.kind === 'npc' && entity.mark !== 'none' ? `mark/${entity.mark}` : null;
}

function inside(sprite: Sprite, worldX: number, worldY: number): boolean {
  const dx = Math.abs(worldX - sprite.x);
  const up = sprite.y - worldY;
  return dx < sprite.width * 0.4 && up > -8 && up < sprite.height * sprite.anchor.y;
}
