/** The arithmetic of a forecast: damage, healing and shields as the engine reckons them. */
import { EffectInfo, SkillInfo } from '../catalogue/catalogue';
import { BattleView, LastingEffect } from '../protocol/generated';
import type { Kind } from './forecast';
import { Draw } from './forecast-dice';
import { Reactions } from './forecast-reactions';
import { Battlefield, Known, Scene, Standing } from './forecast-scene';

const RES_MIN = -100;
const RES_MAX = 60;
const WEAR_PCT = 10;
const WEAR_FLOOR_PCT = 30;
/** More no trigger makes of damage. */
const AMOUNT_MAX = 2 ** 42;
/** Ids of what this cast lays: above all that there are. */
const FRESH = 2 ** 40;

interface Blow {
  readonly by: number;
  readonly cause: 'skill' | 'field' | 'trigger' | 'knock' | 'redirect' | 'reflect';
  readonly element: string;
  readonly raw: number;
  readonly falloffPct: number;
  readonly piercePct: number;
}

const PLAIN = { falloffPct: 0, piercePct: 0 } as const;

/** A cast at work on a copy of what is known, with dice that fall in one way. */
export class Unfolding extends Battlefield {
  readonly sums = new Map<number, Partial<Record<Kind, number>>>();
  /** What answers to what happens, when the cast is through. */
  readonly reactions: Reactions;
  /** Who has dodged, as the dice fall: what is `on_hit` passes them over. */
  readonly dodged = new Set<Standing>();
  private laid = 0;

  constructor(
    battle: BattleView,
    readonly known: Known,
    public scene: Scene,
    private readonly isCritical: boolean,
    private readonly draw: Draw,
  ) {
    super(battle, known.tags);
    this.reactions = new Reactions(known.skills);
  }

  get caster(): Standing {
    return this.of(this.scene.caster);
  }

  /** Let something else cause what happens meanwhile. */
  inScene(scene: Scene, happening: () => void): void {
    const before = this.scene;
    this.scene = scene;
    happening();
    this.scene = before;
  }

  pay({ hp_pct }: SkillInfo): void {
    this.caster.hp -= share(this.caster.hpMax, hp_pct);
    const target = this.standingOn(this.scene.origin);
    this.reactions.notice({ on: 'cast', who: this.caster, other: target });
  }

