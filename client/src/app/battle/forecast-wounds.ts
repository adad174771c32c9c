/** The wounds of a forecast: what of a blow reaches somebody, and what answers it, as the engine reckons it. */
import { BattleView, LastingEffect } from '../protocol/generated';
import type { Kind } from './forecast';
import { Reactions } from './forecast-reactions';
import { Battlefield, Known, Scene, Standing } from './forecast-scene';

const RES_MIN = -100;
const RES_MAX = 60;
/** What a release without rules of its own does. */
const USUAL_WEAR = { pct: 10, floor_pct: 30 } as const;
/** What whoever deals it may change or make not happen. */
const DEALT: readonly string[] = ['skill', 'field', 'trigger'];
/** More no trigger makes of a number. */
const AMOUNT_MAX = 2 ** 42;

interface Blow {
  readonly by: number;
  readonly cause: 'skill' | 'field' | 'trigger' | 'knock' | 'redirect' | 'reflect';
  readonly element: string;
  readonly raw: number;
  readonly falloffPct: number;
  readonly piercePct: number;
}

export const PLAIN = { falloffPct: 0, piercePct: 0 } as const;

/** What is known of a battle, on a copy on which somebody is hurt. */
export class Wounding extends Battlefield {
  readonly sums = new Map<number, Partial<Record<Kind, number>>>();
  /** What answers to what happens, when the cast is through. */
  readonly reactions: Reactions;

  constructor(
    battle: BattleView,
    readonly known: Known,
    public scene: Scene,
  ) {
    super(battle, known.tags);
    this.reactions = new Reactions(known.skills);
  }

  get caster(): Standing {
    return this.of(this.scene.caster);
  }

  /** Hurt somebody by what it was thrown against. */
  knock(target: Standing, raw: number): void {
    this.hurt(target, { ...PLAIN, by: this.scene.caster, cause: 'knock', element: 'pure', raw });
  }

  /** Let damage go back to who has dealt it. */
  strikeBack(target: Standing, by: Standing, raw: number): void {
    this.hurt(target, { ...PLAIN, by: by.view.id, cause: 'reflect', element: 'pure', raw });
  }

  /** Count one firing of what answers only so often. */
  spend(bearer: Standing, effect: LastingEffect): void {
    if (!effect.value) return;
    bearer.effects = bearer.effects.flatMap((each) => {
      if (each.id !== effect.id) return [each];
      return each.value > 1 ? [{ ...each, value: each.value - 1 }] : [];
    });
  }

  strikeDown(target: Standing): void {
    const was = target.hp;
    this.count(target, 'lost', was);
    target.hp = 0;
    this.noticeWound(target, was, this.scene.caster);
  }

  /** What reaches somebody, before shields. */
  protected received(target: Standing, { element, raw, falloffPct, piercePct }: Blow): number {
    const isPure = element === 'pure';
    const resisted = (name: string) => (isPure ? 0 : this.stat(target, `${name}_${element}`));
    const fallen = share(raw, Math.max(0, 100 - falloffPct));
    const stopped = Math.max(0, fallen - resisted('res_flat'));
    const against = resisted('res_pct') + (isPure ? 0 : this.stat(target, 'res_pct_all'));
    const resistance = Math.min(Math.max(against - piercePct, RES_MIN), RES_MAX);
    const left = share(stopped, 100 - (isPure ? 0 : resistance));
    return share(left, Math.max(0, 100 + this.stat(target, 'in_pct')));
  }

  private wear(target: Standing, lost: number): void {
    const { pct, floor_pct } = this.known.battle['rules']?.wear ?? USUAL_WEAR;
    const floor = Math.min(share(target.view.hp_full, floor_pct), target.hpMax);
    target.hpMax = Math.max(target.hpMax - share(lost, pct), floor);
  }

  protected hurt(target: Standing, blow: Blow, isDodged = false): number {
    const reaching = this.received(target, blow);
    const dealt = this.dealt(blow, isDodged ? Math.floor(reaching / 2) : reaching);
    if (dealt === null || this.isAverted(target, blow.by)) return 0;
    const whole = dealt;
    const [redirected, guardian] = this.redirected(target, blow, whole);
    const amount = this.changed(target, 'before_damage_taken', whole - redirected);
    const absorbed = this.absorb(target, amount);
    const was = target.hp;
    const lost = Math.min(was, amount - absorbed);
    target.hp -= lost;
    this.wear(target, lost);
    this.count(target, 'absorbed', absorbed);
    this.count(target, 'lost', lost);
    this.noticeWound(target, was, blow.by);
    if (guardian) {
      const { by } = blow;
      this.hurt(guardian, { ...PLAIN, by, cause: 'redirect', element: 'pure', raw: redirected });
    }
    if (blow.cause === 'skill' && target !== this.caster) this.reflect(target, lost);
    return lost;
  }

