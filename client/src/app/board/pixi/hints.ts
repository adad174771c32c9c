/** Small words over cells that stay as long as a preview does. */
import { Container } from 'pixi.js';
import { ExpectedMark } from '../board-types';
import { project } from '../projection';
import { floatingText } from './effects';

const COLOURS = { harm: 0xff8a6b, help: 0x8df0a6, cost: 0xf3d58b } as const;
const ABOVE_CELL = { harm: 102, help: 102, cost: 8 } as const;
const FONT_SIZE = 14;

export class Hints {
  readonly view = new Container();
  private shown = '';

  show(marks: readonly ExpectedMark[]): void {
    const wanted = JSON.stringify(marks);
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.view.removeChildren().forEach((text) => text.destroy());
    for (const { cell, text, tone } of marks) {
      const drawn = floatingText({
        words: text,
        colour: COLOURS[tone],
        icon: null,
        fontSize: FONT_SIZE,
      });
      const { x, y } = project(cell[0], cell[1]);
      drawn.position.set(x, y - ABOVE_CELL[tone]);
      this.view.addChild(drawn);
    }
  }
}
