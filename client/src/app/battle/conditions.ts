/** Conditions of skills and effects, asked as the engine asks them. */
import { ConditionInfo } from '../catalogue/catalogue';
import { CombatantView } from '../protocol/generated';
import { hasState } from './combatants';

type Asked = Pick<CombatantView, 'effects' | 'hp' | 'hp_max'>;

/** Whether everything that a condition says is so (or, with `present: false`, is not). */
export function holds(condition: ConditionInfo, caster: Asked, target: Asked): boolean {
  const { state, effect, hp_below_pct, present } = condition;
  const who = condition.of === 'target' ? target : caster;
  const inside = (each: ConditionInfo) => holds(each, caster, target);
  const isSo =
    (state === null || hasState(who, state)) &&
    (effect === null || who.effects.some(({ key }) => key === effect)) &&
    (hp_below_pct === null || who.hp * 100 < who.hp_max * hp_below_pct) &&
    (condition.all ?? []).every(inside) &&
    (!condition.any?.length || condition.any.some(inside)) &&
    !(condition.not && inside(condition.not));
  return isSo === present;
}

/** Whether a condition, and all inside it, asks for nothing of a target. */
export function isAboutCaster({ of, all, any, not }: ConditionInfo): boolean {
  const inside = [...(all ?? []), ...(any ?? []), ...(not ? [not] : [])];
  return of !== 'target' && inside.every(isAboutCaster);
}