  protected noticeWound(who: Standing, was: number, by: number): void {
    const other = this.find(by) ?? null;
    this.reactions.notice(
      { on: 'damage_taken', who, other },
      { on: 'hp_below', who, other, was },
      { on: 'damage_dealt', who: other, other: who },
    );
  }

  /** What makes damage not happen; what only reacts to it is queued as well. */
  private isAverted(target: Standing, by: number): boolean {
    const other = this.find(by) ?? null;
    this.reactions.notice({ on: 'before_damage_taken', who: target, other });
    return this.isReplaced(target, 'before_damage_taken');
  }

  /** What whoever deals a blow makes of it; null if it makes it not happen. */
  private dealt({ by, cause }: Blow, amount: number): number | null {
    const source = DEALT.includes(cause) ? this.find(by) : undefined;
    if (!source) return amount;
    return this.isReplaced(source, 'damage_dealt')
      ? null
      : this.changed(source, 'damage_dealt', amount);
  }

  /** Whether something on somebody makes a thing not happen; the first one does, and is spent. */
  isReplaced(who: Standing, on: string, isHarmful = true): boolean {
    const replacing = this.reactions.before(who, on, 'replace').find(({ trigger }) => {
      const polarity = trigger.polarity ?? 'any';
      return polarity === 'any' || isHarmful === (polarity === 'harmful');
    });
    if (replacing) this.spend(who, replacing.effect);
    return !!replacing;
  }

  /** A number after what changes it, one floor each. */
  changed(who: Standing, on: string, amount: number): number {
    return this.reactions.before(who, on, 'modify').reduce((left, { effect, trigger }) => {
      this.spend(who, effect);
      return Math.min(share(left, Math.max(0, 100 + (trigger.pct ?? 0))), AMOUNT_MAX);
    }, amount);
  }

  private reflect(target: Standing, lost: number): void {
    for (const effect of target.effects) {
      const amount = share(lost, effect.value * effect.stacks);
      if (effect.kind !== 'reflect' || effect.is_waiting || !amount) continue;
      this.reactions.later({ bearer: target, effect, other: this.caster, reflected: amount });
    }
  }

  /** What a guardian takes instead; what was sent on once is not sent on again. */
  private redirected(target: Standing, blow: Blow, amount: number): [number, Standing | null] {
    if (blow.cause === 'redirect' || blow.cause === 'reflect') return [0, null];
    for (const effect of target.effects) {
      const guardian = effect.kind === 'redirect' && !effect.is_waiting && this.guardianOf(effect);
      if (!guardian || guardian === target) continue;
      const part = share(amount, Math.min(effect.value * effect.stacks, 100));
      return part ? [part, guardian] : [0, null];
    }
    return [0, null];
  }

  private guardianOf({ of, source }: LastingEffect): Standing | undefined {
    if (of !== 'own_summon') {
      const guardian = this.find(source);
      return guardian && guardian.hp > 0 ? guardian : undefined;
    }
    return this.all().find(
      ({ view, hp }) => view.owner === source && view.kind === 'summon' && hp > 0,
    );
  }

  /** Shields take damage, the oldest first. */
  private absorb(target: Standing, amount: number): number {
    let left = amount;
    target.effects = target.effects.flatMap((each) => {
      if (each.kind !== 'shield' || each.is_waiting || left === 0) return [each];
      const taken = Math.min(each.value, left);
      left -= taken;
      return taken === each.value ? [] : [{ ...each, value: each.value - taken }];
    });
    return amount - left;
  }

  protected count({ view }: Standing, kind: Kind, amount: number): void {
    if (!amount) return;
    const known = this.sums.get(view.id) ?? {};
    this.sums.set(view.id, { ...known, [kind]: (known[kind] ?? 0) + amount });
  }
}

export function share(whole: number, pct: number): number {
  return Math.floor((whole * pct) / 100);
}
