/** One combatant as drawn: its figure on a ring of its side's colour, its health and its states. */
import { Container, Graphics, Sprite, Text } from 'pixi.js';
import { BattleCombatant, Cell, Walk, sameCell } from '../board-types';
import { Point, project } from '../projection';
import { Placement, placementAt } from '../walking';
import { Figure, nameTag } from './figure';
import { Scenery } from './scenery';
import { depth } from './terrain-layer';

const SIDE_COLOURS = { own: 0x5fd0bd, other: 0xe2684a } as const;
const BAR_WIDTH = 42;
const BAR_EASE_MS = 160;
const FLASH_MS = 220;
const MAX_STATES = 4;
/** Who is unseen is drawn like a memory. */
const UNSEEN_ALPHA = 0.4;

export class BattleActor {
  readonly figure: Figure;
  private readonly ring = new Graphics();
  private readonly sign = new Container();
  private readonly bar = new Graphics();
  private readonly states = new Container();
  private readonly turnMark: Sprite;
  private readonly tag: Text;
  private shownHealth: number;
  private walk: Walk | null = null;
  private walksToCome = 0;
  private flashUntil = 0;
  private flashColour = 0xffffff;
  private isActive = false;
  private isPointedAt = false;

  constructor(
    private readonly scenery: Scenery,
    private combatant: BattleCombatant,
    isActive: boolean,
  ) {
    this.figure = new Figure(scenery.sheet, combatant.figure);
    this.shownHealth = combatant.hitPoints;
    this.turnMark = new Sprite(scenery.sheet.texture('mark/turn'));
    this.tag = nameTag(combatant.name, combatant.isSelf ? 0xf3d58b : 0xe9e2cf);
    this.tag.y = -8;
    this.sign.addChild(this.bar, this.tag, this.states, this.turnMark);
    scenery.figures.addChild(this.ring, this.figure.root);
    scenery.overhead.addChild(this.sign);
    this.show(combatant, isActive);
    this.move(Date.now(), 0);
  }

  get place(): Point {
    return project(this.figure.cellX, this.figure.cellY);
  }

  get depth(): number {
    return this.figure.root.zIndex;
  }

  get headRoom(): number {
    return this.figure.height + 6;
  }

  show(combatant: BattleCombatant, isActive: boolean): void {
    if (combatant.states.join() !== this.combatant.states.join() || !this.states.children.length) {
      this.paintStates(combatant.states);
    }
    this.combatant = combatant;
    this.isActive = isActive;
    this.turnMark.visible = isActive;
    this.arrangeSign();
    this.paintRing();
    this.paintBar();
  }

  point(cell: Cell | null): void {
    this.isPointedAt = sameCell(cell, this.combatant.cell);
    this.arrangeSign();
  }

  /** Stay here until as many walks have been followed, though the scene already tells where they end. */
  awaitWalk(): void {
    this.walksToCome++;
  }

  forgetWalks(): void {
    this.walksToCome = 0;
  }

  /** Take this path from now on. */
  follow(walk: Walk): void {
    this.walk = walk;
    this.walksToCome = Math.max(0, this.walksToCome - 1);
  }

  flash(colour: number, now: number): void {
    this.flashColour = colour;
    this.flashUntil = now + FLASH_MS;
  }

  move(now: number, elapsedMs: number): boolean {
    const { x, y, isWalking } = this.placement(now);
    const isMoving = this.figure.moveTo(x, y, isWalking, elapsedMs);
    const isFlashing = now < this.flashUntil;
    this.figure.tint(isFlashing ? this.flashColour : 0xffffff);
    this.ring.position.copyFrom(this.figure.root.position);
    this.ring.zIndex = depth(this.figure.cellX, this.figure.cellY, 1);
    this.sign.position.set(this.place.x, this.place.y - this.headRoom);
    this.sign.zIndex = this.depth;
    if (this.isActive) this.bobTurnMark(now);
    const isDraining = this.easeHealth(elapsedMs);
    return isMoving || isFlashing || isDraining || this.fadeWhenDefeated(elapsedMs);
  }

