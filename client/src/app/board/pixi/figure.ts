/** A character or monster on the board: its body, shadow, name and what is over its head. */
import { Container, Graphics, Sprite, Text } from 'pixi.js';
import { project } from '../projection';
import { SpriteSheet } from './sprite-sheet';
import { depth } from './terrain-layer';

export const NAME_FONT = 'DejaVu Serif, Palatino Linotype, Palatino, Georgia, serif';
const HOP_PX = 5;
const HOP_MS = 240;
/** A figure further away than this from where it should be is put there at once. */
const JUMP_CELLS = 4;

export class Figure {
  readonly root = new Container();
  /** Names, bars and bubbles are placed above this height. */
  readonly height: number;
  private readonly reach: number;
  private readonly body: Sprite;
  private x = Number.NaN;
  private y = Number.NaN;
  private hop = 0;

  constructor(sheet: SpriteSheet, name: string) {
    const shadow = new Sprite(sheet.texture('mark/shadow'));
    const known = sheet.has(`figure/${name}`) ? `figure/${name}` : 'figure/stranger';
    this.body = new Sprite(sheet.texture(known));
    [this.height, this.reach] = sheet.body(known);
    this.root.addChild(shadow, this.body);
  }

  get cellX(): number {
    return this.x;
  }

  get cellY(): number {
    return this.y;
  }

  /** Move towards the place; true while it is still on the way there. */
  moveTo(x: number, y: number, isWalking: boolean, elapsedMs: number): boolean {
    const dx = x - this.x;
    const dy = y - this.y;
    const isFar = !(Math.abs(dx) + Math.abs(dy) < JUMP_CELLS);
    const part = isFar ? 1 : 1 - Math.exp(-elapsedMs / 50);
    this.turnTowards(dx, dy);
    this.x = isFar ? x : this.x + dx * part;
    this.y = isFar ? y : this.y + dy * part;
    const isOnTheWay = isWalking || (!isFar && Math.abs(dx) + Math.abs(dy) > 0.01);
    this.bounce(isOnTheWay, elapsedMs);
    const point = project(this.x, this.y);
    this.root.position.set(point.x, point.y);
    this.root.zIndex = depth(this.x, this.y, 8);
    return isOnTheWay || this.hop > 0;
  }

  tint(colour: number): void {
    this.body.tint = colour;
  }

  fade(alpha: number): void {
    this.body.alpha = alpha;
  }

  /** Whether the body covers that point of the world. */
  covers(worldX: number, worldY: number): boolean {
    const dx = Math.abs(worldX - this.root.x);
    const up = this.root.y - worldY;
    return dx < this.reach && up > -6 && up < this.height * 0.9;
  }

  destroy(): void {
    this.root.destroy({ children: true });
  }

  private turnTowards(dx: number, dy: number): void {
    const across = dx - dy;
    if (Math.abs(across) > 0.02) this.body.scale.x = across < 0 ? -1 : 1;
  }

  private bounce(isOnTheWay: boolean, elapsedMs: number): void {
    this.hop = isOnTheWay ? (this.hop + elapsedMs / HOP_MS) % 1 || 0.001 : 0;
    const lift = Math.sin(this.hop * Math.PI);
    this.body.y = -lift * HOP_PX;
    this.body.rotation = isOnTheWay ? Math.sin(this.hop * Math.PI * 2) * 0.05 : 0;
  }
}

export function nameTag(text: string, colour: number): Text {
  const tag = new Text({
    text,
    resolution: 3,
    anchor: { x: 0.5, y: 1 },
    style: {
      fontFamily: NAME_FONT,
      fontSize: 11,
      fontWeight: 'bold',
      fill: colour,
      stroke: { color: 0x14201f, width: 3, join: 'round' },
    },
  });
  return tag;
}

export function speechBubble(text: string): Container {
  const words = new Text({
    text,
    resolution: 3,
    anchor: { x: 0.5, y: 1 },
    style: {
      fontFamily: NAME_FONT,
      fontSize: 11,
      fill: 0x2a2620,
      wordWrap: true,
      wordWrapWidth: 150,
      breakWords: true,
      align: 'center',
    },
  });
  words.y = -12;
  const width = words.width + 16;
  const height = words.height + 10;
  const paper = new Graphics()
    .roundRect(-width / 2, -height - 7, width, height, 8)
    .poly([-6, -8, 6, -8, 0, 0])
    .fill(0xf1e7cd);
  const edge = new Graphics()
    .roundRect(-width / 2, -height - 7, width, height, 8)
    .stroke({ color: 0x18211f, width: 1.5 });
  const bubble = new Container();
  bubble.addChild(edge, paper, words);
  return bubble;
}
