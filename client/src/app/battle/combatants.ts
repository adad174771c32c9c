/** Questions about a battle as this player sees it. The server decides; this only explains and previews. */
import { BattleView, CombatantView } from '../protocol/generated';
import { Cell, sameCell } from '../board/board-types';

const CAPS: Readonly<Record<string, readonly [number, number]>> = { range: [-3, 3] };

export function combatantOf(battle: BattleView, id: number): CombatantView | undefined {
  return battle.combatants.find((combatant) => combatant.id === id);
}

export function ownCombatant(battle: BattleView, character: number): CombatantView | undefined {
  return battle.combatants.find(({ character_id }) => character_id === character);
}

export function standingOn(battle: BattleView, cell: Cell): CombatantView | undefined {
  return battle.combatants.find((each) => each.is_alive && sameCell(each.cell, cell));
}

/** A stat with what effects add to it. */
export function effectiveStat(combatant: CombatantView, stat: string): number {
  const added = combatant.effects
    .filter((effect) => effect.kind === 'mod' && effect.of === stat)
    .reduce((sum, effect) => sum + effect.value * effect.stacks, 0);
  const value = (combatant.stats[stat] ?? 0) + added;
  const cap = CAPS[stat];
  return cap ? Math.min(Math.max(value, cap[0]), cap[1]) : value;
}

export function hasState(combatant: CombatantView, state: string): boolean {
  return combatant.effects.some((effect) => effect.kind === 'state' && effect.of === state);
}

export function shieldOf(combatant: CombatantView): number {
  return combatant.effects
    .filter((effect) => effect.kind === 'shield')
    .reduce((sum, effect) => sum + effect.value, 0);
}

export function isTurnOf(battle: BattleView, combatant: CombatantView | undefined): boolean {
  return battle.phase === 'fighting' && !!combatant && battle.turn_owner === combatant.id;
}
