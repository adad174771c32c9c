/** Where a skill can be aimed from where its caster stands, and what it would cover there. */
import { Cell, cellKey } from '../board/board-types';
import { SkillInfo, TargetKind } from '../catalogue/catalogue';
import { BattleView, CombatantView } from '../protocol/generated';
import { corpseOn, effectiveStat, hasState, standingOn } from './combatants';
import { Blocks, sees } from './line-of-sight';
import { coveredCells } from './shapes';
import { allCells, blocksSight, distance, isWalkable } from './terrain';

export function longestRange(caster: CombatantView, skill: SkillInfo): number {
  const bonus = skill.range.modifiable ? effectiveStat(caster, 'range') : 0;
  return Math.max(skill.range.min, skill.range.max + bonus);
}

/** Cells within range and sight, whether or not there is somebody to hit: what the board shows. */
export function cellsInRange(battle: BattleView, caster: CombatantView, skill: SkillInfo): Cell[] {
  const blocks = sightBlockers(battle);
  return allCells(battle.board).filter(
    (cell) => isInRange(caster, skill, cell) && isInSight(skill, caster.cell, cell, blocks),
  );
}

/** Whether the skill may be cast at the cell, as far as this player can know. */
export function canAimAt(
  battle: BattleView,
  caster: CombatantView,
  skill: SkillInfo,
  cell: Cell,
): boolean {
  return (
    isInRange(caster, skill, cell) &&
    skill.target.some((kind) => isTarget(battle, caster, kind, cell)) &&
    isInSight(skill, caster.cell, cell, sightBlockers(battle))
  );
}

/** The cells that a cast at `cell` would cover; walls shelter what is behind them. */
export function cellsHit(
  battle: BattleView,
  caster: CombatantView,
  skill: SkillInfo,
  cell: Cell,
): Cell[] {
  const covered = coveredCells(skill.shape, battle.board, cell, caster.cell);
  if (!skill.area_los || skill.shape.type === 'single') return covered;
  const centre = skill.shape.type === 'cone' ? caster.cell : cell;
  return covered.filter((each) => sees(centre, each, (at) => blocksSight(battle.board, at)));
}

function isInRange(caster: CombatantView, skill: SkillInfo, cell: Cell): boolean {
  const away = distance(caster.cell, cell);
  if (away < skill.range.min || away > longestRange(caster, skill)) return false;
  return !skill.range.axis || caster.cell[0] === cell[0] || caster.cell[1] === cell[1];
}

function isInSight(skill: SkillInfo, from: Cell, to: Cell, blocks: Blocks): boolean {
  return !skill.range.los || distance(from, to) <= 1 || sees(from, to, blocks);
}

function sightBlockers(battle: BattleView): Blocks {
  const bodies = new Set(
    battle.combatants.filter((c) => c.is_alive && !c.is_hidden).map((c) => cellKey(c.cell)),
  );
  return (cell) => blocksSight(battle.board, cell) || bodies.has(cellKey(cell));
}

function isTarget(
  battle: BattleView,
  caster: CombatantView,
  kind: TargetKind,
  cell: Cell,
): boolean {
  const standing = standingOn(battle, cell);
  if (kind === 'cell') return true;
  if (kind === 'free_cell') return !standing && isWalkable(battle.board, cell);
  if (kind === 'corpse') return !standing && corpseOn(battle, cell)?.team === caster.team;
  if (!standing) return false;
  if (standing.id === caster.id) return kind === 'self' || kind === 'ally' || kind === 'any';
  if (kind === 'self' || hasState(standing, 'untargetable')) return false;
  if (kind === 'ally') return standing.team === caster.team;
  if (kind === 'own_summon') return standing.owner === caster.id;
  return kind === 'any' || standing.team !== caster.team;
}
