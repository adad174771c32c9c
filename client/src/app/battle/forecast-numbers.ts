/** The arithmetic of a forecast: what a cast does by its dice, effect by effect, as the engine reckons it. */
import { EffectInfo, SkillInfo } from '../catalogue/catalogue';
import { BattleView, LastingEffect } from '../protocol/generated';
import { Draw } from './forecast-dice';
import { Known, Scene, Standing } from './forecast-scene';
import { PLAIN, Wounding, share } from './forecast-wounds';

/** Ids of what this cast lays: above all that there are. */
const FRESH = 2 ** 40;
const HELPFUL_STATES: readonly string[] = ['unmovable', 'invisible', 'untargetable'];

/** A cast at work on a copy of what is known, with dice that fall in one way. */
export class Unfolding extends Wounding {
  /** Who has dodged, as the dice fall: what is `on_hit` passes them over. */
  readonly dodged = new Set<Standing>();
  private laid = 0;

  constructor(
    battle: BattleView,
    known: Known,
    scene: Scene,
    private readonly isCritical: boolean,
    private readonly draw: Draw,
  ) {
    super(battle, known, scene);
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
      case 'skill_mod':
      case 'redirect':
      case 'reflect':
        // Nothing of this cast asks for it any more; it may use up what makes immune.
        this.isReplaced(target, 'effect_applied', this.isHarmful(effect, target));
        return;
      case 'dispel':
        return dispel(effect, target);
    }
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

  /** How much healing or shield a rolled value becomes at its caster. */
  private mended(base: number): number {
    const power = this.stat(this.caster, 'power_tide') + this.stat(this.caster, 'focus');
    const grown = share(base, Math.max(0, 100 + power));
    return share(grown, Math.max(0, 100 + this.stat(this.caster, 'heal_out_pct')));
  }

  private heal(target: Standing, given: number): void {
    const coming = this.taken(target, given);
    if (this.isReplaced(target, 'heal_taken')) return;
    const meant = this.changed(target, 'heal_taken', coming);
    const amount = Math.min(meant, target.hpMax - target.hp);
    target.hp += amount;
    this.count(target, 'healed', amount);
    this.reactions.notice({ on: 'heal_taken', who: target, other: this.caster });
  }

  private taken(target: Standing, given: number): number {
    return share(given, Math.max(0, 100 + this.stat(target, 'heal_in_pct')));
  }

  private shield(effect: EffectInfo, target: Standing): void {
    const value = this.mended(this.rolled(effect));
    if (value && this.lay(effect, target, '', value)) this.count(target, 'shielded', value);
  }

  private burn(effect: EffectInfo, target: Standing): void {
    const element = effect.element ?? 'pure';
    const piercePct = this.stat(this.caster, 'pierce_pct');
    const raw = this.sent(element, this.rolled(effect));
    if (this.isReplaced(target, 'effect_applied')) return;
    this.count(
      target,
      'burning',
      this.received(target, { ...PLAIN, by: 0, cause: 'skill', element, raw, piercePct }),
    );
  }

  private mend(effect: EffectInfo, target: Standing): void {
    const mended = this.mended(this.rolled(effect));
    if (this.isReplaced(target, 'effect_applied', false)) return;
    this.count(target, 'mending', this.taken(target, mended));
  }

  /** Put something on somebody, unless something there makes immune. */
  private lay(effect: EffectInfo, target: Standing, of: string, value: number) {
    if (this.isReplaced(target, 'effect_applied', this.isHarmful(effect, target))) return null;
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
      is_harmful: this.isHarmful(effect, target),
      is_dispellable: true,
      block: '',
      is_waiting: false,
    };
    target.effects = [...target.effects, made];
    return made;
  }

  private isHarmful({ type, state, stat, delta, path }: EffectInfo, target: Standing): boolean {
    switch (type) {
      case 'mod':
        return (delta ?? 0) < 0 !== (stat === 'in_pct');
      case 'skill_mod':
        return (delta ?? 0) < 0 !== ['ap', 'mp', 'hp_pct', 'cooldown'].includes(path ?? '');
      case 'state':
        return !HELPFUL_STATES.includes(state ?? '');
      case 'trigger':
        return target.view.team !== this.caster.view.team;
      default:
        return false;
    }
  }

  /** Let something wait on somebody; the same again takes the place of what waits already. */
  private wait(effect: EffectInfo, target: Standing): void {
    const key = effect.key ?? this.scene.skill;
    const isSame = (each: LastingEffect) =>
      each.kind === 'trigger' &&
      each.key === key &&
      each.of === effect.on &&
      each.source === this.scene.caster;
    const made = this.lay(effect, target, effect.on ?? '', effect.limit ?? 0);
    if (!made) return;
    if (effect.stack !== 'independent') {
      target.effects = target.effects.filter((each) => each === made || !isSame(each));
    }
    this.reactions.learn(made, effect);
  }
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