  destroy(): void {
    this.figure.destroy();
    this.ring.destroy();
    this.sign.destroy({ children: true });
  }

  private placement(now: number): Placement {
    const placement = placementAt(this.walk, this.combatant.cell, now);
    if (placement.isWalking) return placement;
    const end = this.walk?.path.at(-1);
    if (this.walksToCome > 0) return end ? placementAt(null, end, now) : this.standing();
    this.walk = null;
    return placementAt(null, this.combatant.cell, now);
  }

  private standing(): Placement {
    const { cellX: x, cellY: y } = this.figure;
    const [goalX, goalY] = this.combatant.cell;
    return Number.isNaN(x) ? { x: goalX, y: goalY, isWalking: false } : { x, y, isWalking: false };
  }

  private bobTurnMark(now: number): void {
    const height = this.scenery.host.prefersReducedMotion ? 0 : Math.sin(now / 250) * 3;
    this.turnMark.y = this.states.y - (this.states.children.length ? 8 : -9) + height;
  }

  /** Names stand close in a battle: only the one that matters now is shown. */
  private arrangeSign(): void {
    this.tag.visible = this.isActive || this.isPointedAt;
    this.states.y = this.tag.visible ? -31 : -17;
    this.turnMark.y = this.states.y - (this.states.children.length ? 8 : -9);
  }

  private easeHealth(elapsedMs: number): boolean {
    const missing = this.combatant.hitPoints - this.shownHealth;
    if (missing === 0) return false;
    const isNear = Math.abs(missing) < 0.4;
    this.shownHealth += isNear ? missing : missing * (1 - Math.exp(-elapsedMs / BAR_EASE_MS));
    this.paintBar();
    return true;
  }

  private fadeWhenDefeated(elapsedMs: number): boolean {
    const { isDefeated, isHidden } = this.combatant;
    const goal = isDefeated ? 0 : isHidden ? UNSEEN_ALPHA : 1;
    const { root } = this.figure;
    const step = elapsedMs / 600;
    root.alpha += Math.max(-step, Math.min(step, goal - root.alpha));
    this.ring.alpha = root.alpha;
    this.sign.alpha = root.alpha;
    return Math.abs(goal - root.alpha) > 0.001;
  }

  private paintRing(): void {
    const colour = SIDE_COLOURS[this.combatant.side];
    this.ring
      .clear()
      .ellipse(0, 0, 22, 11)
      .fill({ color: colour, alpha: this.isActive ? 0.4 : 0.18 })
      .stroke({ color: colour, width: this.isActive ? 3 : 2, alpha: 0.95 });
  }

  private paintBar(): void {
    const { maxHitPoints, shield, side } = this.combatant;
    const whole = Math.max(1, maxHitPoints + shield);
    const health = (BAR_WIDTH * Math.max(0, this.shownHealth)) / whole;
    const guard = (BAR_WIDTH * shield) / whole;
    const left = -BAR_WIDTH / 2;
    this.bar
      .clear()
      .roundRect(left - 1.5, -7.5, BAR_WIDTH + 3, 7, 3)
      .fill({ color: 0x14201f, alpha: 0.9 })
      .rect(left, -6, health, 4)
      .fill(SIDE_COLOURS[side])
      .rect(left, -6, health, 1.3)
      .fill({ color: 0xffffff, alpha: 0.3 });
    if (guard > 0) this.bar.rect(left + health, -6, guard, 4).fill(0xe9e2cf);
  }

  private paintStates(names: readonly string[]): void {
    this.states.removeChildren().forEach((icon) => icon.destroy());
    const known = names.filter((name) => this.scenery.sheet.has(`state/${name}`));
    known.slice(0, MAX_STATES).forEach((name, index, shown) => {
      const icon = new Sprite(this.scenery.sheet.texture(`state/${name}`));
      icon.x = (index - (shown.length - 1) / 2) * 15;
      this.states.addChild(icon);
    });
  }
}
