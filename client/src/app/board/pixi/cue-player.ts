/** Shows what happened in a battle, one thing after the other: walks, casts, numbers that rise. */
import { Container, Graphics, Text } from 'pixi.js';
import { BattleCue, Cell, Element } from '../board-types';
import { Point, project } from '../projection';
import { BattleActor } from './battle-actor';
import { NAME_FONT } from './figure';
import { paintCells } from './marks';
import { Scenery } from './scenery';

type CueOf<K extends BattleCue['kind']> = Extract<BattleCue, { kind: K }>;

/** Something that is on the screen for a while; `part` goes from 0 to 1. */
interface Show {
  readonly view: Container;
  readonly since: number;
  readonly lastsMs: number;
  readonly draw: (part: number) => void;
}

const STEP_MS = 190;
const PUSH_MS = 90;
const CAST_MS = 380;
const FLOATER_MS = 1100;
const BETWEEN_FLOATERS_MS = 140;
/** More than this waiting (a catch-up after a drop) and the past is not shown. */
const MAX_WAITING = 60;

const ELEMENT_COLOURS: Readonly<Record<Element, number>> = {
  stone: 0xc9b07a,
  ember: 0xff9a4a,
  gale: 0xb9e8e0,
  tide: 0x6fb7ff,
  pure: 0xf5efff,
};
const FLOATERS = {
  damage: { colour: 0xff8a6b, flash: 0xff9080, sign: '−' },
  heal: { colour: 0x8df0a6, flash: 0xa8ffc0, sign: '+' },
  shield: { colour: 0xe9e2cf, flash: 0xffffff, sign: '⛨ ' },
} as const;

export class CuePlayer {
  private waiting: BattleCue[] = [];
  private shows: Show[] = [];
  private lastId = 0;
  private nextAt = 0;

  constructor(
    private readonly scenery: Scenery,
    private readonly actors: ReadonlyMap<number, BattleActor>,
  ) {}

  add(cues: readonly BattleCue[]): void {
    const fresh = cues.filter(({ id }) => id > this.lastId);
    this.lastId = fresh.at(-1)?.id ?? this.lastId;
    this.waiting.push(...fresh);
    for (const cue of fresh) if (isWalk(cue)) this.actors.get(cue.target)?.awaitWalk();
    if (this.waiting.length > MAX_WAITING) this.skipAll();
  }

  /** Start what is due and draw what is on; true while there is anything to show. */
  advance(now: number): boolean {
    while (this.waiting.length && now >= this.nextAt) {
      const cue = this.waiting.shift();
      if (cue) this.nextAt = now + this.start(cue, now);
    }
    for (const show of this.shows) show.draw(Math.min(1, (now - show.since) / show.lastsMs));
    for (const show of this.shows.filter((over) => now - over.since >= over.lastsMs)) {
      show.view.destroy({ children: true });
    }
    this.shows = this.shows.filter((show) => now - show.since < show.lastsMs);
    return this.waiting.length > 0 || this.shows.length > 0;
  }

  private skipAll(): void {
    this.waiting = [];
    for (const actor of this.actors.values()) actor.forgetWalks();
  }

  /** Returns how long the next cue has to wait. */
  private start(cue: BattleCue, now: number): number {
    switch (cue.kind) {
      case 'walk':
      case 'push':
        return this.startWalk(cue, now);
      case 'cast':
        return this.startCast(cue, now);
      case 'note':
        return this.startFloater(cue.target, cue.text, 0xe9e2cf, now);
      default:
        return this.startNumber(cue, now);
    }
  }

  private startWalk(cue: CueOf<'walk' | 'push'>, now: number): number {
    const stepMs = cue.kind === 'walk' ? STEP_MS : PUSH_MS;
    this.actors.get(cue.target)?.follow({ path: cue.path, startedAt: now, stepMs });
    return stepMs * Math.max(0, cue.path.length - 1);
  }

  private startNumber(cue: CueOf<'damage' | 'heal' | 'shield'>, now: number): number {
    const { colour, flash, sign } = FLOATERS[cue.kind];
    this.actors.get(cue.target)?.flash(flash, now);
    return this.startFloater(cue.target, `${sign}${cue.amount}`, colour, now);
  }

  private startFloater(target: number, words: string, colour: number, now: number): number {
    const actor = this.actors.get(target);
    if (!actor) return 0;
    const view = floater(words, colour);
    const { x, y } = actor.place;
    const top = y - actor.headRoom + 14;
    const rise = this.scenery.host.prefersReducedMotion ? 0 : 34;
    this.show(view, now, FLOATER_MS, (part) => {
      view.position.set(x, top - rise * (1 - (1 - part) ** 2));
      view.alpha = part < 0.7 ? 1 : (1 - part) / 0.3;
      view.scale.set(rise && part < 0.12 ? 0.7 + part * 5 : 1);
    });
    return BETWEEN_FLOATERS_MS;
  }

  private startCast(cue: CueOf<'cast'>, now: number): number {
    const colour = ELEMENT_COLOURS[cue.element];
    const from = this.actors.get(cue.caster)?.place;
    const goal = project(cue.cell[0], cue.cell[1]);
    const view = new Graphics({ blendMode: 'add' });
    this.show(view, now, CAST_MS, (part) => {
      view.clear();
      if (from && !this.scenery.host.prefersReducedMotion) drawBolt(view, from, goal, part, colour);
      drawBurst(view, cue.area.length ? cue.area : [cue.cell], part, colour);
    });
    return CAST_MS * 0.6;
  }

  private show(
    view: Container,
    since: number,
    lastsMs: number,
    draw: (part: number) => void,
  ): void {
    this.scenery.overhead.addChild(view);
    this.shows.push({ view, since, lastsMs, draw });
    draw(0);
  }
}

function isWalk(cue: BattleCue): cue is CueOf<'walk' | 'push'> {
  return cue.kind === 'walk' || cue.kind === 'push';
}

function floater(words: string, colour: number): Text {
  return new Text({
    text: words,
    resolution: 3,
    anchor: { x: 0.5, y: 1 },
    style: {
      fontFamily: NAME_FONT,
      fontSize: 19,
      fontWeight: 'bold',
      fill: colour,
      stroke: { color: 0x14201f, width: 4, join: 'round' },
    },
  });
}

function drawBolt(view: Graphics, from: Point, goal: Point, part: number, colour: number): void {
  const flight = Math.min(1, part / 0.6);
  if (flight >= 1) return;
  for (let tail = 0; tail < 6; tail++) {
    const place = Math.max(0, flight - tail * 0.05);
    const arc = Math.sin(place * Math.PI) * 26;
    const x = from.x + (goal.x - from.x) * place;
    const y = from.y - 24 + (goal.y + 10 - from.y) * place - arc;
    view.circle(x, y, 6 - tail * 0.8).fill({ color: colour, alpha: 0.8 - tail * 0.12 });
  }
}

function drawBurst(view: Graphics, area: readonly Cell[], part: number, colour: number): void {
  const burst = (part - 0.45) / 0.55;
  if (burst <= 0) return;
  const fade = 1 - burst;
  paintCells(view, area, {
    fill: colour,
    fillAlpha: 0.5 * fade,
    line: colour,
    lineAlpha: fade,
    inset: 1 + burst * 2,
  });
}
