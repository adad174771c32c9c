/** Mist that drifts over the land and motes of aether that rise from it. Still for who prefers it so. */
import { Container, Sprite } from 'pixi.js';
import { BoardMap } from '../board-types';
import { Bounds, mapBounds } from '../projection';
import { Scenery } from './scenery';

const MISTS = 26;
const MOTES = 40;

interface Drifter {
  readonly sprite: Sprite;
  readonly phase: number;
  readonly speed: number;
}

export class Haze {
  private readonly mists = new Container({ alpha: 0.8, zIndex: -1 });
  private readonly motes = new Container({ blendMode: 'add', zIndex: -1 });
  private drifters: Drifter[] = [];
  private bounds: Bounds = { left: 0, top: 0, right: 1, bottom: 1 };

  constructor(private readonly scenery: Scenery) {
    scenery.overhead.addChild(this.mists, this.motes);
    scenery.addPainter((now) => this.drift(now));
  }

  cover(map: BoardMap): void {
    this.bounds = mapBounds(map.width, map.height);
    for (const { sprite } of this.drifters) sprite.destroy();
    this.drifters = [
      ...Array.from({ length: MISTS }, (_, index) =>
        this.drifter('mark/mist', this.mists, index, 9),
      ),
      ...Array.from({ length: MOTES }, (_, index) =>
        this.drifter('mark/mote', this.motes, index, 5),
      ),
    ];
    this.drift(Date.now());
  }

  private drifter(name: string, layer: Container, index: number, speed: number): Drifter {
    const sprite = new Sprite(this.scenery.sheet.texture(name));
    layer.addChild(sprite);
    // The golden angle spreads the places evenly without any order to be seen.
    return { sprite, phase: index * 2.399963, speed: speed * (0.6 + (index % 5) / 5) };
  }

  private drift(now: number): boolean {
    const { left, right, top, bottom } = this.bounds;
    const seconds = this.scenery.host.prefersReducedMotion ? 0 : now / 1000;
    for (const { sprite, phase, speed } of this.drifters) {
      const across = fraction(phase * 0.618 + (seconds * speed) / (right - left));
      const down = fraction(phase * 0.377);
      sprite.x = left + across * (right - left);
      sprite.y = top + down * (bottom - top) + Math.sin(seconds * 0.5 + phase) * 10;
      sprite.alpha = 0.35 + 0.65 * Math.abs(Math.sin(seconds * 0.4 + phase));
    }
    return false;
  }
}

function fraction(value: number): number {
  return value - Math.floor(value);
}