  /** Who has nothing left is met by nothing more; `by` whom it fell. */
  bury(by = this.scene.caster): void {
    for (const fallen of this.all()) {
      if (!fallen.isAlive || fallen.hp > 0) continue;
      const killer = this.find(by) ?? null;
      const allies = this.all().filter(
        (each) => each !== fallen && each.view.team === fallen.view.team,
      );
      this.reactions.notice(
        { on: 'death', who: fallen, other: killer },
        ...allies.map((who) => ({ on: 'ally_death', who, other: fallen })),
        { on: 'kill', who: killer, other: fallen },
      );
      fallen.isAlive = false;
      fallen.effects = [];
    }
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

  revive(fallen: Standing, hpPct: number): void {
    fallen.hp = Math.max(1, share(fallen.hpMax, hpPct));
    fallen.isAlive = true;
    this.count(fallen, 'healed', fallen.hp);
  }

  apply(effect: EffectInfo, target: Standing, away: number): void {
    switch (effect.type) {
      case 'damage':
        return this.strike(effect, target, away);
      case 'damage_pct':
        return this.strikeShare(effect, target);
      case 'kill':
        return this.strikeDown(target);
      case 'heal':
        return this.heal(target, this.mended(this.rolled(effect)));
      case 'heal_pct':
        return this.heal(target, share(wholeOf(effect, target), effect.pct ?? 0));
      case 'shield':
        return this.shield(effect, target);
      case 'dot':
        return this.burn(effect, target);
      case 'hot':
        return this.mend(effect, target);
      case 'mod':
        this.lay(effect, target, effect.stat ?? '', effect.delta ?? 0);
        return;
      case 'state':
        this.lay(effect, target, effect.state ?? '', 0);
        return;
      case 'trigger':
        return this.wait(effect, target);
      case 'dispel':
        return dispel(effect, target);
    }
  }

  strikeDown(target: Standing): void {
    const was = target.hp;
    this.count(target, 'lost', was);
    target.hp = 0;
    this.noticeWound(target, was, this.scene.caster);
  }

  private strike(effect: EffectInfo, target: Standing, away: number): void {
    const element = effect.element ?? 'pure';
    const lost = this.hurt(
      target,
      {
        by: this.scene.caster,
        cause: this.scene.cause,
        element,
        raw: this.sent(element, this.rolled(effect)),
        falloffPct: (effect.falloff_pct ?? 0) * away,
        piercePct: this.stat(this.caster, 'pierce_pct'),
      },
      this.isDodged(effect, target),
    );
    const stolen = share(lost, effect.lifesteal_pct ?? 0);
    if (stolen && this.caster.hp > 0) this.heal(this.caster, stolen);
  }

  private strikeShare(effect: EffectInfo, target: Standing): void {
    const raw = Math.min(share(wholeOf(effect, target), effect.pct ?? 0), effect.cap ?? Infinity);
    const { cause, caster: by } = this.scene;
    this.hurt(target, { ...PLAIN, by, cause, element: effect.element ?? 'pure', raw });
  }

  /** Whether it is dodged, if it can be: that is the lower outcome. */
  private isDodged({ dodgeable, element }: EffectInfo, target: Standing): boolean {
    const canBe = dodgeable && this.scene.cause === 'skill' && this.scene.isSingle;
    if (!canBe || target === this.caster || element === 'pure') return false;
    const chance = this.stat(target, 'dodge_bp') - this.stat(this.caster, 'accuracy_bp');
    if (chance <= 0 || this.draw(2, true)) return false;
    this.dodged.add(target);
    return true;
  }

  private rolled(effect: EffectInfo): number {
    const normal: readonly [number, number] = effect.amount ?? [effect.min ?? 0, effect.max ?? 0];
    const isCritical = this.isCritical && this.scene.cause === 'skill';
    const [low, high] = (isCritical && effect.crit) || normal;
    const isHarm = effect.type === 'damage' || effect.type === 'dot';
    const rolled = low + this.draw(high - low + 1, isHarm);
    return rolled + (effect.per_level ?? 0) * this.caster.view.level;
  }

  /** What leaves the caster. */
  private sent(element: string, base: number): number {
    const sum = (name: string) =>
      this.stat(this.caster, `${name}_${element}`) + this.stat(this.caster, `${name}_all`);
    const powered = share(base, Math.max(10, 100 + sum('power')));
    const flattened = Math.max(0, powered + sum('flat'));
    return share(flattened, Math.max(0, 100 + this.stat(this.caster, 'out_pct')));
  }

  /** What reaches somebody, before shields. */
  private received(target: Standing, { element, raw, falloffPct, piercePct }: Blow): number {
    const isPure = element === 'pure';
    const resisted = (name: string) => (isPure ? 0 : this.stat(target, `${name}_${element}`));
    const fallen = share(raw, Math.max(0, 100 - falloffPct));
    const stopped = Math.max(0, fallen - resisted('res_flat'));
    const against = resisted('res_pct') + (isPure ? 0 : this.stat(target, 'res_pct_all'));
    const resistance = Math.min(Math.max(against - piercePct, RES_MIN), RES_MAX);
    const left = share(stopped, 100 - (isPure ? 0 : resistance));
    return share(left, Math.max(0, 100 + this.stat(target, 'in_pct')));
  }

  private hurt(target: Standing, blow: Blow, isDodged = false): number {
    const reaching = this.received(target, blow);
    const whole = isDodged ? Math.floor(reaching / 2) : reaching;
    if (this.isAverted(target, blow.by)) return 0;
    const [redirected, guardian] = this.redirected(target, blow, whole);
    const amount = this.modified(target, whole - redirected);
    const absorbed = this.absorb(target, amount);
    const was = target.hp;
    const lost = Math.min(was, amount - absorbed);
    target.hp -= lost;
    const floor = Math.min(share(target.view.hp_full, WEAR_FLOOR_PCT), target.hpMax);
    target.hpMax = Math.max(target.hpMax - share(lost, WEAR_PCT), floor);
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

  private noticeWound(who: Standing, was: number, by: number): void {
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
    const [averting] = this.reactions.before(target, 'replace');
    if (averting) this.spend(target, averting.effect);
    return !!averting;
  }

  private modified(target: Standing, amount: number): number {
    return this.reactions.before(target, 'modify').reduce((left, { effect, trigger }) => {
      this.spend(target, effect);
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

  /** How much healing or shield a rolled value becomes at its caster. */
  private mended(base: number): number {
    const power = this.stat(this.caster, 'power_tide') + this.stat(this.caster, 'focus');
    const grown = share(base, Math.max(0, 100 + power));
    return share(grown, Math.max(0, 100 + this.stat(this.caster, 'heal_out_pct')));
  }

  private heal(target: Standing, given: number): void {
    const amount = Math.min(this.taken(target, given), target.hpMax - target.hp);
    target.hp += amount;
    this.count(target, 'healed', amount);
    this.reactions.notice({ on: 'heal_taken', who: target, other: this.caster });
  }

  private taken(target: Standing, given: number): number {
    return share(given, Math.max(0, 100 + this.stat(target, 'heal_in_pct')));
  }

  private shield(effect: EffectInfo, target: Standing): void {
    const value = this.mended(this.rolled(effect));
    if (value) this.lay(effect, target, '', value);
    this.count(target, 'shielded', value);
  }

  private burn(effect: EffectInfo, target: Standing): void {
    const element = effect.element ?? 'pure';
    const piercePct = this.stat(this.caster, 'pierce_pct');
    const raw = this.sent(element, this.rolled(effect));
    this.count(
      target,
      'burning',
      this.received(target, { ...PLAIN, by: 0, cause: 'skill', element, raw, piercePct }),
    );
  }

  private mend(effect: EffectInfo, target: Standing): void {
    this.count(target, 'mending', this.taken(target, this.mended(this.rolled(effect))));
  }

  private lay(effect: EffectInfo, target: Standing, of: string, value: number): LastingEffect {
    const made: LastingEffect = {
      id: FRESH + this.laid++,
      key: effect.key ?? this.scene.skill,
      kind: effect.type as LastingEffect['kind'],
      of,
      skill: this.scene.skill,
      source: this.caster.view.id,
      anchor: 'caster',
      anchor_id: this.caster.view.id,
      until: 0,
      value,
      stacks: 1,
      pierce_pct: 0,
      is_harmful: value < 0 !== (of === 'in_pct'),
      is_dispellable: true,
      block: '',
      is_waiting: false,
    };
    target.effects = [...target.effects, made];
    return made;
  }

  /** Let something wait on somebody; the same again takes the place of what waits already. */
  private wait(effect: EffectInfo, target: Standing): void {
    const key = effect.key ?? this.scene.skill;
    const isSame = (each: LastingEffect) =>
      each.kind === 'trigger' &&
      each.key === key &&
      each.of === effect.on &&
      each.source === this.scene.caster;
    if (effect.stack !== 'independent') {
      target.effects = target.effects.filter((each) => !isSame(each));
    }
    this.reactions.learn(this.lay(effect, target, effect.on ?? '', effect.limit ?? 0), effect);
  }

  private count({ view }: Standing, kind: Kind, amount: number): void {
    if (!amount) return;
    const known = this.sums.get(view.id) ?? {};
    this.sums.set(view.id, { ...known, [kind]: (known[kind] ?? 0) + amount });
  }
}

function share(whole: number, pct: number): number {
  return Math.floor((whole * pct) / 100);
}

function wholeOf({ of }: EffectInfo, { hp, hpMax }: Standing): number {
  if (of === 'current') return hp;
  return of === 'missing' ? hpMax - hp : hpMax;
}

/** The newest go first. */
function dispel({ polarity, kind, key, count }: EffectInfo, target: Standing): void {
  const isMeant = (each: LastingEffect) =>
    each.is_dispellable &&
    each.kind !== 'tenacity' &&
    each.kind !== 'lifetime' &&
    (polarity === 'any' || each.is_harmful === (polarity === 'harmful')) &&
    (!kind || each.kind === kind) &&
    (!key || each.key === key);
  const ending = target.effects.filter(isMeant).reverse().slice(0, count);
  target.effects = target.effects.filter((each) => !ending.includes(each));
}
