/** Questions about a battle as this player sees it. The server decides; this only explains and previews. */
import { BattleView, CombatantView } from '../protocol/generated';
import { Cell, sameCell } from '../board/board-types';
import { SkillInfo } from '../catalogue/catalogue';

const CAPS: Readonly<Record<string, readonly [number, number]>> = {
  ap_max: [0, 12],
  mp_max: [0, 8],
  summon_max: [0, 6],
  range: [-3, 3],
  crit_bp: [0, 7_500],
  dodge_bp: [0, 3_000],
};
const CAP = [-10_000, 10_000] as const;

export function combatantOf(battle: BattleView, id: number): CombatantView | undefined {
  return battle.combatants.find((combatant) => combatant.id === id);
}

export function ownCombatant(battle: BattleView, character: number): CombatantView | undefined {
  return battle.combatants.find(({ character_id }) => character_id === character);
}

export function standingOn(battle: BattleView, cell: Cell): CombatantView | undefined {
  return battle.combatants.find((each) => isThere(each) && sameCell(each.cell, cell));
}

/** Who is alive and, as far as this player knows, where the board shows it. */
export function isThere(combatant: CombatantView): boolean {
  return combatant.is_alive && (!combatant.is_hidden || combatant.skills.length > 0);
}

/** Who lies fallen on a cell and may be brought back. */
export function corpseOn(battle: BattleView, cell: Cell): CombatantView | undefined {
  return battle.combatants.find(
    (each) =>
      !each.is_alive &&
      !each.has_fled &&
      (each.kind === 'character' || each.kind === 'monster') &&
      sameCell(each.cell, cell),
  );
}

/** A stat with what effects add to it. */
export function effectiveStat(combatant: CombatantView, stat: string): number {
  const added = combatant.effects
    .filter((effect) => effect.kind === 'mod' && effect.of === stat && !effect.is_waiting)
    .reduce((sum, effect) => sum + effect.value * effect.stacks, 0);
  const value = (combatant.stats[stat] ?? 0) + added;
  const [low, high] = CAPS[stat] ?? CAP;
  return Math.min(Math.max(value, low), high);
}

export function hasState(combatant: Pick<CombatantView, 'effects'>, state: string): boolean {
  return combatant.effects.some((effect) => effect.kind === 'state' && effect.of === state);
}

export function shieldOf(combatant: CombatantView): number {
  return combatant.effects
    .filter((effect) => effect.kind === 'shield' && !effect.is_waiting)
    .reduce((sum, effect) => sum + effect.value, 0);
}

export function isTurnOf(battle: BattleView, combatant: CombatantView | undefined): boolean {
  return battle.phase === 'fighting' && !!combatant && battle.turn_owner === combatant.id;
}

/** A skill with the numbers that effects on its caster have changed. */
export function asKnown(caster: CombatantView, skill: SkillInfo): SkillInfo {
  return caster.effects
    .filter((effect) => effect.kind === 'skill_mod' && !effect.is_waiting)
    .filter(({ of }) => of.startsWith(`${skill.id}.`))
    .reduce(
      (known, { of, value, stacks }) => changedSkill(known, of.split('.')[1] ?? '', value * stacks),
      skill,
    );
}

function changedSkill(skill: SkillInfo, number: string, delta: number): SkillInfo {
  const { range, limits } = skill;
  switch (number) {
    case 'range':
      return { ...skill, range: { ...range, max: Math.max(range.min, range.max + delta) } };
    case 'cooldown':
      return { ...skill, limits: { ...limits, cooldown: Math.max(0, limits.cooldown + delta) } };
    case 'per_turn':
    case 'per_target':
    case 'per_fight': {
      // 0 is no limit: it stays none, and no limit becomes it.
      const changed = limits[number] ? Math.max(1, limits[number] + delta) : 0;
      return { ...skill, limits: { ...limits, [number]: changed } };
    }
    case 'hp_pct':
      return { ...skill, hp_pct: Math.max(0, skill.hp_pct + delta) };
    case 'ap':
      return { ...skill, ap: Math.max(limits.per_turn || !skill.ap ? 0 : 1, skill.ap + delta) };
    case 'mp':
      return { ...skill, mp: Math.max(0, skill.mp + delta) };
    case 'crit_bp':
      return { ...skill, crit_bp: Math.max(0, (skill.crit_bp ?? 0) + delta) };
    default:
      return skill;
  }
}
