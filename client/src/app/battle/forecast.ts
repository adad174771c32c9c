/**
 * What a cast may bring to each whom it meets, from numbers that everybody sees, in the engine's own
 * integers: one floor a step, and what answers to it by a trigger. Left out is what nobody can know
 * beforehand: who is unseen, traps that are, what is drawn by lot; and what comes later.
 */
import { Cell } from '../board/board-types';
import { EffectInfo, ShapeInfo, SkillInfo } from '../catalogue/catalogue';
import { BattleView, CombatantView } from '../protocol/generated';
import { cellsHit } from './aim';
import { cellKey } from '../board/board-types';
import { corpseOn, effectiveStat, hasState, isThere, standingOn } from './combatants';
import { holds, isAboutCaster } from './conditions';
import { however } from './forecast-dice';
import { enterGround } from './forecast-ground';
import { MOTIONS, move } from './forecast-motion';
import { Unfolding } from './forecast-numbers';
import { Known, Standing } from './forecast-scene';
import { Answer } from './forecast-reactions';
import { sees } from './line-of-sight';
import { coveredCells } from './shapes';
import { blocksSight, distance } from './terrain';

export type Kind = 'lost' | 'absorbed' | 'healed' | 'shielded' | 'burning' | 'mending';
export type Between = readonly [least: number, most: number];
/** By combatant: what it loses, its shields take, it gets back; what burns or mends it each turn. */
export type Outcome = ReadonlyMap<number, Readonly<Partial<Record<Kind, Between>>>>;

export interface Forecast {
  readonly normal: Outcome;
  /** Null where the cast cannot be a critical one. */
  readonly critical: Outcome | null;
}

const CRIT_MAX_BP = 7_500;

/** `skill` as effects have changed it, aimed at a cell that it may be aimed at. */
export function forecastOf(
  battle: BattleView,
  caster: CombatantView,
  skill: SkillInfo,
  cell: Cell,
  known: Known,
): Forecast {
  const critBp = (skill.crit_bp ?? 0) + effectiveStat(caster, 'crit_bp');
  const isEverCritical = Math.min(Math.max(critBp, 0), CRIT_MAX_BP) > 0;
  const met = metBy(battle, caster, skill, cell);
  const between = (isCritical: boolean): Outcome => {
    const sums = however((draw) => {
      const scene = {
        caster: caster.id,
        skill: skill.id,
        origin: cell,
        cause: 'skill',
        isSingle: skill.shape.type === 'single',
      } as const;
      const unfolding = new Unfolding(battle, known, scene, isCritical, draw);
      unfolding.pay(skill);
      unfold(unfolding, effectsOf(caster, skill), met);
      unfolding.bury();
      unfolding.reactions.settle((answer) => react(unfolding, answer));
      return unfolding.sums;
    });
    return spanned(sums);
  };
  return { normal: between(false), critical: isEverCritical ? between(true) : null };
}

/** Somebody inside the shape of a cast, and how far from its centre. */
export interface Met {
  readonly who: number;
  readonly distance: number;
}

function metBy(
  battle: BattleView,
  caster: CombatantView,
  skill: SkillInfo,
  cell: Cell,
): readonly Met[] {
  const fallen = skill.target.includes('corpse') && corpseOn(battle, cell);
  if (fallen && !standingOn(battle, cell)) return [{ who: fallen.id, distance: 0 }];
  const covered = new Set(cellsHit(battle, caster, skill, cell).map(cellKey));
  return battle.combatants
    .filter((each) => isThere(each) && covered.has(cellKey(each.cell)))
    .map((each) => ({ who: each.id, distance: distance(each.cell, cell), slot: each.slot }))
    .sort((a, b) => a.distance - b.distance || a.slot - b.slot);
}

function effectsOf(caster: CombatantView, skill: SkillInfo): readonly EffectInfo[] {
  const rank = caster.skills.find(({ id }) => id === skill.id)?.rank ?? 0;
  return skill.ranks[rank]?.effects ?? [];
}

function unfold(u: Unfolding, effects: readonly EffectInfo[], met: readonly Met[]): void {
  for (const effect of effects) {
    if (effect.type === 'revive') revive(u, effect, met);
    else if (MOTIONS.includes(effect.type)) {
      move(u, effect, passing(u, effect, met), (mover) => enterGround(u, mover, unfold, isMet));
    } else meet(u, effect, passing(u, effect, met));
    u.bury();
  }
}

/** A trigger runs its effects for who has laid it, around its bearer or the other one. */
function react(u: Unfolding, { bearer, effect, other, reflected }: Answer): void {
  const trigger = u.reactions.triggerOf(effect);
  if (reflected) {
    if (other?.isAlive) u.strikeBack(other, bearer, reflected);
  } else if (trigger && u.find(effect.source)) {
    const around = trigger.at === 'other' ? other : bearer;
    if (!around || (around === other && !other.isAlive)) return;
    u.spend(bearer, effect);
    const { source: caster, skill } = effect;
    const scene = {
      caster,
      skill,
      origin: around.cell,
      cause: 'trigger',
      isSingle: false,
    } as const;
    const met = metAround(u, trigger.shape ?? { type: 'single' }, around.cell);
    u.inScene(scene, () => unfold(u, trigger.effects ?? [], met));
  }
  u.bury(effect.source);
}

