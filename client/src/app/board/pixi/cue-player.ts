/** Shows what happened in a battle, one thing after the other: walks, casts, numbers that rise. */
import { Container } from 'pixi.js';
import { BattleCue } from '../board-types';
import { project } from '../projection';
import { BattleActor } from './battle-actor';
import { Bolt, Burst, Effect, Floater, Saying } from './effects';
import { Scenery } from './scenery';

type CueOf<K extends BattleCue['kind']> = Extract<BattleCue, { kind: K }>;

interface Show {
  readonly effect: Effect;
  readonly since: number;
  readonly lastsMs: number;
}

const STEP_MS = 190;
const PUSH_MS = 90;
const CAST_MS = 380;
const FLOATER_MS = 1100;
const BETWEEN_FLOATERS_MS = 140;
/** More than this waiting (a catch-up after a drop) and the past is not shown. */
const MAX_WAITING = 60;

const NUMBER_SIZE = 19;
const NOTE = { colour: 0xe9e2cf, icon: null, fontSize: 12 } as const;
const NUMBERS = {
  damage: { colour: 0xff8a6b, flash: 0xff9080, sign: '−' },
  heal: { colour: 0x8df0a6, flash: 0xa8ffc0, sign: '+' },
  shield: { colour: 0xe9e2cf, flash: 0xffffff, sign: '+' },
} as const;

export class CuePlayer {
  private waiting: BattleCue[] = [];
  private shows: Show[] = [];
  /** Null until the first look: what had happened before that is not shown again. */
  private lastId: number | null = null;
  private nextAt = 0;

  constructor(
    private readonly scenery: Scenery,
    private readonly actors: ReadonlyMap<number, BattleActor>,
  ) {}

  add(cues: readonly BattleCue[]): void {
    const since = this.lastId ?? cues.at(-1)?.id ?? 0;
    const fresh = cues.filter(({ id }) => id > since);
    this.lastId = fresh.at(-1)?.id ?? since;
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
    for (const show of this.shows) show.effect.draw(Math.min(1, (now - show.since) / show.lastsMs));
    for (const show of this.shows.filter((over) => now - over.since >= over.lastsMs)) {
      show.effect.view.destroy({ children: true });
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
        return this.startFloater(cue.target, { words: cue.text, ...NOTE }, now);
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
    const { colour, flash, sign } = NUMBERS[cue.kind];
    this.actors.get(cue.target)?.flash(flash, now);
    const icon = cue.kind === 'shield' ? this.scenery.sheet.texture('state/shield') : null;
    return this.startFloater(
      cue.target,
      { words: `${sign}${cue.amount}`, colour, icon, fontSize: NUMBER_SIZE },
      now,
    );
  }

  private startFloater(target: number, saying: Saying, now: number): number {
    const actor = this.actors.get(target);
    if (!actor) return 0;
    const { x, y } = actor.place;
    const rise = this.scenery.host.prefersReducedMotion ? 0 : 34;
    const floater = new Floater(saying, { x, y: y - actor.headRoom + 14 }, rise);
    this.show(this.scenery.speech, now, FLOATER_MS, floater);
    return BETWEEN_FLOATERS_MS;
  }

  private startCast(cue: CueOf<'cast'>, now: number): number {
    const from = this.actors.get(cue.caster)?.place;
    const goal = project(cue.cell[0], cue.cell[1]);
    const area = cue.area.length ? cue.area : [cue.cell];
    this.show(this.scenery.marks, now, CAST_MS, new Burst(area, cue.element));
    if (from && !this.scenery.host.prefersReducedMotion) {
      this.show(this.scenery.speech, now, CAST_MS, new Bolt(from, goal, cue.element));
    }
    return CAST_MS * 0.6;
  }

  private show(layer: Container, since: number, lastsMs: number, effect: Effect): void {
    layer.addChild(effect.view);
    this.shows.push({ effect, since, lastsMs });
    effect.draw(0);
  }
}

function isWalk(cue: BattleCue): cue is CueOf<'walk' | 'push'> {
  return cue.kind === 'walk' || cue.kind === 'push';
}
