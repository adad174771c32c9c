/** Why a skill cannot be used now, in words; null when it can. */
import { SkillInfo } from '../catalogue/catalogue';
import { CombatantView, SkillUse } from '../protocol/generated';
import { hasState } from './combatants';
import { holds } from './conditions';

export function useOf(caster: CombatantView, skill: string): SkillUse | undefined {
  return caster.uses.find((use) => use.skill === skill);
}

/** How many of its own turns the caster still waits for the skill. */
export function turnsToWait(caster: CombatantView, skill: string): number {
  return Math.max(0, (useOf(caster, skill)?.ready_at ?? 0) - caster.turns);
}

/** How many are left of what a skill uses up; null for a skill that uses up nothing. */
export function leftOf(caster: CombatantView, skill: string): number | null {
  const slot = caster.skills.find(({ id }) => id === skill);
  return slot?.item ? slot.uses - (useOf(caster, skill)?.fight_uses ?? 0) : null;
}

export function obstacleTo(caster: CombatantView, skill: SkillInfo): string | null {
  if (leftOf(caster, skill.id) === 0)
    return $localize`:@@obstacle.noneLeft:You have used up what you brought.`;
  return (
    costObstacle(caster, skill) ?? stateObstacle(caster, skill) ?? limitObstacle(caster, skill)
  );
}

function costObstacle(caster: CombatantView, skill: SkillInfo): string | null {
  if (caster.ap < skill.ap)
    return $localize`:@@obstacle.ap:Needs ${skill.ap}:needed: AP; you have ${caster.ap}:left:.`;
  if (caster.mp < skill.mp)
    return $localize`:@@obstacle.mp:Needs ${skill.mp}:needed: MP; you have ${caster.mp}:left:.`;
  if (caster.hp <= Math.floor((caster.hp_max * skill.hp_pct) / 100)) {
    return $localize`:@@obstacle.health:You are too weak to pay for it with your own health.`;
  }
  return null;
}

function stateObstacle(caster: CombatantView, skill: SkillInfo): string | null {
  if (skill.ap > 0 && !skill.tags.includes('basic') && hasState(caster, 'silence')) {
    return $localize`:@@obstacle.silence:You are silenced.`;
  }
  const unmet = skill.requires.some((condition) => !holds(condition, caster, caster));
  return unmet ? $localize`:@@obstacle.state:Not possible in your present state.` : null;
}

function limitObstacle(caster: CombatantView, skill: SkillInfo): string | null {
  const wait = turnsToWait(caster, skill.id);
  if (wait > 1) return $localize`:@@obstacle.cooldown:Ready again in ${wait}:turns: turns.`;
  if (wait === 1) return $localize`:@@obstacle.cooldownOne:Ready again next turn.`;
  const use = useOf(caster, skill.id);
  const { per_turn, per_fight } = skill.limits;
  if (use && per_turn && use.turn === caster.turns && use.turn_uses >= per_turn) {
    return $localize`:@@obstacle.perTurn:Already used this turn.`;
  }
  if (use && per_fight && use.fight_uses >= per_fight) {
    return $localize`:@@obstacle.perFight:Already used in this battle.`;
  }
  return null;
}

/** Whether the skill has already met this target as often as a turn allows. */
export function isTargetSpent(caster: CombatantView, skill: SkillInfo, target: number): boolean {
  const use = useOf(caster, skill.id);
  if (!use || !skill.limits.per_target || use.turn !== caster.turns) return false;
  return use.turn_targets.filter((id) => id === target).length >= skill.limits.per_target;
}
