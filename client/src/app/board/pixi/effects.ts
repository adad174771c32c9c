/** What a cue looks like: a bolt that flies, cells that flare up, words that rise. */
import { Container, Graphics, Sprite, Text, Texture } from 'pixi.js';
import { Cell, Element } from '../board-types';
import { Point } from '../projection';
import { NAME_FONT } from './figure';
import { paintCells } from './marks';

/** Something on the screen for a while; `part` goes from 0 to 1. */
export interface Effect {
  readonly view: Container;
  draw(part: number): void;
}

export interface Saying {
  readonly words: string;
  readonly colour: number;
  readonly icon: Texture | null;
  readonly fontSize: number;
}

const ELEMENT_COLOURS: Readonly<Record<Element, number>> = {
  stone: 0xc9b07a,
  ember: 0xff9a4a,
  gale: 0xb9e8e0,
  tide: 0x6fb7ff,
  pure: 0xf5efff,
};

export class Floater implements Effect {
  readonly view = new Container();

  constructor(
    saying: Saying,
    private readonly from: Point,
    private readonly rise: number,
  ) {
    const text = floatingText(saying);
    this.view.addChild(text);
    if (!saying.icon) return;
    const icon = new Sprite(saying.icon);
    icon.position.set(-text.width / 2 - 10, -text.height / 2);
    this.view.addChild(icon);
  }

  draw(part: number): void {
    this.view.position.set(this.from.x, this.from.y - this.rise * (1 - (1 - part) ** 2));
    this.view.alpha = part < 0.7 ? 1 : (1 - part) / 0.3;
    this.view.scale.set(this.rise && part < 0.12 ? 0.7 + part * 5 : 1);
  }
}

export class Bolt implements Effect {
  readonly view = new Graphics({ blendMode: 'add' });

  constructor(
    private readonly from: Point,
    private readonly goal: Point,
    private readonly element: Element,
  ) {}

  draw(part: number): void {
    this.view.clear();
    const flight = part / 0.6;
    if (flight >= 1) return;
    for (let tail = 0; tail < 6; tail++) {
      const place = Math.max(0, flight - tail * 0.05);
      const x = this.from.x + (this.goal.x - this.from.x) * place;
      const y = this.from.y - 24 + (this.goal.y + 10 - this.from.y) * place;
      this.view
        .circle(x, y - Math.sin(place * Math.PI) * 26, 6 - tail * 0.8)
        .fill({ color: ELEMENT_COLOURS[this.element], alpha: 0.8 - tail * 0.12 });
    }
  }
}

export class Burst implements Effect {
  readonly view = new Graphics({ blendMode: 'add' });

  constructor(
    private readonly area: readonly Cell[],
    private readonly element: Element,
  ) {}

  draw(part: number): void {
    this.view.clear();
    const burst = (part - 0.45) / 0.55;
    if (burst <= 0) return;
    const colour = ELEMENT_COLOURS[this.element];
    paintCells(this.view, this.area, {
      fill: colour,
      fillAlpha: 0.6 * (1 - burst),
      line: colour,
      lineAlpha: 1 - burst,
      inset: 1 + burst * 2,
    });
  }
}

export function floatingText({ words, colour, fontSize }: Saying): Text {
  return new Text({
    text: words,
    resolution: 3,
    anchor: { x: 0.5, y: 1 },
    style: {
      fontFamily: NAME_FONT,
      fontSize,
      fontWeight: 'bold',
      fill: colour,
      stroke: { color: 0x14201f, width: 4, join: 'round' },
    },
  });
}