function metAround(u: Unfolding, shape: ShapeInfo, origin: Cell): readonly Met[] {
  const { board } = u.battle;
  const isOpen = ({ cell }: Standing) =>
    shape.type === 'single' || sees(origin, cell, (at) => blocksSight(board, at));
  const covered = new Set(coveredCells(shape, board, origin, origin).map(cellKey));
  return u
    .everybody()
    .filter((each) => each.isAlive && covered.has(cellKey(each.cell)) && isOpen(each))
    .map(({ view, cell }) => ({
      who: view.id,
      distance: distance(cell, origin),
      slot: view.slot,
    }))
    .sort((a, b) => a.distance - b.distance || a.slot - b.slot);
}

/** Whom an effect meets now: who is alive, let through by its filter, and has not dodged. */
function passing(u: Unfolding, effect: EffectInfo, met: readonly Met[]): readonly Met[] {
  const caster = u.caster;
  if (effect.filter === 'self') return caster.isAlive ? [{ who: caster.view.id, distance: 0 }] : [];
  return met.filter(({ who }) => {
    const other = u.of(who);
    if (effect.on_hit && u.scene.cause === 'skill' && u.dodged.has(other)) return false;
    if (!other.isAlive || !passes(effect.filter ?? 'any', caster.view, other.view)) return false;
    return other === caster || !hasState({ ...other.view, effects: other.effects }, 'untargetable');
  });
}

function isMet(filter: string, caster: Standing, other: Standing): boolean {
  return passes(filter, caster.view, other.view);
}

function passes(filter: string, caster: CombatantView, other: CombatantView): boolean {
  switch (filter) {
    case 'enemy':
      return other.team !== caster.team;
    case 'ally':
      return other.team === caster.team;
    case 'other_ally':
      return other.team === caster.team && other.id !== caster.id;
    case 'own_summon':
      return other.owner === caster.id;
    default:
      return true;
  }
}

function meet(u: Unfolding, effect: EffectInfo, met: readonly Met[]): void {
  switch (effect.type) {
    case 'per_stack':
      return met.forEach((each) => perStack(u, effect, each));
    case 'if':
      return choose(u, effect, met);
    default:
      for (const each of met) u.apply(effect, u.of(each.who), each.distance);
  }
}

function perStack(u: Unfolding, effect: EffectInfo, met: Met): void {
  const target = u.of(met.who);
  const borne = target.effects.filter(({ key }) => key === effect.key);
  const times = borne.reduce((sum, { stacks }) => sum + stacks, 0);
  for (let time = 0; time < times && target.isAlive; time++) {
    unfold(u, effect.effects ?? [], [met]);
  }
  if (effect.consume) target.effects = target.effects.filter((each) => !borne.includes(each));
}

function choose(u: Unfolding, effect: EffectInfo, met: readonly Met[]): void {
  const conditions = effect.cond ?? [];
  const isSo = (who: number) =>
    conditions.every((each) => holds(each, asked(u.caster), asked(u.of(who))));
  if (conditions.every(isAboutCaster)) {
    return unfold(u, (isSo(u.caster.view.id) ? effect.then : effect.else) ?? [], met);
  }
  const yes = met.filter(({ who }) => isSo(who));
  const no = met.filter((each) => !yes.includes(each));
  if (yes.length) unfold(u, effect.then ?? [], yes);
  if (no.length) unfold(u, effect.else ?? [], no);
}

function asked({ effects, hp, hpMax }: Standing) {
  return { effects, hp, hp_max: hpMax };
}

function revive(u: Unfolding, effect: EffectInfo, met: readonly Met[]): void {
  for (const { who } of met) {
    const fallen = u.of(who);
    const isMeant = passes(effect.filter ?? 'any', u.caster.view, fallen.view);
    if (!fallen.isAlive && isMeant) u.revive(fallen, effect.hp_pct ?? 0);
  }
}

/** The least and the most of everything, however the dice fall. */
function spanned(sums: readonly Sums[]): Outcome {
  const outcome = new Map<number, Partial<Record<Kind, Between>>>();
  for (const who of new Set(sums.flatMap((each) => [...each.keys()]))) {
    const found = sums.map((each) => each.get(who) ?? {});
    for (const kind of new Set(found.flatMap((each) => Object.keys(each) as Kind[]))) {
      const amounts = found.map((each) => each[kind] ?? 0);
      const between: Between = [Math.min(...amounts), Math.max(...amounts)];
      if (between[1]) outcome.set(who, { ...outcome.get(who), [kind]: between });
    }
  }
  return outcome;
}

export type Sums = ReadonlyMap<number, Readonly<Partial<Record<Kind, number>>>>;
